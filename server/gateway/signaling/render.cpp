// The server events of the signaling dialect: one `send` per notice (seed 003 "Server -> Client Events", SPEC 2.5).
#include <algorithm>
#include <utility>

#include "gateway/json/descriptions.hpp"
#include "gateway/signaling/reasons.hpp"
#include "gateway/signaling/signaling.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {
namespace {

using calls::CallView;

// SPEC 2.5: how long a session of this dialect waits for a description that a peer of another dialect sends as a signal.
constexpr Duration kDescriptionWait = std::chrono::seconds{2};

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

/// A description and the candidates beside it, as this client writes them itself (W-003-02, W-003-03).
struct Written {
  std::string_view description, key, candidates;
};

Written as_written_for(DescriptionForm form, std::string_view description, std::string_view candidates) {
  if (form == DescriptionForm::sdp_text) {
    if (const auto sdp = sdp_of(description)) description = *sdp;
    if (candidates.empty()) candidates = "[]";
  }
  return {description, candidates.empty() ? "" : R"(,"iceCandidates":)", candidates};
}

/// The callee's ring waits for the offer: if the call ends now, the page has never shown it.
bool awaits_its_ring(SignalingSession& session, const CallView& call) {
  const PeerCall* peer_call = session.peer_call_of(call->row.id);
  return peer_call != nullptr && peer_call->sent == PeerCall::Sent::nothing && call->callee().id == session.user;
}

}  // namespace

void Signaling::notify(SocketContext& context, const Notice& notice) {
  SignalingSession& session = session_of(context.at);
  std::visit([&](const auto& what) { send(context, session, what); }, notice);
}

void Signaling::pass_signal(SocketContext& context, const calls::SignalArrived& notice) {
  SignalingSession& session = session_of(context.at);
  const std::string_view from = notice.from.username;
  if (notice.kind == "candidate" || notice.kind == "candidates_end") {
    ++counts_.relayed_candidates;
    const std::string_view candidate = notice.kind == "candidate" ? notice.payload : "null";
    return emit(context.at, "ice_candidate", {R"({"from":")", from, R"(","candidate":)", candidate, "}"});
  }
  if (calls::is_peer_event(notice.kind)) return;  // this dialect has no event for it
  PeerCall& peer_call = session.begin_call(from, notice.call->row.id);
  if (notice.kind == "offer") return pass_offer(context.at, session, notice);
  if (notice.kind != "answer") return;
  // This dialect has no event for a second answer, but may have sent the event with null before (kDescriptionWait).
  if (std::exchange(peer_call.sent, PeerCall::Sent::description) == PeerCall::Sent::description) return;
  say_answered(context.at, from, notice.payload, {});
}

/// In a connected call it is a renegotiation, or the first offer to a callee who has accepted without one: incoming_call is the
/// only event that a client answers. A second offer while it rings is not sent.
void Signaling::pass_offer(SessionAddress to, SignalingSession& session, const calls::SignalArrived& notice) {
  PeerCall& peer_call = session.begin_call(notice.from.username, notice.call->row.id);
  const bool accepted = peer_call.answered != 0 || notice.call->row.status == call::Status::connected;
  if (!accepted && peer_call.sent == PeerCall::Sent::description) return;
  if (notice.call->callee().id == session.user) peer_call.sent = PeerCall::Sent::description;
  peer_call.reoffered = accepted;
  say_incoming(to, notice.from.username, notice.payload, {});
}

void Signaling::send(SocketContext& context, SignalingSession& session, const calls::IncomingCall& notice) {
  const std::string& from = notice.call->caller().username;
  PeerCall& peer_call = session.begin_call(from, notice.call->row.id);
  const call::Description& offer = notice.call->row.offer;
  peer_call.sent = offer.empty() ? PeerCall::Sent::nothing : PeerCall::Sent::description;
  if (!offer.empty()) return say_incoming(context.at, from, offer.text(), offer.candidates());
  awaited_.push_back({ports_.clock.now() + kDescriptionWait, context.at, notice.call->row.id, true});
}

void Signaling::send(SocketContext&, SignalingSession&, const calls::Progress&) {}

void Signaling::send(SocketContext& context, SignalingSession& session, const calls::CallAccepted& notice) {
  if (notice.call->callee().id == session.user) return;  // this device answered
  const std::string& from = notice.call->callee().username;
  PeerCall& peer_call = session.begin_call(from, notice.call->row.id);
  peer_call.sent = notice.answer.empty() ? PeerCall::Sent::nothing : PeerCall::Sent::description;
  if (!notice.answer.empty()) return say_answered(context.at, from, notice.answer.text(), notice.answer.candidates());
  awaited_.push_back({ports_.clock.now() + kDescriptionWait, context.at, notice.call->row.id, false});
}

void Signaling::send(SocketContext& context, SignalingSession& session, const calls::AnsweredElsewhere& notice) {
  const bool unheard_of = awaits_its_ring(session, notice.call);
  session.end_call(notice.call->row.id);
  if (!unheard_of) say_ended(context.at, notice.call->caller().username, "answered_elsewhere");
}

void Signaling::send(SocketContext& context, SignalingSession& session, const calls::DeclinedElsewhere& notice) {
  const bool unheard_of = awaits_its_ring(session, notice.call);
  session.end_call(notice.call->row.id);
  if (!unheard_of) say_ended(context.at, notice.call->caller().username, "declined_elsewhere");
}

void Signaling::send(SocketContext& context, SignalingSession& session, const calls::CallRejected& notice) {
  session.end_call(notice.call->row.id);
  if (another_is_on(session, notice.call)) return;
  emit(context.at, "call_declined", {R"({"from":")", notice.call->callee().username, R"("})"});
}

