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
std::string start_answer(const calls::CallAnswer& answer) {
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

void TokenDialect::on_not_kept(SocketContext& context, const Event& event, NotKept why) {
  if (why == NotKept::too_many) return say_refused(context.at, event.ack_id, store_unavailable());
  say_refused(context.at, event.ack_id, {.error = ApiError::validation_failed, .details = {{"body", "binary"}}});
}

void TokenDialect::on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) {
  say_refused(
      context.at, event.ack_id,
      {.error = ApiError::validation_failed, .message = "The payload cannot be read: it is too deep, too long or not Unicode"});
}

// --- starting ---

void TokenDialect::call_started(const Asked& asked, const Event& event) {
  auto start = token::read_start(event);
  if (!start) return refuse(asked, {.error = ApiError::validation_failed, .details = start.error()});
  if (!may_join(asked)) return;
  const calls::ConversationId conversation = must_have(start->call.place, "this dialect starts in conversations").id;
  if (ports_.tokens != nullptr && !ports_.tokens->may_start(asked.actor.user, conversation, start->media_token))
    return refuse_without_token(asked, conversation);
  if (ports_.tokens != nullptr)
    start->call.shown_token = ports_.tokens->provider_of(start->media_token, asked.actor.user, conversation);
  start->call.caller = asked.actor;
  ports_.calls.start(std::move(start->call), [this, asked, conversation](const calls::Result& started) {
    if (started) return ring(asked, *started);
    const calls::Refused& refused = started.error();
    if (refused.why == calls::Refusal::not_in_conversation) return refuse_stranger(asked, conversation);
    refuse(asked, failure_of(refused));
  });
}

/// R-000-25: a stranger is refused as a stranger, whatever they may have fetched.
void TokenDialect::refuse_without_token(const Asked& asked, const calls::ConversationId& conversation) {
  ports_.archive.call_in(conversation, asked.actor.user, [this, asked, conversation](const auto& found) {
    if (!found) return refuse(asked, store_unavailable());
    if (found->reader == store::ConversationCall::Reader::stranger) return refuse_stranger(asked, conversation);
    refuse(asked, {.error = ApiError::token_required});
  });
}

/// The start rings by itself. Only the call that the caller's native client started in this conversation may still wait for
/// `ready` (T-06).
void TokenDialect::ring(const Asked& asked, const calls::CallAnswer& started) {
  const store::CallRow& row = started.call->row;
  if (row.announced || row.status != call::Status::calling) return succeed(asked, start_answer(started));
  ports_.calls.ready(asked.actor, row.id, [this, asked, reachable = started.reachable](const calls::Result& rung) {
    if (!rung) return refuse(asked, failure_of(rung.error()));
    calls::CallAnswer answer = *rung;
    answer.reachable = reachable;
    succeed(asked, start_answer(answer));
  });
}

// --- answering and ending ---

void TokenDialect::call_accept(const Asked& asked, const Event& event) {
  if (!may_join(asked)) return;
  with_call(asked, event,
            [this, asked](const calls::CallId& call) { ports_.calls.accept(asked.actor, call, {}, call_reply(asked)); });
}

void TokenDialect::call_reject(const Asked& asked, const Event& event) { plain(asked, event, &CallsPort::reject); }
void TokenDialect::call_cancel(const Asked& asked, const Event& event) { plain(asked, event, &CallsPort::cancel); }
void TokenDialect::call_end(const Asked& asked, const Event& event) { plain(asked, event, &CallsPort::end); }
void TokenDialect::call_ringing(const Asked& asked, const Event& event) { plain(asked, event, &CallsPort::ringing); }

void TokenDialect::plain(const Asked& asked, const Event& event, Plain command) {
  with_call(asked, event,
            [this, asked, command](const calls::CallId& call) { (ports_.calls.*command)(asked.actor, call, call_reply(asked)); });
}

void TokenDialect::with_call(const Asked& asked, const Event& event, std::function<void(const calls::CallId&)> then) {
  const auto target = token::read_target(event);
  if (!target) return refuse(asked, {.error = ApiError::validation_failed, .details = target.error()});
  if (const auto& call = target->call) return then(*call);
  const auto conversation = must_have(target->conversation, "a target is a call or a conversation");
  ports_.archive.call_in(conversation, asked.actor.user, [this, asked, conversation, then = std::move(then)](const auto& found) {
    if (!found) return refuse(asked, store_unavailable());
    if (found->reader == store::ConversationCall::Reader::stranger) return refuse_stranger(asked, conversation);
    if (!found->call) return refuse(asked, {.error = ApiError::call_not_found});
    then(found->call->row.id);
  });
}

/// SPEC X-30: joining a call requires a credential that is still valid; a call already joined does not.
bool TokenDialect::may_join(const Asked& asked) {
  const Session* session = find(asked.actor.at);
  if (session != nullptr && session->context->identity->may_join(ports_.clock.wall())) return true;
  return refuse(asked, {.error = ApiError::session_expired}), false;
}

// --- media tokens ---

void TokenDialect::call_join(const Asked& asked, const Event& event) {
  const auto media_token = read_join(event);
  if (!media_token) return refuse(asked, {.error = ApiError::validation_failed, .details = media_token.error()});
  if (ports_.tokens == nullptr) return refuse(asked, {.error = ApiError::not_found, .message = "not supported"});
  ports_.tokens->join(asked.actor.user, *media_token, media_answer(asked));
}

void TokenDialect::call_token(const Asked& asked, const Event& event) {
  const auto call = token::read_renewal(event);
  if (!call) return refuse(asked, {.error = ApiError::validation_failed, .details = call.error()});
  if (ports_.tokens == nullptr) return refuse(asked, {.error = ApiError::not_found, .message = "not supported"});
  ports_.tokens->renew(asked.actor.user, *call, media_answer(asked));
}

MediaTokens::Answer TokenDialect::media_answer(const Asked& asked) {
  return [this, asked](const Expected<std::string, Failure>& data) {
    data ? succeed(asked, success(*data)) : refuse(asked, data.error());
  };
}

// --- answers ---

calls::Reply TokenDialect::call_reply(const Asked& asked) {
  return [this, asked](const calls::Result& result) {
    result ? succeed(asked, call_answer(*result)) : refuse(asked, failure_of(result.error()));
  };
}

void TokenDialect::succeed(const Asked& asked, std::string_view acknowledgement) {
  if (asked.ack_id) ports_.out.acknowledge(asked.actor.at, *asked.ack_id, acknowledgement);
  ports_.in.release(asked.actor.at);
}

void TokenDialect::refuse(const Asked& asked, const Failure& failure) {
  say_refused(asked.actor.at, asked.ack_id, failure);
  ports_.in.release(asked.actor.at);
}

void TokenDialect::refuse_stranger(const Asked& asked, const calls::ConversationId& conversation) {
  if (ports_.note_stranger) ports_.note_stranger(asked.actor.user, conversation, asked.event);
  refuse(asked, {.error = ApiError::not_in_conversation});
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
