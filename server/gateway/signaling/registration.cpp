#include "gateway/signaling/registration.hpp"

#include <memory>
#include <tuple>
#include <utility>

#include "base/uuid.hpp"
#include "gateway/signaling/reasons.hpp"

namespace belfry::gateway::signaling {
namespace {

/// SPEC C-14: the name must be the one of the credential's user. C-12: the user's id is accepted too.
Expected<void, EventRefusal> check_claim(const std::string& name, std::string_view username, calls::UserId user) {
  if (name == username || parse_uuid(name) == user.value()) return {};
  return unexpected(EventRefusal{"Field 'userId' is not the user of your token", name});
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

Handled Registration::register_user(SocketContext& context, const Event& event) {
  const auto wanted = read_user(event);
  if (!wanted) return unexpected(wanted.error());
  const std::string& name = wanted->name;
  if (!context.identity) return register_guest(context, *wanted, event.ack_id);
  if (context.identity->external && ports_.ensure_known) return register_external(context, name, event.ack_id);
  auto claimed = check_claim(name, context.identity->username, context.identity->user);
  if (!claimed) return unexpected(std::move(claimed.error()));
  registered(context, {context.identity->username}, context.identity->user);
  return {};
}

/// W-003-12: without a credential a name is all that tells two people apart. The newer login takes it from the older only where
/// both write it alike; who writes it otherwise is somebody else.
Handled Registration::register_guest(const SocketContext& context, const UserPayload& wanted, Ack ack) {
  begin_registration(context.at);
  ports_.names.look_up(wanted.name, [this, mine = copy_of(context), wanted, ack](const auto& found) {
    const auto refuse = [&](std::string_view why) {
      register_with(*mine, ack, wanted, unexpected(EventRefusal{std::string(why), wanted.name}), {});
    };
    if (!found) return refuse(explain(found.error()));
    if (ports_.calls.is_spelled_otherwise(*found, wanted.spelling, mine->at))
      return refuse("Somebody with another spelling has this name");
    register_with(*mine, ack, wanted, {}, *found);
  });
  return Acked::later;
}

/// The store must find the user first, because another tool's token need not contain our names.
Handled Registration::register_external(const SocketContext& context, const std::string& name, Ack ack) {
  begin_registration(context.at);
  ports_.ensure_known(*context.identity, [this, mine = copy_of(context), name, ack](const accounts::KnownUser& user) {
    const auto refuse = [&](std::string_view why) {
      register_with(*mine, ack, {name}, unexpected(EventRefusal{std::string(why), name}), {});
    };
    if (!user && user.error() == accounts::ExternalUserFault::not_theirs)
      return refuse("Your token does not speak for this user");
    if (!user) return refuse("The store is unavailable; try again");
    register_with(*mine, ack, {user->username}, check_claim(name, user->username, user->id), user->id);
  });
  return Acked::later;
}

/// Hold all events until the store has answered: they may be meant for the new name.
void Registration::begin_registration(SessionAddress at) {
  sessions_.of(at).at_work().registering = true;
  ports_.in.hold(at);
}

/// The store has answered. The socket may have closed meanwhile, and its context with it.
void Registration::register_with(SocketContext& context, Ack ack, const UserPayload& as,
                                 const Expected<void, EventRefusal>& checked, calls::UserId user) {
  SignalingSession* session = sessions_.find(context.at);
  if (session == nullptr || !session->pending) return;
  session->pending->registering = false;
  events_.acknowledge(context.at, ack, checked ? Handled{} : Handled(unexpected(checked.error())));
  if (checked)
    registered(context, as, user);
  else
    events_.user_registered(context.at, checked.error().target, checked.error().error);
  // Looked up again: coming online closes the user's other pages within the call.
  if (SignalingSession* still = sessions_.find(context.at)) still->rest();
  ports_.in.release(context.at);
}

void Registration::registered(const SocketContext& context, const UserPayload& as, calls::UserId user) {
  SignalingSession& session = sessions_.of(context.at);
  if (!session.name.empty() && session.user != user) {
    candidates_.forget(context.at);
    ports_.calls.session_gone(session.user, context.at, sessions::Departure::left);
  }
  session.name = as.name;
  session.user = user;
  events_.user_registered(context.at, as.name, "");
  ports_.calls.session_online(user, as.name,
                              {.id = context.session,
                               .at = context.at,
                               .dialect = call::Dialect::signaling,
                               .login = context.identity ? context.identity->login : account::LoginId{},
                               .spelling = as.spelling,
                               .device = context.device});
}

Handled Registration::logout_user(SocketContext& context, const Event& event) {
  const auto asked = read_user(event);
  if (!asked) return unexpected(asked.error());
  const std::string& claimed = asked->name;
  SignalingSession& session = sessions_.of(context.at);
  if (session.name.empty())
    return unexpected(EventRefusal{std::string(kNotRegistered), claimed, EventRefusal::Report::by_acknowledgement});
  if (!session.is(claimed))
    return unexpected(EventRefusal{"Field 'userId' is not the user registered on this connection", claimed});
  const auto [at, user, name] = std::tuple(context.at, session.user, session.name);
  candidates_.forget(at);
  session.clear();
  ports_.calls.session_gone(user, at, sessions::Departure::logged_out);
  events_.logout_success(at, name);  // W-003-04: the name is free by now
  return {};
}

}  // namespace belfry::gateway::signaling
