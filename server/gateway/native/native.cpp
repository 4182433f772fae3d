#include "gateway/native/native.hpp"

#include <algorithm>
#include <utility>

#include "base/uuid.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/native/answers.hpp"
#include "gateway/native/pieces.hpp"

namespace belfry::gateway {
namespace {

sessions::LiveSession live_session(const SocketContext& context) {
  return {.id = context.session,
          .at = context.at,
          .dialect = call::Dialect::native,
          .login = context.identity->login,
          .device = native::device_of(context)};
}

}  // namespace

Native::Native(const NativeSettings& settings, Ports ports) : settings_(settings), ports_(std::move(ports)) {}
Native::~Native() = default;

// --- connecting ---

void Native::on_socket(SocketContext& context) { on_hello(context, {}); }

void Native::on_hello(SocketContext& context, const Hello& hello) {
  NativeSession& session = place(context);
  session.memory.web = hello.web;
  begin(session, native::resume_in(hello.auth));
}

void Native::begin(NativeSession& session, const std::optional<native::Resume>& wish) {
  SocketContext& context = *session.context;
  if (!context.identity) return greet(session, Resumption::not_wished);
  if (!context.identity->external || !ports_.ensure_known) return enter(session, context.identity->username, wish);
  // A user can neither call nor be called before the store knows them. Events wait until then.
  ports_.in.hold(context.at);
  ports_.ensure_known(*context.identity, [this, at = context.at, wish](const accounts::KnownUser& user) {
    NativeSession* still = find(at);
    if (still == nullptr) return;
    if (!user) return ports_.out.close(at);
    enter(*still, user->username, wish);
  });
}

void Native::enter(NativeSession& session, std::string_view username, const std::optional<native::Resume>& wish) {
  const SessionAddress at = session.context->at;
  session.memory.online = true;
  ports_.calls.session_online(session.context->identity->user, username, live_session(*session.context));
  const bool resumed = wish && resume(at, *wish);
  NativeSession* still = find(at);
  if (still == nullptr) return;
  greet(*still, !wish ? Resumption::not_wished : resumed ? Resumption::resumed : Resumption::failed);
}

/// SPEC 2.8.12. Notices that came before session.ready are sent after it.
void Native::greet(NativeSession& session, Resumption resumption) {
  const SocketContext& context = *session.context;
  const SessionAddress at = context.at;
  const auto user = context.identity ? std::optional(context.identity->user) : std::nullopt;
  const bool web = session.memory.web;
  const auto held = std::exchange(session.held, {});
  session.greeted = true;
  emit(session, "session.ready", [&](json::Writer& json) {
    json.member("sessionId", to_text(context.session.value()))
        .member_or_null("userId", user ? to_text(user->value()) : std::string{})
        .member("deviceId", native::device_of(context))
        .member("dialect", "native");
    if (resumption != Resumption::not_wished) json.member("resumed", resumption == Resumption::resumed);
  });
  if (web) greet_web(at);
  for (const auto& [event, members] : held)
    if (NativeSession* still = find(at)) emit(*still, event, [&text = members](json::Writer& json) { json.members(text); });
  if (NativeSession* still = find(at); still != nullptr && draining_) emit(*still, "server.draining");
  if (user) send_snapshot(at, *user);
  ports_.in.release(at);
}

/// The client has seen events up to `last_seq`. The snapshot contains what it missed, so the numbers continue after that without
/// a gap. Rejoining the calls must not depend on finding the earlier session: after a restart of the server there is none, but
/// the calls still wait.
bool Native::resume(SessionAddress at, const native::Resume& wish) {
  NativeSession* session = find(at);
  if (session == nullptr) return false;
  const bool resumed = ports_.calls.session_resumed(session->context->identity->user, at, wish.session);
  session = find(at);  // a notice sent meanwhile may have closed it as a slow reader
  if (session == nullptr) return false;
  if (resumed) {
    session->context->session = wish.session;
    session->memory.seq = std::max(session->memory.seq, wish.last_seq);
  }
  ports_.calls.rejoin_calls(native::actor_of(*session->context));
  return resumed;
}

// --- suspension, recovery, the end ---

void Native::on_suspended(SocketContext& context) {
  const NativeSession* session = find(context.at);
  if (session != nullptr && session->memory.online) ports_.calls.session_suspended(context.identity->user, context.at);
}

std::string Native::on_detached(SocketContext& context, ShardIndex to) {
  const NativeSession* session = find(context.at);
  if (session == nullptr) return {};
  if (session->memory.online) ports_.calls.session_moves(context.at, to);
  std::string state = pack(session->memory);
  sessions_.erase(context.at.slot);
  return state;
}

/// Socket.IO has replayed its recovery log by now. The snapshot contains what the log could not keep.
void Native::on_recovered(SocketContext& context, SessionAddress before, std::string state) {
  NativeSession& session = place(context);
  session.memory = unpack_memory(state);
  session.greeted = session.memory.online || !context.identity;
  if (!session.greeted) return begin(session, std::nullopt);
  if (!session.memory.online) return;
  const SessionAddress at = context.at;
  const calls::UserId user = context.identity->user;
  ports_.calls.session_recovered(user, before, at);
  send_snapshot(at, user);
}

void Native::on_gone(SocketContext& context, sessions::Departure how) {
  const NativeSession* session = find(context.at);
  if (session == nullptr) return;
  const bool online = session->memory.online;
  sessions_.erase(context.at.slot);
  if (online) ports_.calls.session_gone(context.identity->user, context.at, how);
}

void Native::drain() {
  draining_ = true;
  std::vector<SessionAddress> all;
  for (const auto& [slot, session] : sessions_)
    if (session->greeted) all.push_back(session->context->at);
  for (const SessionAddress at : all)
    if (NativeSession* session = find(at)) emit(*session, "server.draining");
}

// --- notices ---

void Native::notify(SocketContext& context, const Notice& notice) {
  NativeSession* session = find(context.at);
  if (session == nullptr) return;
  if (session->memory.web) return tell_web(*session, notice);
  std::visit([&](const auto& what) { send(*session, what); }, notice);
}

void Native::append_head(NativeSession& session, json::Writer& json) const {
  json.member("v", std::int64_t{1})
      .member("seq", static_cast<std::int64_t>(++session.memory.seq))
      .member("ts", iso_text(ports_.clock.wall()));
}

WallTime Native::recently() const {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(settings_.recently_ended).count();
  return {ports_.clock.wall().unix_ms - ms};
}

void Native::send_snapshot(SessionAddress at, calls::UserId user) {
  ports_.archive.current(user, recently(),
                         [this, at, user](const Expected<std::vector<store::StoredCall>, store::Unavailable>& found) {
                           NativeSession* session = find(at);
                           if (session == nullptr || !found || found->empty()) return;
                           const bool web = session->memory.web;
                           emit(*session, "call.snapshot", [&](json::Writer& json) { native::append_snapshot(json, *found); });
                           if (web) catch_up_web(at, *found);
                           note_shown_ends(user, *found);
                         });
}

void Native::note_shown_ends(calls::UserId user, const std::vector<store::StoredCall>& shown) {
  for (const store::StoredCall& call : shown)
    if (call::is_final(call.row.status)) ports_.calls.end_shown(user, call.row.id);
}

// --- sessions ---

NativeSession* Native::find(SessionAddress at) {
  own_thread_.check();
  const auto found = sessions_.find(at.slot);
  return found == sessions_.end() || found->second->context->at != at ? nullptr : found->second.get();
}

NativeSession& Native::place(SocketContext& context) {
  own_thread_.check();
  auto& session = sessions_[context.at.slot];
  session = std::make_unique<NativeSession>();
  session->context = &context;
  return *session;
}

}  // namespace belfry::gateway
