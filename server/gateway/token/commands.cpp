// The client events of the token dialect. Each is checked whole, becomes one command, and is answered once: by its
// acknowledgement, if the client asks for one, and a refusal also by `io-error`, since seed 000's app asks for none (W-000-04).
#include <algorithm>
#include <utility>

#include "base/must_have.hpp"
#include "gateway/dialects/acknowledgements.hpp"
#include "gateway/dialects/actor_of.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/token/token_dialect.hpp"

namespace belfry::gateway {
namespace {

/// J-2.13: a start is also told whether anybody can be reached.
std::string start_answer(const calls::CallResult& answer) {
  std::string call;
  json::Writer json(call);
  append_call_members(json.open_object(), *answer.call, People::named);
  json.member("reachable", answer.reachable).close_object();
  return success(call);
}

}  // namespace

/// Seed 000 names the events as in the first half; its app says `call-accepted` and `call-rejected` itself (W-000-02).
const TokenDialect::Row TokenDialect::kEvents[11] = {
    {"call-started", &TokenDialect::call_started},   {"call-accept", &TokenDialect::call_accept},
    {"call-reject", &TokenDialect::call_reject},     {"call-cancel", &TokenDialect::call_cancel},
    {"call-end", &TokenDialect::call_end},           {"call-ringing", &TokenDialect::call_ringing},
    {"call-join", &TokenDialect::call_join},         {"call-token", &TokenDialect::call_token},
    {"call-startedV2", &TokenDialect::call_started}, {"call-accepted", &TokenDialect::call_accept},
    {"call-rejected", &TokenDialect::call_reject},
};

void TokenDialect::on_event(SocketContext& context, const Event& event) {
  Session* session = find(context.at);
  if (session == nullptr) return;
  if (!session->memory.online) return say_refused(context.at, event.ack_id, {.error = ApiError::unauthenticated});
  handle(*session, event);
}

void TokenDialect::handle(Session& session, const Event& event) {
  const SocketContext& context = *session.context;
  const auto row = std::find_if(std::begin(kEvents), std::end(kEvents), [&](const Row& each) { return each.name == event.name; });
  if (row == std::end(kEvents))
    return say_refused(context.at, event.ack_id, {.error = ApiError::not_found, .message = "Unknown event"});
  if (const auto wait = session.memory.events.take(limit_, ports_.clock.now()))
    return say_refused(context.at, event.ack_id,
                       {.error = ApiError::rate_limited, .message = "Too many events", .retry_after = *wait});
  calls::Actor actor = actor_of(context, call::Dialect::token);
  ports_.in.hold(context.at);
  (this->*row->act)({row->name, std::move(actor), event.ack_id}, event);
}

void TokenDialect::on_not_queued(SocketContext& context, const Event& event, NotQueued why) {
  if (why == NotQueued::too_many) return say_refused(context.at, event.ack_id, store_unavailable());
  say_refused(context.at, event.ack_id, {.error = ApiError::validation_failed, .details = {{"body", "binary"}}});
}

void TokenDialect::on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) {
  say_refused(
      context.at, event.ack_id,
      {.error = ApiError::validation_failed, .message = "The payload cannot be read: it is too deep, too long or not Unicode"});
}

// --- starting ---

void TokenDialect::call_started(const PendingEvent& pending, const Event& event) {
  auto start = token::read_start(event);
  if (!start) return refuse(pending, {.error = ApiError::validation_failed, .details = start.error()});
  if (!may_join(pending)) return;
  const calls::ConversationId conversation = must_have(start->call.place, "this dialect starts in conversations").id;
  if (ports_.tokens != nullptr && !ports_.tokens->may_start(pending.actor.user, conversation, start->media_token))
    return refuse_without_token(pending, conversation);
  if (ports_.tokens != nullptr)
    start->call.shown_token = ports_.tokens->provider_of(start->media_token, pending.actor.user, conversation);
  start->call.caller = pending.actor;
  ports_.calls.start(std::move(start->call), [this, pending, conversation](const calls::Result& started) {
    if (started) return ring(pending, *started);
    const calls::Refused& refused = started.error();
    if (refused.why == calls::Refusal::not_in_conversation) return refuse_stranger(pending, conversation);
    refuse(pending, failure_of(refused));
  });
}

/// R-000-25: a stranger is refused as a stranger, whatever they may have fetched.
void TokenDialect::refuse_without_token(const PendingEvent& pending, const calls::ConversationId& conversation) {
  ports_.archive.call_in(conversation, pending.actor.user, [this, pending, conversation](const auto& found) {
    if (!found) return refuse(pending, store_unavailable());
    if (found->reader == store::ConversationCall::Reader::stranger) return refuse_stranger(pending, conversation);
    refuse(pending, {.error = ApiError::token_required});
  });
}

/// The start rings by itself. Only the call that the caller's native client started in this conversation may still wait for
/// `ready` (T-06).
void TokenDialect::ring(const PendingEvent& pending, const calls::CallResult& started) {
  const store::CallRow& row = started.call->row;
  if (row.announced || row.status != call::Status::calling) return succeed(pending, start_answer(started));
  ports_.calls.ready(pending.actor, row.id, [this, pending, reachable = started.reachable](const calls::Result& rung) {
    if (!rung) return refuse(pending, failure_of(rung.error()));
    calls::CallResult answer = *rung;
    answer.reachable = reachable;
    succeed(pending, start_answer(answer));
  });
}

