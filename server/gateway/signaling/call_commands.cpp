#include "gateway/signaling/call_commands.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "gateway/json/descriptions.hpp"
#include "gateway/signaling/reasons.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway::signaling {
namespace {

DescriptionForm form_of(std::string_view raw) { return raw.front() == '"' ? DescriptionForm::sdp_text : DescriptionForm::object; }

call::Description description_of(const CallPayload& payload) {
  const bool plain = payload.candidates.empty() && form_of(payload.body) == DescriptionForm::object;
  return plain ? call::Description(payload.body) : call::Description::with_candidates(payload.body, payload.candidates);
}

}  // namespace

Handled CallCommands::make_call(SocketContext& context, const Event& event) {
  SignalingSession& session = sessions_.of(context.at);
  const auto payload = reader_.read_join(context, session, event, "offer");
  if (!payload) return unexpected(payload.error());
  session.form = form_of(payload->body);
  calls::StartCall call{
      .caller = CallEventReader::actor_of(context, session), .media = media_of(payload->body), .offer = description_of(*payload)};
  call.callee = payload->to == session.name ? std::optional(session.user) : ports_.calls.user_named(payload->to);
  call.id = ports_.calls.new_call_id();
  if (!session.speaks_of_a_call()) call.taken_over = calls::OnTakenOver::hang_up;
  session.begin_call(payload->to, *call.id).spoken_of = true;
  const Dialled dialled{context.at, *call.id, session.user, payload->to};
  if (call.callee)
    dial(std::move(call), dialled, event.ack_id);
  else
    find_absent(std::move(call), dialled, event.ack_id);
  return Acked::later;
}

/// C-10: the peer has no session here, but may have a device that a push wakes. Holds all events until the store has answered, so
/// that a hang-up does not overtake the start.
void CallCommands::find_absent(calls::StartCall call, const Dialled& dialled, Ack ack) {
  ports_.in.hold(dialled.at);
  auto start = std::make_shared<calls::StartCall>(std::move(call));
  ports_.names.find(dialled.peer, [this, start, dialled, ack](std::optional<calls::UserId> callee) {
    SignalingSession* session = sessions_.find(dialled.at);
    if (session == nullptr) return;  // the page is gone
    const PeerCall* const wanted = session->call_with(dialled.peer);
    start->callee = callee;
    if (wanted != nullptr && wanted->call == dialled.call) dial(std::move(*start), dialled, ack);
    ports_.in.release(dialled.at);
  });
}

void CallCommands::dial(calls::StartCall call, const Dialled& dialled, Ack ack) {
  const calls::Actor caller = call.caller;
  ports_.calls.start(std::move(call), [this, dialled, ack](const calls::Result& result) {
    if (!result) return start_refused(dialled, ack, result.error());
    events_.acknowledge(dialled.at, ack, result);
    started(dialled, result->call->row.id);
  });
  candidates_.pass_strays(caller, dialled.peer);
}

/// If the start was a repeat, the answer names the existing call: use that one.
void CallCommands::started(const Dialled& dialled, const calls::CallId& call) {
  SignalingSession* session = sessions_.find(dialled.at);
  if (session == nullptr || call == dialled.call) return;
  session->forget_call(dialled.call);
  session->begin_call(dialled.peer, call).spoken_of = true;
}

void CallCommands::start_refused(const Dialled& dialled, Ack ack, calls::Refused refused) {
  using calls::Refusal;
  const bool nobody_there = refused.why == Refusal::unreachable || refused.why == Refusal::recipient_unknown;
  // W-003-10: a caller who is in a call gets CALLER_BUSY, also when the user they dial is offline.
  if (nobody_there && ports_.calls.is_in_a_call(dialled.caller)) refused.why = Refusal::caller_busy;
  events_.acknowledge(dialled.at, ack, calls::Result(unexpected(refused)));
  SignalingSession* session = sessions_.find(dialled.at);
  if (session == nullptr) return;
  session->forget_call(dialled.call);
  if (refused.why == Refusal::recipient_busy || meets_own_ring(dialled, refused))
    return events_.call_busy(dialled.at, dialled.peer);
  ++counts_.refused;
  events_.call_failed(dialled.at, explain(refused.why), dialled.peer);
}

/// the peer is calling this page, which is rung once more.
bool CallCommands::meets_own_ring(const Dialled& dialled, const calls::Refused& refused) {
  return refused.why == calls::Refusal::caller_busy && refused.call && refused.call->row.status == call::Status::calling &&
         refused.call->callee().id == dialled.caller && refused.call->caller().username == dialled.peer;
}

Handled CallCommands::answer_call(SocketContext& context, const Event& event) {
  SignalingSession& session = sessions_.of(context.at);
  const auto payload = reader_.read_join(context, session, event, "answer");
  if (!payload) return unexpected(payload.error());
  session.form = form_of(payload->body);
  const auto call = reader_.call_of(session, payload->to);
  if (!call) return unexpected(EventRefusal{"There is no call between you two", payload->to});
  PeerCall& peer_call = *session.peer_call_of(*call);
  const std::size_t before = std::exchange(peer_call.answered, std::hash<std::string_view>{}(payload->body) | 1U);
  if (peer_call.reoffered && peer_call.answered != before) return answer_reoffer(context, *call, *payload, event.ack_id);
  ports_.calls.accept(CallEventReader::actor_of(context, session), *call, description_of(*payload),
                      [this, at = context.at, peer = payload->to, id = *call, ack = event.ack_id](const calls::Result& result) {
                        events_.acknowledge(at, ack, result);
                        if (result) return;
                        SignalingSession* const still = sessions_.find(at);
                        if (PeerCall* const known = still == nullptr ? nullptr : still->peer_call_of(id)) known->answered = 0;
                        events_.call_failed(at, explain(result.error().why), peer);
                      });
  return Acked::later;
}

/// The call is accepted already: this answer is a signal to the peer, in the form that the other dialects take.
Handled CallCommands::answer_reoffer(const SocketContext& context, const calls::CallId& call, const CallPayload& payload,
                                     Ack ack) {
  SignalingSession& session = sessions_.of(context.at);
  session.peer_call_of(call)->reoffered = false;
  const calls::Actor actor = CallEventReader::actor_of(context, session);
  const call::Description description = description_of(payload);
  std::string answer;
  json::Writer json(answer);
  append_description_value(json, "answer", description);
  ports_.calls.signal(actor, call, {calls::SignalKind::answer, answer},
                      [this, at = context.at, peer = payload.to, ack](const calls::Result& result) {
                        events_.acknowledge(at, ack, result);
                        if (!result) events_.call_failed(at, explain(result.error().why), peer);
                      });
  for (const std::string_view candidate : candidates_of(description))
    ports_.calls.signal(actor, call, {calls::SignalKind::candidate, candidate}, {});
  return Acked::later;
}

}  // namespace belfry::gateway::signaling
