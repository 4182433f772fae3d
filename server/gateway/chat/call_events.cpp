#include "gateway/chat/call_events.hpp"

#include <utility>

#include "gateway/chat/requests.hpp"
#include "gateway/dialects/acknowledgements.hpp"

namespace belfry::gateway::chat_clients {
namespace {

using calls::Refusal;

/// There is no such call, or it is over, or another device has taken it: what the client wanted has happened, or cannot any more.
bool fits_no_call(Refusal why) {
  switch (why) {
    case Refusal::call_not_found:
    case Refusal::not_participant:
    case Refusal::not_ringing:
    case Refusal::not_active:
    case Refusal::peer_offline:
    case Refusal::wrong_addressee:
      return true;
    case Refusal::self_call:
    case Refusal::caller_busy:
    case Refusal::recipient_busy:
    case Refusal::recipient_unknown:
    case Refusal::recipient_inactive:
    case Refusal::caller_inactive:
    case Refusal::unreachable:
    case Refusal::not_in_conversation:
    case Refusal::not_a_group:
    case Refusal::call_full:
    case Refusal::cannot_mesh:
    case Refusal::callee_cannot_mesh:
    case Refusal::not_at_provider:
    case Refusal::callee_not_at_provider:
    case Refusal::needs_no_signals:
    case Refusal::not_started:
    case Refusal::too_many_signals:
    case Refusal::rate_limited:
    case Refusal::idempotency_conflict:
    case Refusal::draining:
    case Refusal::store_unavailable:
    case Refusal::outcome_unknown:
      break;
  }
  return false;
}

}  // namespace

// --- starting ---

void CallEvents::call_user(const PendingEvent& pending, const Event& event) {
  const Session* session = sessions_.find(pending.actor.at);
  if (session == nullptr) return;
  if (ports_.timeouts != nullptr) ports_.timeouts->send(pending.actor.at);
  auto request = read_start(event, *session->context->identity);
  if (!request)
    return refuse_start(pending, addressee_of(event), "invalid",
                        {.error = ApiError::validation_failed, .details = request.error()});
  // SPEC X-30: joining a call requires a credential that is still valid; a call already joined does not.
  if (!session->context->identity->may_join(ports_.clock.wall()))
    return refuse_start(pending, request->to, "session_expired", {.error = ApiError::session_expired});
  calls::StartCall wanted{.caller = pending.actor,
                          .media = request->media,
                          .offer = std::move(request->signal),
                          .metadata = std::move(request->metadata)};
  users_.find(request->to, [this, pending, to = request->to, wanted = std::move(wanted)](const auto& user) mutable {
    if (!user) return refuse_start(pending, to, calls::Refused{.why = Refusal::store_unavailable});
    if (!*user) return refuse_start(pending, to, calls::Refused{.why = Refusal::recipient_unknown});
    wanted.callee = **user;
    start(pending, to, std::move(wanted));
  });
}

void CallEvents::start(const PendingEvent& pending, const std::string& to, calls::StartCall start) {
  ports_.calls.start(std::move(start), [this, pending, to](const calls::Result& started) {
    if (!started) return refuse_start(pending, to, started.error());
    answers_.succeed(pending, call_answer(*started));
  });
}

/// An inactive callee and a blocked one are one refusal of calls, and two words here.
void CallEvents::refuse_start(const PendingEvent& pending, std::string_view to, const calls::Refused& refused) {
  const std::string_view reason = reason_of(refused.why);
  if (refused.why != Refusal::recipient_inactive) return refuse_start(pending, to, reason, failure_of(refused));
  const auto inactive = [this, pending, to = std::string(to), failure = failure_of(refused)](std::string_view word) {
    refuse_start(pending, to, word, failure);
  };
  users_.find(std::string(to), [this, me = pending.actor.user, inactive](const auto& user) {
    if (!user || !*user) return inactive("inactive");
    ports_.blocks.blocked_among(
        me, {**user}, [inactive](const auto& blocked) { inactive(blocked && !blocked->empty() ? "blocked" : "inactive"); });
  });
}

void CallEvents::refuse_start(const PendingEvent& pending, std::string_view to, std::string_view reason, const Failure& failure) {
  if (sessions_.find(pending.actor.at) != nullptr) answers_.emit(pending.actor.at, start_refused(to, reason));
  answers_.refuse_quietly(pending, failure);
}

// --- answering and ending ---

/// The call with `to`, whom the client may name by id or by name, like the rest of us.
CallEvents::Call CallEvents::call_with(const PendingEvent& pending, const std::string& to) const {
  if (const auto id = id_in(to)) return ports_.calls.call_between(pending.actor.user, *id);
  return ports_.calls.call_between(pending.actor.user, to);
}

void CallEvents::answer_call(const PendingEvent& pending, const Event& event) {
  const Session* session = sessions_.find(pending.actor.at);
  if (session == nullptr) return;
  auto request = read_answer(event, *session->context->identity);
  if (!request) return answers_.refuse(pending, {.error = ApiError::validation_failed, .details = request.error()});
  if (!session->context->identity->may_join(ports_.clock.wall()))
    return answers_.refuse(pending, {.error = ApiError::session_expired});
  const Call call = call_with(pending, request->to);
  if (!call) return refuse_without_call(pending);
  ports_.calls.accept(pending.actor, *call, std::move(request->signal), call_reply(pending));
}

void CallEvents::call_rejected(const PendingEvent& pending, const Event& event) { leave(pending, event, &CallsPort::reject); }
void CallEvents::end_call(const PendingEvent& pending, const Event& event) {
  if (ports_.timeouts != nullptr) ports_.timeouts->drop(pending.actor.user);
  leave(pending, event, &CallsPort::cancel);
}

/// K22: the client has cleaned up already, so this session is told of no end any more; unless it is refused.
void CallEvents::leave(const PendingEvent& pending, const Event& event, Leave command) {
  Session* session = sessions_.find(pending.actor.at);
  if (session == nullptr) return;
  const auto to = read_addressee(event, *session->context->identity);
  if (!to) return answers_.refuse(pending, {.error = ApiError::validation_failed, .details = to.error()});
  const Call call = call_with(pending, *to);
  if (!call) return refuse_without_call(pending);
  KnownCall& known = session->known(*call);
  const bool was_done = std::exchange(known.done, true);
  (ports_.calls.*command)(pending.actor, *call, [this, pending, call = *call, was_done](const calls::Result& result) {
    Session* still = sessions_.find(pending.actor.at);
    if (KnownCall* left = still == nullptr || result ? nullptr : still->find_known(call)) left->done = was_done;
    call_reply(pending)(result);
  });
}

void CallEvents::ice_candidate(const PendingEvent& pending, const Event& event) {
  const Session* session = sessions_.find(pending.actor.at);
  if (session == nullptr) return;
  const auto request = read_candidate(event, *session->context->identity);
  if (!request) return answers_.refuse(pending, {.error = ApiError::validation_failed, .details = request.error()});
  const Call call = call_with(pending, request->to);
  if (!call) return refuse_without_call(pending);
  ports_.calls.signal(pending.actor, *call, {calls::SignalKind::candidate, request->candidate}, call_reply(pending));
}

// --- answers ---

calls::Reply CallEvents::call_reply(const PendingEvent& pending) {
  return [this, pending](const calls::Result& result) {
    if (result) return answers_.succeed(pending, call_answer(*result));
    if (fits_no_call(result.error().why)) return answers_.refuse_quietly(pending, failure_of(result.error()));
    answers_.refuse(pending, failure_of(result.error()));
  };
}

void CallEvents::refuse_without_call(const PendingEvent& pending) {
  answers_.refuse_quietly(pending, {.error = ApiError::call_not_found, .message = "There is no call between you two"});
}

}  // namespace belfry::gateway::chat_clients
