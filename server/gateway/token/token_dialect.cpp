#include "gateway/token/token_dialect.hpp"

#include <utility>
#include <variant>

#include "gateway/dialects/actor_of.hpp"
#include "gateway/dialects/packing.hpp"
#include "gateway/token/render.hpp"

namespace belfry::gateway {

TokenDialect::TokenDialect(const RateLimit& events, Ports ports) : limit_(events), ports_(std::move(ports)) {}

// --- connecting ---

void TokenDialect::on_socket(SocketContext& context) { begin(place(context)); }

/// A socket without a credential (open mode) may connect, and all its events are refused.
void TokenDialect::begin(Session& session) {
  SocketContext& context = *session.context;
  if (!context.identity) return;
  if (!context.identity->external || !ports_.ensure_known) return enter(session, context.identity->username);
  // A user can neither call nor be called before the store knows them. Events wait until then.
  ports_.in.hold(context.at);
  ports_.ensure_known(*context.identity, [this, at = context.at](const accounts::KnownUser& user) {
    Session* still = find(at);
    if (still == nullptr) return;
    if (!user) return ports_.out.close(at);
    enter(*still, user->username);
    ports_.in.release(at);
  });
}

void TokenDialect::enter(Session& session, std::string_view username) {
  const SocketContext& context = *session.context;
  session.memory.online = true;
  ports_.calls.session_online(context.identity->user, username,
                              {.id = context.session,
                               .at = context.at,
                               .dialect = call::Dialect::token,
                               .login = context.identity->login,
                               .device = device_of(context)});
}

// --- suspension, recovery, the end ---

void TokenDialect::on_suspended(SocketContext& context) {
  const Session* session = find(context.at);
  if (session != nullptr && session->memory.online) ports_.calls.session_suspended(context.identity->user, context.at);
}

std::string TokenDialect::on_detached(SocketContext& context, ShardIndex to) {
  const Session* session = find(context.at);
  if (session == nullptr) return {};
  if (session->memory.online) ports_.calls.session_moves(context.at, to);
  Packer packer;
  packer.put(session->memory);
  sessions_.erase(context.at.slot);
  return packer.take();
}

void TokenDialect::on_recovered(SocketContext& context, SessionAddress before, std::string state) {
  Session& session = place(context);
  Memory memory;
  Unpacker unpacker(state);
  unpacker.get(memory);
  if (unpacker.whole()) session.memory = memory;
  if (!session.memory.online) return begin(session);
  ports_.calls.session_recovered(context.identity->user, before, context.at);
}

void TokenDialect::on_gone(SocketContext& context, sessions::Departure how) {
  const Session* session = find(context.at);
  if (session == nullptr) return;
  const bool online = session->memory.online;
  sessions_.erase(context.at.slot);
  if (online) ports_.calls.session_gone(context.identity->user, context.at, how);
}

// --- notices ---

void TokenDialect::notify(SocketContext& context, const Notice& notice) {
  const Session* session = find(context.at);
  if (session == nullptr || !context.identity) return;
  const SessionAddress at = context.at;
  if (std::holds_alternative<sessions::LoginEnded>(notice)) say_refused(at, std::nullopt, {.error = ApiError::token_revoked});
  for (const auto& [name, payload] : token::render(notice, context.identity->user)) emit(at, name, payload);
  const bool is_over = std::holds_alternative<sessions::LoginEnded>(notice) || std::holds_alternative<sessions::Replaced>(notice);
  if (is_over) ports_.out.close(at);
}

void TokenDialect::emit(SessionAddress at, std::string_view event, std::string_view payload) {
  ports_.out.emit(at, event, std::span(&payload, 1));
}

// --- sessions ---

TokenDialect::Session* TokenDialect::find(SessionAddress at) {
  own_thread_.check();
  const auto found = sessions_.find(at.slot);
  return found == sessions_.end() || found->second.context->at != at ? nullptr : &found->second;
}

TokenDialect::Session& TokenDialect::place(SocketContext& context) {
  own_thread_.check();
  Session& session = sessions_[context.at.slot];
  session = {.context = &context};
  return session;
}

}  // namespace belfry::gateway