void Signaling::send(SocketContext& context, SignalingSession& session, const calls::CallCancelled& notice) {
  const bool unheard_of = awaits_its_ring(session, notice.call);
  session.end_call(notice.call->row.id);
  if (notice.acting || unheard_of || own_recall(session, notice.call) || another_is_on(session, notice.call)) return;
  say_ended(context.at, peer_of(session, notice.call).username, reason_of(notice.call, notice.by.departure));
}

void Signaling::send(SocketContext& context, SignalingSession& session, const calls::CallMissed& notice) {
  session.end_call(notice.call->row.id);
  if (another_is_on(session, notice.call)) return;
  const SessionAddress at = context.at;  // a slow reader may be closed by the first event
  const std::string& peer = peer_of(session, notice.call).username;
  const bool is_caller = notice.call->caller().id == session.user;
  const bool timed_out = notice.call->row.end_reason == call::EndReason::timeout;
  if (timed_out) emit(at, "call_timeout", {R"({"user":")", peer, R"("})"});
  if (!timed_out || !is_caller) say_ended(at, peer, reason_of(notice.call, notice.by.departure));  // W-003-05, R-003-19
}

void Signaling::send(SocketContext& context, SignalingSession& session, const calls::CallEnded& notice) {
  // Answered elsewhere: this page has already been sent the end.
  if (const PeerCall* peer_call = session.peer_call_of(notice.call->row.id); peer_call != nullptr && peer_call->is_over()) return;
  session.end_call(notice.call->row.id);
  if (notice.acting || own_recall(session, notice.call) || another_is_on(session, notice.call)) return;
  say_ended(context.at, peer_of(session, notice.call).username, reason_of(notice.call, notice.by.departure));
}

void Signaling::send(SocketContext&, SignalingSession&, const calls::PeerState&) {}
void Signaling::send(SocketContext&, SignalingSession&, const calls::Glare&) {}

void Signaling::send(SocketContext& context, SignalingSession&, const sessions::Replaced&) {
  emit(context.at, "force_disconnect", {R"({"reason":"New login detected"})"});
  ports_.out.close(context.at);
}

void Signaling::send(SocketContext& context, SignalingSession&, const sessions::LoginEnded&) {
  emit(context.at, "force_disconnect", {R"({"reason":"Login ended"})"});
  ports_.out.close(context.at);
}

// --- descriptions that come later ---

TimePoint Signaling::next_deadline() const {
  return std::min(awaited_.empty() ? protocol::kNever : awaited_.front().until, strays_.next_deadline());
}

void Signaling::on_time(TimePoint now) {
  for (; !awaited_.empty() && awaited_.front().until <= now; awaited_.pop_front()) {
    const Awaited due = awaited_.front();
    SignalingSession* session = find_session(due.at);
    PeerCall* peer_call = session == nullptr ? nullptr : session->peer_call_of(due.call);
    if (peer_call == nullptr || peer_call->is_over() || peer_call->sent != PeerCall::Sent::nothing) continue;
    peer_call->sent = PeerCall::Sent::without_description;
    const std::string peer = peer_call->peer;
    due.incoming ? say_incoming(due.at, peer, "null", {}) : say_answered(due.at, peer, "null", {});
  }
  strays_.expire(now);
}

// --- the events ---
// Names contain only [a-zA-Z0-9_-] here, so they need no escaping: an event is written in pieces straight into the output,
// without a text of its own.

void Signaling::say_incoming(SessionAddress to, std::string_view from, std::string_view offer, std::string_view candidates) {
  const Written it = as_written_for(session_of(to).form, offer, candidates);
  emit(to, "incoming_call", {R"({"from":")", from, R"(","offer":)", it.description, it.key, it.candidates, "}"});
}

/// Who calls with an object understands an object; a callee who has shown nothing gets what the caller sent.
void Signaling::say_answered(SessionAddress to, std::string_view from, std::string_view answer, std::string_view candidates) {
  const DescriptionForm form = session_of(to).form;
  const Written it = as_written_for(form, answer, candidates);
  const bool wraps = form == DescriptionForm::object && answer.starts_with('"');
  emit(to, "call_answered",
       {R"({"from":")", from, R"(","answer":)", wraps ? R"({"type":"answer","sdp":)" : "", it.description, wraps ? "}" : "",
        it.key, it.candidates, "}"});
}

void Signaling::say_ended(SessionAddress to, std::string_view from, std::string_view reason) {
  if (reason.empty()) return emit(to, "call_ended", {R"({"from":")", from, R"("})"});
  emit(to, "call_ended", {R"({"from":")", from, R"(","reason":")", reason, R"("})"});
}

void Signaling::say_logged_out(SessionAddress to, std::string_view name) {
  std::string text;
  json::Writer(text).open_object().member("userId", name).close_object();
  ports_.out.emit_unkept(to, "logout_success", text);
}

void Signaling::fail(SessionAddress to, std::string_view error, std::string_view target) {
  std::string text;
  json::Writer(text).open_object().member("error", error).member("targetUser", target).close_object();
  emit(to, "call_failed", {text});
}

/// Not kept for recovery: a client registers again on each connect, and an idle registered socket must not cost a log.
void Signaling::say_registered(SessionAddress to, std::string_view name, std::string_view error) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("success", error.empty()).member("userId", name);
  if (!error.empty()) json.member("error", error);
  json.close_object();
  ports_.out.emit_unkept(to, "user_registered", text);
}

void Signaling::emit(SessionAddress to, std::string_view event, std::initializer_list<std::string_view> pieces) {
  ports_.out.emit(to, event, std::span<const std::string_view>(pieces.begin(), pieces.size()));
}

}  // namespace belfry::gateway