// --- answering and ending ---

void TokenDialect::call_accept(const PendingEvent& pending, const Event& event) {
  if (!may_join(pending)) return;
  with_call(pending, event,
            [this, pending](const calls::CallId& call) { ports_.calls.accept(pending.actor, call, {}, call_reply(pending)); });
}

void TokenDialect::call_reject(const PendingEvent& pending, const Event& event) { plain(pending, event, &CallsPort::reject); }
void TokenDialect::call_cancel(const PendingEvent& pending, const Event& event) { plain(pending, event, &CallsPort::cancel); }
void TokenDialect::call_end(const PendingEvent& pending, const Event& event) { plain(pending, event, &CallsPort::end); }
void TokenDialect::call_ringing(const PendingEvent& pending, const Event& event) { plain(pending, event, &CallsPort::ringing); }

void TokenDialect::plain(const PendingEvent& pending, const Event& event, Plain command) {
  with_call(pending, event, [this, pending, command](const calls::CallId& call) {
    (ports_.calls.*command)(pending.actor, call, call_reply(pending));
  });
}

void TokenDialect::with_call(const PendingEvent& pending, const Event& event, std::function<void(const calls::CallId&)> then) {
  const auto target = token::read_target(event);
  if (!target) return refuse(pending, {.error = ApiError::validation_failed, .details = target.error()});
  if (const auto& call = target->call) return then(*call);
  const auto conversation = must_have(target->conversation, "a target is a call or a conversation");
  ports_.archive.call_in(conversation, pending.actor.user,
                         [this, pending, conversation, then = std::move(then)](const auto& found) {
                           if (!found) return refuse(pending, store_unavailable());
                           if (found->reader == store::ConversationCall::Reader::stranger)
                             return refuse_stranger(pending, conversation);
                           if (!found->call) return refuse(pending, {.error = ApiError::call_not_found});
                           then(found->call->row.id);
                         });
}

/// SPEC X-30: joining a call requires a credential that is still valid; a call already joined does not.
bool TokenDialect::may_join(const PendingEvent& pending) {
  const Session* session = find(pending.actor.at);
  if (session != nullptr && session->context->identity->may_join(ports_.clock.wall())) return true;
  refuse(pending, {.error = ApiError::session_expired});
  return false;
}

// --- media tokens ---

void TokenDialect::call_join(const PendingEvent& pending, const Event& event) {
  const auto media_token = read_join(event);
  if (!media_token) return refuse(pending, {.error = ApiError::validation_failed, .details = media_token.error()});
  if (ports_.tokens == nullptr) return refuse(pending, {.error = ApiError::not_found, .message = "not supported"});
  ports_.tokens->join(pending.actor.user, *media_token, media_answer(pending));
}

void TokenDialect::call_token(const PendingEvent& pending, const Event& event) {
  const auto call = token::read_renewal(event);
  if (!call) return refuse(pending, {.error = ApiError::validation_failed, .details = call.error()});
  if (ports_.tokens == nullptr) return refuse(pending, {.error = ApiError::not_found, .message = "not supported"});
  ports_.tokens->renew(pending.actor.user, *call, media_answer(pending));
}

MediaTokens::Answer TokenDialect::media_answer(const PendingEvent& pending) {
  return [this, pending](const Expected<std::string, Failure>& data) {
    if (!data) return refuse(pending, data.error());
    succeed(pending, success(*data));
  };
}

// --- answers ---

calls::Reply TokenDialect::call_reply(const PendingEvent& pending) {
  return [this, pending](const calls::Result& result) {
    if (!result) return refuse(pending, failure_of(result.error()));
    succeed(pending, call_answer(*result));
  };
}

void TokenDialect::succeed(const PendingEvent& pending, std::string_view acknowledgement) {
  if (pending.ack_id) ports_.out.acknowledge(pending.actor.at, *pending.ack_id, acknowledgement);
  ports_.in.release(pending.actor.at);
}

void TokenDialect::refuse(const PendingEvent& pending, const Failure& failure) {
  say_refused(pending.actor.at, pending.ack_id, failure);
  ports_.in.release(pending.actor.at);
}

void TokenDialect::refuse_stranger(const PendingEvent& pending, const calls::ConversationId& conversation) {
  if (ports_.note_stranger) ports_.note_stranger(pending.actor.user, conversation, pending.event);
  refuse(pending, {.error = ApiError::not_in_conversation});
}

/// Not kept for a suspended socket, which would otherwise need a recovery log for this alone.
void TokenDialect::say_refused(SessionAddress at, std::optional<std::uint64_t> ack_id, const Failure& failure) {
  if (ack_id) ports_.out.acknowledge(at, *ack_id, refusal(failure));
  const std::string_view own = wire_error(failure.error).message;
  std::string payload;
  json::Writer(payload)
      .open_object()
      .member("success", false)
      .member("message", failure.message.empty() ? own : std::string_view(failure.message))
      .member("timestamp", iso_text(ports_.clock.wall()))
      .close_object();
  ports_.out.emit_unkept(at, "io-error", payload);
}

}  // namespace belfry::gateway
