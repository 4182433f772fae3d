#include "gateway/native/native.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/uuid.hpp"
#include "gateway/dialects/acknowledgements.hpp"
#include "gateway/dialects/actor_of.hpp"

namespace belfry::gateway {
namespace {

sessions::LiveSession live_session(const SocketContext& context) {
  return {.id = context.session,
          .at = context.at,
          .dialect = call::Dialect::native,
          .login = context.identity->login,
          .device = device_of(context)};
}

/// Events of SPEC 2.4 that this server does not support yet. Their error message differs from that of a misspelt event.
bool is_for_later(std::string_view event) {
  constexpr std::array<std::string_view, 17> kLater = {
      "call.invite",       "call.kick",    "call.mute",          "call.handoff", "call.transfer",  "call.hold",
      "call.resume",       "call.upgrade", "message.send",       "message.edit", "message.delete", "message.read",
      "message.delivered", "typing",       "presence.subscribe", "presence.set", "call.recording"};
  return std::find(kLater.begin(), kLater.end(), event) != kLater.end();
}

}  // namespace

// --- connecting ---

/// An event of the client has chosen this dialect.
void Native::on_socket(SocketContext& context) { on_hello(context, {.fixed = true}); }

void Native::on_hello(SocketContext& context, const Hello& hello) {
  NativeSession& session = sessions_.place(context);
  session.memory.web = hello.web;
  session.memory.speaks_native = hello.fixed;
  begin(session, native::resume_in(hello.auth));
}

void Native::begin(NativeSession& session, const std::optional<native::Resume>& resume) {
  SocketContext& context = *session.context;
  if (!context.identity) return greet(session, Resumption::not_asked_for);
  if (!context.identity->external || !ports_.ensure_known) return enter(session, context.identity->username, resume);
  // A user can neither call nor be called before the store knows them. Events wait until then.
  ports_.in.hold(context.at);
  ports_.ensure_known(*context.identity, [this, at = context.at, resume](const accounts::KnownUser& user) {
    NativeSession* still = sessions_.find(at);
    if (still == nullptr) return;
    if (!user) return ports_.out.close(at);
    enter(*still, user->username, resume);
  });
}

void Native::enter(NativeSession& session, std::string_view username, const std::optional<native::Resume>& resume) {
  const SessionAddress at = session.context->at;
  session.memory.online = true;
  ports_.calls.session_online(session.context->identity->user, username, live_session(*session.context));
  const bool resumed = resume && rejoining_.resume(at, *resume);
  NativeSession* still = sessions_.find(at);  // again: app/sessions closes sessions within these calls
  if (still == nullptr) return;
  greet(*still, !resume ? Resumption::not_asked_for : resumed ? Resumption::resumed : Resumption::failed);
}

/// SPEC 2.8.12. Notices that came before session.ready are sent after it.
void Native::greet(NativeSession& session, Resumption resumption) {
  const SocketContext& context = *session.context;
  const SessionAddress at = context.at;
  const auto user = context.identity ? std::optional(context.identity->user) : std::nullopt;
  const auto held = std::exchange(session.held, {});
  session.greeted = true;
  sessions_.emit(session, "session.ready", [&](json::Writer& json) {
    json.member("sessionId", to_text(context.session.value()))
        .member_or_null("userId", user ? to_text(user->value()) : std::string{})
        .member("deviceId", device_of(context))
        .member("dialect", "native")
        .member("maxFileBytes", static_cast<std::int64_t>(settings_.max_file_bytes));
    if (resumption != Resumption::not_asked_for) json.member("resumed", resumption == Resumption::resumed);
  });
  if (session.memory.web) web_notices_.greet(session);
  for (const auto& [event, members] : held)
    sessions_.emit(session, event, [&text = members](json::Writer& json) { json.members(text); });
  if (draining_) sessions_.emit(session, "server.draining");
  if (user) rejoining_.send_snapshot(at, *user);
  ports_.in.release(at);
}

// --- suspension, recovery, the end ---

void Native::on_suspended(SocketContext& context) {
  const NativeSession* session = sessions_.find(context.at);
  if (session != nullptr && session->memory.online) ports_.calls.session_suspended(context.identity->user, context.at);
}

std::string Native::on_detached(SocketContext& context, ShardIndex to) {
  const NativeSession* session = sessions_.find(context.at);
  if (session == nullptr) return {};
  if (session->memory.online) ports_.calls.session_moves(context.at, to);
  std::string state = pack({.memory = session->memory, .watches = presence_notices_.take(context)});
  sessions_.erase(context.at);
  return state;
}

/// Socket.IO has replayed its recovery log by now. The snapshot contains what the log could not keep.
void Native::on_recovered(SocketContext& context, SessionAddress before, std::string state) {
  NativeSession& session = sessions_.place(context);
  auto packed = unpack_session(state);
  session.memory = packed.memory;
  session.greeted = session.memory.online || !context.identity;
  if (!session.greeted) return begin(session, std::nullopt);
  if (!session.memory.online) return;
  const SessionAddress at = context.at;
  const calls::UserId user = context.identity->user;
  ports_.calls.session_recovered(user, before, at);
  rejoining_.send_snapshot(at, user);
  if (packed.watches && sessions_.find(at) != nullptr) presence_notices_.go_on(context, *std::move(packed.watches));
}

void Native::on_gone(SocketContext& context, sessions::Departure how) {
  const NativeSession* session = sessions_.find(context.at);
  if (session == nullptr) return;
  const bool online = session->memory.online;
  sessions_.erase(context.at);
  presence_notices_.forget(context.at);
  if (online) ports_.calls.session_gone(context.identity->user, context.at, how);
}

void Native::drain() {
  draining_ = true;
  for (NativeSession* session : sessions_.greeted()) sessions_.emit(*session, "server.draining");
}

/// Telling a session may end it, and others with it.
void Native::tell_of_people(std::string_view members) {
  std::vector<SessionAddress> all;
  for (const NativeSession* session : sessions_.greeted())
    if (session->memory.hears_people) all.push_back(session->context->at);
  for (const SessionAddress at : all) {
    NativeSession* const session = sessions_.find(at);
    if (session != nullptr) sessions_.emit(*session, "users.changed", [&](json::Writer& json) { json.members(members); });
  }
}

// --- client events ---

void Native::on_event(SocketContext& context, const protocol::IncomingEvent& event) {
  NativeSession* session = sessions_.find(context.at);
  if (session == nullptr) return;
  const native::ClientEvent client_event{*session, event, ports_.out};
  const SessionAddress at = context.at;
  if (commands_.take(client_event) || chat_commands_.take(client_event) || presence_commands_.take(client_event) ||
      (session->memory.web && web_commands_.take(client_event)))
    return rejoining_.note_spoken(at);
  refuse(client_event,
         {.error = ApiError::not_found, .message = is_for_later(event.name) ? "not supported yet" : "Unknown event"});
}

/// A page of seed 001 asks for no acknowledgement and listens for `error`.
void Native::refuse(const native::ClientEvent& client_event, const Failure& failure) {
  client_event.refuse(failure);
  if (client_event.session.memory.web) web_notices_.send_error(client_event.context().at, failure);
}

void Native::on_not_queued(SocketContext& context, const protocol::IncomingEvent& event, NotQueued why) {
  NativeSession* session = sessions_.find(context.at);
  if (session == nullptr) return;
  const native::ClientEvent client_event{*session, event, ports_.out};
  if (why == NotQueued::binary)
    return refuse(client_event, {.error = ApiError::validation_failed, .details = {{"body", "binary"}}});
  refuse(client_event, failure_of(calls::Refused{.why = calls::Refusal::store_unavailable}));
}

void Native::on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) {
  const NativeSession* session = sessions_.find(context.at);
  if (session == nullptr) return;
  const Failure failure{.error = ApiError::validation_failed,
                        .message = "The payload cannot be read: it is too deep, too long or not Unicode",
                        .details = {{"body", "malformed"}}};
  if (event.ack_id) ports_.out.acknowledge(context.at, *event.ack_id, refusal(failure));
  if (session->memory.web) web_notices_.send_error(context.at, failure);
}

// --- notices ---

void Native::notify(SocketContext& context, const Notice& notice) {
  NativeSession* session = sessions_.find(context.at);
  if (session == nullptr) return;
  if (session->memory.web) return web_notices_.notify(*session, notice);
  notices_.notify(*session, notice);
}

void Native::pass_signal(SocketContext& context, const calls::SignalArrived& signal) {
  NativeSession* session = sessions_.find(context.at);
  if (session == nullptr) return;
  if (session->memory.web) web_notices_.pass_signal(*session, signal);
  if (!is_peer_event(signal.kind)) notices_.send_signal(*session, signal);
}

}  // namespace belfry::gateway
