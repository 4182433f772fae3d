#include "gateway/api/account_answers.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "gateway/api/login_limits.hpp"
#include "gateway/json/iso_time.hpp"

namespace belfry::gateway {

using accounts::AccountFault;

Failure failure_of(AccountFault fault) {
  switch (fault) {
    case AccountFault::username_taken:
      return {.error = ApiError::duplicate, .message = "This username is taken", .details = {{"username", "taken"}}};
    case AccountFault::email_taken:
      return {.error = ApiError::duplicate, .message = "This e-mail address is taken", .details = {{"email", "taken"}}};
    case AccountFault::wrong_password:
      return {.error = ApiError::wrong_password};
    case AccountFault::current_password_missing:
      return {.error = ApiError::validation_failed,
              .message = "A new password or e-mail address needs the current password",
              .details = {{"currentPassword", "required"}}};
    case AccountFault::current_password_wrong:  // not 401: the session is valid, and clients log out on a 401
      return {.error = ApiError::validation_failed,
              .message = "The current password is another",
              .details = {{"currentPassword", "wrong"}}};
    case AccountFault::no_password:
      return {.error = ApiError::forbidden, .message = "This account has no password here; change it where you log in"};
    case AccountFault::login_ended:
      return failure_of(accounts::CredentialFault::revoked);
    case AccountFault::refresh_token_invalid:
      return {.error = ApiError::unauthenticated, .message = "This refresh token is unknown or has expired; log in again"};
    case AccountFault::not_active:
      return {.error = ApiError::not_active_user};
    case AccountFault::overloaded:
      return {
          .error = ApiError::rate_limited, .message = "Too many are logging in right now; try again", .retry_after = kRetrySoon};
    case AccountFault::no_such_user:
      return {.error = ApiError::user_not_found, .message = "User not found"};
    case AccountFault::unavailable:
      return store_unavailable();
  }
  CHECK(false, "a fault of an account without its answer");
}

/// Seed 001's two names: the parts of ours before and after its first blank. A name that is only the username has none.
void append_names(json::Writer& json, const account::User& user) {
  const std::string_view whole = user.display_name == user.username ? std::string_view{} : std::string_view(user.display_name);
  const std::size_t blank = std::min(whole.find(' '), whole.size());
  json.member_or_null("firstName", whole.substr(0, blank))
      .member_or_null("lastName", blank == whole.size() ? std::string_view{} : whole.substr(blank + 1));
}

/// Seed 004's.
void append_seed_004_names(json::Writer& json, const account::User& user) {
  json.member("_id", to_text(user.id.value())).member("bio", user.bio).member("profileImg", person_of(user).avatar);
}

void append_user_fields(json::Writer& json, const account::User& user, ProfileShape shape) {
  json.member("id", to_text(user.id.value()))
      .member("username", user.username)
      .member_or_null("email", user.email.value_or(""))
      .member("displayName", user.display_name)
      .member("name", user.display_name);
  append_names(json, user);
  json.member("avatar", avatar_of(user))
      .member("status", to_text(user.status))
      .member("role", to_text(user.role))
      .member("mediaUid", static_cast<std::int64_t>(user.media_uid))
      .member("createdAt", iso_text(user.created))
      .member("updatedAt", iso_text(user.updated));
  if (shape == ProfileShape::fields_beside) append_seed_004_names(json, user);
}

void append_chat_person(json::Writer& json, const account::User& user) {
  json.member("id", to_text(user.id.value()))
      .member("username", user.username)
      .member("name", user.display_name)
      .member("avatar", person_of(user).avatar);
  append_seed_004_names(json, user);
}

std::string user_json(const account::User& user, ProfileShape shape) {
  std::string text;
  json::Writer json(text);
  json.open_object();
  append_user_fields(json, user, shape);
  json.close_object();
  return text;
}

accounts::Client client_of(const ApiCall& call) { return {.address = call.address, .user_agent = call.user_agent}; }

limits::RateLimitStatus take_of_account(const AccountServices& services, const ApiCall& call, const std::string& account) {
  return services.limits.accounts.take(call.address + '\n' + account, call.received);
}

}  // namespace belfry::gateway
