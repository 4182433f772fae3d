#include "gateway/signaling/notices.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "gateway/signaling/reasons.hpp"

namespace belfry::gateway::signaling {
namespace {

using calls::CallView;
using calls::SignalKind;

// SPEC 2.5: how long a session of this dialect waits for a description that a peer of another dialect sends as a signal.
constexpr Duration kDescriptionWait = std::chrono::seconds{2};
// SPEC K58: how long for the answer of a callee whose page has a PeerJS connection: that page asks for its camera first.
constexpr Duration kPeerAnswerWait = std::chrono::seconds{5};

const account::Person& peer_of(const SignalingSession& session, const CallView& call) {
  return call->caller().id == session.user ? call->callee() : call->caller();
}

/// The user replaced the old call by dialling again from a new session: do not report its end.
bool own_recall(const SignalingSession& session, const CallView& call) {
  return call->row.end_reason == call::EndReason::superseded && call->row.ended_by == session.user;
}

/// This dialect names a call only by its peer, so the end of an older call with that peer would end the newer call on the page.
bool another_is_on(const SignalingSession& session, const CallView& call) {
  if (!session.pending) return false;
  const std::string& peer = peer_of(session, call).username;
  const auto& peer_calls = session.pending->peer_calls;
  return std::any_of(peer_calls.begin(), peer_calls.end(), [&](const PeerCall& peer_call) {
    return peer_call.peer == peer && !peer_call.is_over() && peer_call.call != call->row.id;
  });
}

/// Of a ring or an answer with this description.
ShownStep step_of(const call::Description& description) {
  return description.empty() ? ShownStep::notified_without : ShownStep::notified_with_description;
}

/// The callee's ring waits for the offer: if the call ends now, the page has never shown it.
bool awaits_its_ring(SignalingSession& session, const CallView& call) {
  const PeerCall* peer_call = session.peer_call_of(call->row.id);
  return peer_call != nullptr && peer_call->shown() == Shown::nothing && call->callee().id == session.user;
}

}  // namespace

void Notices::notify(SocketContext& context, const Notice& notice) {
  SignalingSession& session = sessions_.of(context.at);
  std::visit([&](const auto& what) { send(context, session, what); }, notice);
}

void Notices::pass_signal(SocketContext& context, const calls::SignalArrived& notice) {
  SignalingSession& session = sessions_.of(context.at);
  const std::string_view from = notice.from.username;
  if (notice.kind == SignalKind::candidate || notice.kind == SignalKind::candidates_end) {
    ++counts_.relayed_candidates;
    const std::string_view candidate = notice.kind == SignalKind::candidate ? notice.payload : "null";
    return events_.ice_candidate(context.at, from, candidate);
  }
  if (is_peer_event(notice.kind)) return;  // this dialect has no event for it
  PeerCall& peer_call = session.begin_call(from, notice.call->row.id);
  if (notice.kind == SignalKind::offer) return pass_offer(context.at, session, notice);
  if (notice.kind != SignalKind::answer) return;
  // This dialect has no event for a second answer, but may have sent the event with null before (kDescriptionWait).
  if (peer_call.show(ShownStep::description_came) == Show::nothing) return;
  events_.call_answered(context.at, from, notice.payload, {});
}

/// In a connected call it is a renegotiation, or the first offer to a callee who has accepted without one: incoming_call is the
/// only event that a client answers. A second offer while it rings is not sent.
void Notices::pass_offer(SessionAddress to, SignalingSession& session, const calls::SignalArrived& notice) {
  PeerCall& peer_call = session.begin_call(notice.from.username, notice.call->row.id);
  const bool accepted = peer_call.answered != 0 || notice.call->row.status == call::Status::connected;
  if (!accepted && peer_call.shown() == Shown::description) return;
  if (notice.call->callee().id == session.user) peer_call.show(ShownStep::description_came);
  peer_call.reoffered = accepted;
  events_.incoming_call(to, notice.from.username, notice.payload, {});
}

void Notices::send(SocketContext& context, SignalingSession& session, const calls::IncomingCall& notice) {
  const std::string& from = notice.call->caller().username;
  PeerCall& peer_call = session.begin_call(from, notice.call->row.id);
  const call::Description& offer = notice.call->row.offer;
  if (peer_call.show(step_of(offer)) == Show::event)
    return events_.incoming_call(context.at, from, offer.text(), offer.candidates());
  awaited_.emplace(ports_.clock.now() + kDescriptionWait, Awaited{context.at, notice.call->row.id, true});
}

void Notices::send(SocketContext&, SignalingSession&, const calls::Progress&) {}

void Notices::send(SocketContext& context, SignalingSession& session, const calls::CallAccepted& notice) {
  if (notice.call->callee().id == session.user) return;  // this device answered
  const std::string& from = notice.call->callee().username;
  PeerCall& peer_call = session.begin_call(from, notice.call->row.id);
  if (peer_call.show(step_of(notice.answer)) == Show::event)
    return events_.call_answered(context.at, from, notice.answer.text(), notice.answer.candidates());
  const bool by_peer = ports_.has_peer && ports_.has_peer(notice.call->callee().id);
  awaited_.emplace(ports_.clock.now() + (by_peer ? kPeerAnswerWait : kDescriptionWait),
                   Awaited{context.at, notice.call->row.id, false});
}

void Notices::send(SocketContext& context, SignalingSession& session, const calls::AnsweredElsewhere& notice) {
  const bool unheard_of = awaits_its_ring(session, notice.call);
  session.end_call(notice.call->row.id);
  if (!unheard_of) events_.call_ended(context.at, notice.call->caller().username, "answered_elsewhere");
}

void Notices::send(SocketContext& context, SignalingSession& session, const calls::DeclinedElsewhere& notice) {
  const bool unheard_of = awaits_its_ring(session, notice.call);
  session.end_call(notice.call->row.id);
  if (!unheard_of) events_.call_ended(context.at, notice.call->caller().username, "declined_elsewhere");
}

void Notices::send(SocketContext& context, SignalingSession& session, const calls::CallRejected& notice) {
  session.end_call(notice.call->row.id);
  if (another_is_on(session, notice.call)) return;
  events_.call_declined(context.at, notice.call->callee().username);
}

void Notices::send(SocketContext& context, SignalingSession& session, const calls::CallCancelled& notice) {
  const bool unheard_of = awaits_its_ring(session, notice.call);
  session.end_call(notice.call->row.id);
  if (notice.acting || unheard_of || own_recall(session, notice.call) || another_is_on(session, notice.call)) return;
  events_.call_ended(context.at, peer_of(session, notice.call).username, reason_of(notice.call, notice.by.departure));
}

void Notices::send(SocketContext& context, SignalingSession& session, const calls::CallMissed& notice) {
  session.end_call(notice.call->row.id);
  if (another_is_on(session, notice.call)) return;
  const std::string& peer = peer_of(session, notice.call).username;
  const bool is_caller = notice.call->caller().id == session.user;
  const bool timed_out = notice.call->row.end_reason == call::EndReason::timeout;
  if (timed_out) events_.call_timeout(context.at, peer);
  if (!timed_out || !is_caller)  // W-003-05, R-003-19
    events_.call_ended(context.at, peer, reason_of(notice.call, notice.by.departure));
}

void Notices::send(SocketContext& context, SignalingSession& session, const calls::CallEnded& notice) {
  // Answered elsewhere: this page has already been sent the end.
  if (const PeerCall* peer_call = session.peer_call_of(notice.call->row.id); peer_call != nullptr && peer_call->is_over()) return;
  session.end_call(notice.call->row.id);
  if (notice.acting || own_recall(session, notice.call) || another_is_on(session, notice.call)) return;
  events_.call_ended(context.at, peer_of(session, notice.call).username, reason_of(notice.call, notice.by.departure));
}

void Notices::send(SocketContext&, SignalingSession&, const calls::PeerState&) {}
void Notices::send(SocketContext&, SignalingSession&, const calls::Glare&) {}
void Notices::send(SocketContext&, SignalingSession&, const calls::TokenExpiring&) {}

void Notices::send(SocketContext& context, SignalingSession&, const sessions::Replaced&) {
  events_.force_disconnect(context.at, "New login detected");
}

void Notices::send(SocketContext& context, SignalingSession&, const sessions::LoginEnded&) {
  events_.force_disconnect(context.at, "Login ended");
}

// --- descriptions that come later ---

TimePoint Notices::next_deadline() const { return awaited_.empty() ? protocol::kNever : awaited_.begin()->first; }

void Notices::on_time(TimePoint now) {
  for (; !awaited_.empty() && awaited_.begin()->first <= now; awaited_.erase(awaited_.begin())) {
    const Awaited due = awaited_.begin()->second;
    SignalingSession* session = sessions_.find(due.at);
    PeerCall* peer_call = session == nullptr ? nullptr : session->peer_call_of(due.call);
    if (peer_call == nullptr || peer_call->is_over() || peer_call->show(ShownStep::wait_over) == Show::nothing) continue;
    const std::string peer = peer_call->peer;
    due.incoming ? events_.incoming_call(due.at, peer, "null", {}) : events_.call_answered(due.at, peer, "null", {});
  }
}

}  // namespace belfry::gateway::signaling
