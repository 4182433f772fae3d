// The client events of the chat dialect. Each is checked whole, becomes one command, and is answered once: by its
// acknowledgement, if the client asks for one. Clients of seed 004 ask for none: a refused `call-user` is also told by
// `call-rejected`, which is all that brings them back (K25), what fits no call by nothing (K23), and any other refusal by
// `chat-error` (K26).
#include <algorithm>
#include <utility>

#include "gateway/chat/chat_dialect.hpp"
#include "gateway/chat/requests.hpp"
#include "gateway/dialects/acknowledgements.hpp"
#include "gateway/dialects/actor_of.hpp"

namespace belfry::gateway {
namespace {

using calls::Refusal;

constexpr std::string_view kCallUser = "call-user";

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

const ChatDialect::Row ChatDialect::kEvents[7] = {
    {"ice-candidate", &ChatDialect::ice_candidate, false},  // by far the most frequent
    {kCallUser, &ChatDialect::call_user},
    {"answer-call", &ChatDialect::answer_call},
    {"call-rejected", &ChatDialect::call_rejected},
    {"end-call", &ChatDialect::end_call},
    {"newMessage", &ChatDialect::new_message},
    {"typing", &ChatDialect::typing},
};

void ChatDialect::on_event(SocketContext& context, const Event& event) {
  Session* session = sessions_.find(context.at);
  if (session == nullptr) return;
  if (!session->memory.online) return say_refused(context.at, event.name, event.ack_id, {.error = ApiError::unauthenticated});
  const auto row = std::find_if(std::begin(kEvents), std::end(kEvents), [&](const Row& each) { return each.name == event.name; });
  if (row == std::end(kEvents))
    return say_refused(context.at, event.name, event.ack_id, {.error = ApiError::not_found, .message = "Unknown event"});
  if (const auto wait = session->memory.events.take(settings_.events, ports_.clock.now()))
    return refuse_unhandled(context.at, unhandled(event), "rate_limited",
                            {.error = ApiError::rate_limited, .message = "Too many events", .retry_after = *wait});
  calls::Actor actor = actor_of(context, call::Dialect::chat);
  if (row->holds) ports_.in.hold(context.at);
  (this->*row->act)({row->name, std::move(actor), event.ack_id, row->holds}, event);
}

void ChatDialect::on_not_queued(SocketContext& context, const Event& event, NotQueued why) {
  if (why == NotQueued::too_many) return refuse_unhandled(context.at, unhandled(event), "unavailable", store_unavailable());
  refuse_unhandled(context.at, unhandled(event), "invalid",
                   {.error = ApiError::validation_failed, .details = {{"body", "binary"}}});
}

void ChatDialect::on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) {
  refuse_unhandled(
      context.at, {.name = event.name, .ack_id = event.ack_id}, "invalid",
      {.error = ApiError::validation_failed, .message = "The payload cannot be read: it is too deep, too long or not Unicode"});
}

// --- starting ---

void ChatDialect::call_user(const PendingEvent& pending, const Event& event) {
  const Session* session = sessions_.find(pending.actor.at);
  if (session == nullptr) return;
  send_held_timeout(pending.actor.at);
  auto request = chat_clients::read_start(event, *session->context->identity);
  if (!request)
    return refuse_start(pending, chat_clients::addressee_of(event), "invalid",
                        {.error = ApiError::validation_failed, .details = request.error()});
  // SPEC X-30: joining a call requires a credential that is still valid; a call already joined does not.
  if (!session->context->identity->may_join(ports_.clock.wall()))
    return refuse_start(pending, request->to, "session_expired", {.error = ApiError::session_expired});
  calls::StartCall wanted{.caller = pending.actor,
                          .media = request->media,
                          .offer = std::move(request->signal),
                          .metadata = std::move(request->metadata)};
  find_user(request->to, [this, pending, to = request->to, wanted = std::move(wanted)](const auto& user) mutable {
    if (!user) return refuse_start(pending, to, calls::Refused{.why = Refusal::store_unavailable});
    if (!*user) return refuse_start(pending, to, calls::Refused{.why = Refusal::recipient_unknown});
    wanted.callee = **user;
    start(pending, to, std::move(wanted));
  });
}

/// C-12: an id or a username. Somebody who is not here can be called (C-10), so the store knows, not the sessions.
void ChatDialect::find_user(const std::string& to, FoundUser found) {
  if (const auto id = chat_clients::id_in(to)) return found(id);
  if (!account::is_username(to)) return found(std::optional<account::UserId>{});
  if (const auto here = ports_.calls.user_named(to)) return found(here);
  ports_.accounts.find_account(to, [found = std::move(found)](const auto& account) {
    if (!account) return found(unexpected(account.error()));
    found(*account ? std::optional((*account)->user.id) : std::nullopt);
  });
}

void ChatDialect::start(const PendingEvent& pending, const std::string& to, calls::StartCall start) {
  ports_.calls.start(std::move(start), [this, pending, to](const calls::Result& started) {
    if (!started) return refuse_start(pending, to, started.error());
    succeed(pending, call_answer(*started));
  });
}

/// An inactive callee and a blocked one are one refusal of calls, and two words here.
void ChatDialect::refuse_start(const PendingEvent& pending, std::string_view to, const calls::Refused& refused) {
  const std::string_view reason = chat_clients::reason_of(refused.why);
  if (refused.why != Refusal::recipient_inactive) return refuse_start(pending, to, reason, failure_of(refused));
  const auto inactive = [this, pending, to = std::string(to), failure = failure_of(refused)](std::string_view word) {
    refuse_start(pending, to, word, failure);
  };
  find_user(std::string(to), [this, me = pending.actor.user, inactive](const auto& user) {
    if (!user || !*user) return inactive("inactive");
    ports_.blocks.blocked_among(
        me, {**user}, [inactive](const auto& blocked) { inactive(blocked && !blocked->empty() ? "blocked" : "inactive"); });
  });
}

void ChatDialect::refuse_start(const PendingEvent& pending, std::string_view to, std::string_view reason,
                               const Failure& failure) {
  if (sessions_.find(pending.actor.at) != nullptr) emit(pending.actor.at, chat_clients::start_refused(to, reason));
  refuse_quietly(pending, failure);
}

// --- answering and ending ---

/// The call with `to`, whom the client may name by id or by name, like the rest of us.
ChatDialect::Call ChatDialect::call_with(const PendingEvent& pending, const std::string& to) const {
  if (const auto id = chat_clients::id_in(to)) return ports_.calls.call_between(pending.actor.user, *id);
  return ports_.calls.call_between(pending.actor.user, to);
}

void ChatDialect::answer_call(const PendingEvent& pending, const Event& event) {
  const Session* session = sessions_.find(pending.actor.at);
  if (session == nullptr) return;
  auto request = chat_clients::read_answer(event, *session->context->identity);
  if (!request) return refuse(pending, {.error = ApiError::validation_failed, .details = request.error()});
  if (!session->context->identity->may_join(ports_.clock.wall())) return refuse(pending, {.error = ApiError::session_expired});
  const Call call = call_with(pending, request->to);
  if (!call) return refuse_without_call(pending);
  ports_.calls.accept(pending.actor, *call, std::move(request->signal), call_reply(pending));
}

void ChatDialect::call_rejected(const PendingEvent& pending, const Event& event) { leave(pending, event, &CallsPort::reject); }
void ChatDialect::end_call(const PendingEvent& pending, const Event& event) {
  if (ports_.timeouts != nullptr) ports_.timeouts->drop(pending.actor.user);
  leave(pending, event, &CallsPort::cancel);
}

/// K22: the client has cleaned up already, so this session is told of no end any more; unless it is refused.
void ChatDialect::leave(const PendingEvent& pending, const Event& event, Leave command) {
  Session* session = sessions_.find(pending.actor.at);
  if (session == nullptr) return;
  const auto to = chat_clients::read_addressee(event, *session->context->identity);
  if (!to) return refuse(pending, {.error = ApiError::validation_failed, .details = to.error()});
  const Call call = call_with(pending, *to);
  if (!call) return refuse_without_call(pending);
  chat_clients::KnownCall& known = session->known(*call);
  const bool was_done = std::exchange(known.done, true);
  (ports_.calls.*command)(pending.actor, *call, [this, pending, call = *call, was_done](const calls::Result& result) {
    Session* still = sessions_.find(pending.actor.at);
    if (chat_clients::KnownCall* left = still == nullptr || result ? nullptr : still->find_known(call)) left->done = was_done;
    call_reply(pending)(result);
  });
}

void ChatDialect::ice_candidate(const PendingEvent& pending, const Event& event) {
  const Session* session = sessions_.find(pending.actor.at);
  if (session == nullptr) return;
  const auto request = chat_clients::read_candidate(event, *session->context->identity);
  if (!request) return refuse(pending, {.error = ApiError::validation_failed, .details = request.error()});
  const Call call = call_with(pending, request->to);
  if (!call) return refuse_without_call(pending);
  ports_.calls.signal(pending.actor, *call, {calls::SignalKind::candidate, request->candidate}, call_reply(pending));
}

// --- answers ---

calls::Reply ChatDialect::call_reply(const PendingEvent& pending) {
  return [this, pending](const calls::Result& result) {
    if (result) return succeed(pending, call_answer(*result));
    if (fits_no_call(result.error().why)) return refuse_quietly(pending, failure_of(result.error()));
    refuse(pending, failure_of(result.error()));
  };
}

void ChatDialect::refuse_without_call(const PendingEvent& pending) {
  refuse_quietly(pending, {.error = ApiError::call_not_found, .message = "There is no call between you two"});
}

ChatDialect::Unhandled ChatDialect::unhandled(const Event& event) {
  std::string to = event.name == kCallUser ? chat_clients::addressee_of(event) : std::string{};
  return {.name = event.name, .ack_id = event.ack_id, .to = std::move(to)};
}

void ChatDialect::refuse_unhandled(SessionAddress at, const Unhandled& event, std::string_view reason, const Failure& failure) {
  if (event.name != kCallUser) return say_refused(at, event.name, event.ack_id, failure);
  emit(at, chat_clients::start_refused(event.to, reason));
  if (event.ack_id) ports_.out.acknowledge(at, *event.ack_id, refusal(failure));
}

void ChatDialect::succeed(const PendingEvent& pending, std::string_view acknowledgement) {
  if (pending.ack_id) ports_.out.acknowledge(pending.actor.at, *pending.ack_id, acknowledgement);
  finish(pending);
}

void ChatDialect::refuse(const PendingEvent& pending, const Failure& failure) {
  say_refused(pending.actor.at, pending.event, pending.ack_id, failure);
  finish(pending);
}

void ChatDialect::refuse_quietly(const PendingEvent& pending, const Failure& failure) {
  if (pending.ack_id) ports_.out.acknowledge(pending.actor.at, *pending.ack_id, refusal(failure));
  finish(pending);
}

void ChatDialect::finish(const PendingEvent& pending) {
  if (pending.held) ports_.in.release(pending.actor.at);
}

/// K26: by the acknowledgement, or else by an event. Not kept for a suspended socket, which would otherwise need a recovery log
/// for this alone.
void ChatDialect::say_refused(SessionAddress at, std::string_view event, std::optional<std::uint64_t> ack_id,
                              const Failure& failure) {
  if (ack_id) return ports_.out.acknowledge(at, *ack_id, refusal(failure));
  ports_.out.emit_unkept(at, "chat-error", chat_clients::error_json(event, failure));
}

}  // namespace belfry::gateway
