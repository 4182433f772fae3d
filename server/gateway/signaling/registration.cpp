// register_user and logout_user of the signaling dialect: the user of a page.
#include <utility>

#include "gateway/signaling/signaling.hpp"

namespace belfry::gateway {
namespace {

std::string_view explain(store::GuestFault why) {
  switch (why) {
    case store::GuestFault::has_account:
      return "This name belongs to an account; connect with its token";
    case store::GuestFault::not_active:
      return "This user is not active";
    case store::GuestFault::unavailable:
      return "The store is unavailable; try again";
  }
  return "The name cannot be used";
}

/// SPEC C-14: the name must be the one of the credential's user. C-12: the user's id is accepted too.
std::optional<BadPayload> claims(const std::string& name, std::string_view username, calls::UserId user) {
  if (name == username || parse_uuid(name) == user.value()) return std::nullopt;
  return BadPayload{"Field 'userId' is not the user of your token", name};
}

/// The socket can close or change shards while the look-up runs, so keep a copy.
std::shared_ptr<SocketContext> copy_of(const SocketContext& context) {
  auto copy = std::make_shared<SocketContext>();
  copy->at = context.at;
  copy->session = context.session;
  copy->device = RareText(std::string(context.device));
  if (context.identity) copy->identity = std::make_unique<accounts::Identity>(*context.identity);
  return copy;
}

}  // namespace

Signaling::Handled Signaling::register_user(SocketContext& context, const Event& event) {
  auto name = read_user(event);
  if (!name) return unexpected(name.error());
  if (!context.identity) return register_guest(context, *name, event.ack_id);
  if (context.identity->external && ports_.ensure_known) return register_external(context, *name, event.ack_id);
  if (auto refusal = claims(*name, context.identity->username, context.identity->user)) return unexpected(std::move(*refusal));
  registered(context, context.identity->username, context.identity->user);
  return {};
}

Signaling::Handled Signaling::register_guest(const SocketContext& context, const std::string& name, Ack ack) {
  begin_registration(context.at);
  ports_.names.look_up(name, [this, mine = copy_of(context), name, ack](const auto& found) {
    if (!found) return register_with(*mine, ack, name, BadPayload{std::string(explain(found.error())), name}, {});
    register_with(*mine, ack, name, std::nullopt, *found);
  });
  return Acked::later;
}

/// The store must find the user first, because another tool's token need not contain our names.
Signaling::Handled Signaling::register_external(const SocketContext& context, const std::string& name, Ack ack) {
  begin_registration(context.at);
  ports_.ensure_known(*context.identity, [this, mine = copy_of(context), name, ack](const accounts::KnownUser& user) {
    if (!user && user.error() == accounts::ExternalUserFault::not_theirs)
      return register_with(*mine, ack, name, BadPayload{"Your token does not speak for this user", name}, {});
    if (!user) return register_with(*mine, ack, name, BadPayload{"The store is unavailable; try again", name}, {});
    register_with(*mine, ack, user->username, claims(name, user->username, user->id), user->id);
  });
  return Acked::later;
}

/// Hold all events until the store has answered: they may be meant for the new name.
void Signaling::begin_registration(SessionAddress at) {
  session_of(at).at_work().registering = true;
  ports_.in.hold(at);
}

/// The store has answered. The socket may have closed meanwhile, and its context with it.
void Signaling::register_with(SocketContext& context, Ack ack, const std::string& name, const std::optional<BadPayload>& refusal,
                              calls::UserId user) {
  SignalingSession* session = find_session(context.at);
  if (session == nullptr || !session->pending) return;
  session->pending->registering = false;
  acknowledge(context.at, ack, refusal ? Handled(unexpected(*refusal)) : Handled{});
  if (refusal)
    say_registered(context.at, refusal->target, refusal->error);
  else
    registered(context, name, user);
  if (SignalingSession* still = find_session(context.at)) still->rest();
  ports_.in.release(context.at);
}

void Signaling::registered(const SocketContext& context, const std::string& name, calls::UserId user) {
  SignalingSession& session = session_of(context.at);
  if (!session.name.empty() && session.user != user)
    ports_.calls.session_gone(session.user, context.at, sessions::Departure::left);
  session.name = name;
  session.user = user;
  const auto login = context.identity ? context.identity->login : account::LoginId{};
  say_registered(context.at, name, "");
  ports_.calls.session_online(
      user, name,
      {.id = context.session, .at = context.at, .dialect = call::Dialect::signaling, .login = login, .device = context.device});
}

Signaling::Handled Signaling::logout_user(SocketContext& context, const Event& event) {
  const auto name = read_user(event);
  if (!name) return unexpected(name.error());
  SignalingSession& session = session_of(context.at);
  if (session.name.empty()) return unexpected(BadPayload{"Register with register_user first", *name});
  if (!session.is(*name)) return unexpected(BadPayload{"Field 'userId' is not the user registered on this connection", *name});
  const auto user = session.user;
  session.clear();
  ports_.calls.session_gone(user, context.at, sessions::Departure::left);
  return {};
}

}  // namespace belfry::gateway
