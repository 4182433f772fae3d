// /api/auth/*: sign-up, login, logout, and the session cookie.
#include <chrono>
#include <string>
#include <utility>

#include "gateway/api/account_answers.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/login_limits.hpp"
#include "gateway/api/profile_fields.hpp"
#include "gateway/api/rate_limit.hpp"
#include "gateway/json/iso_time.hpp"

namespace belfry::gateway {
namespace {

std::string cookie(const AccountServices& services, std::string_view value, std::int64_t max_age) {
  std::string text(accounts::kCookieName);
  text.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Lax; Max-Age=").append(std::to_string(max_age));
  // Lax, not Strict: a user who follows a link from a mail must be logged in.
  if (services.cookie == CookieSafety::secure) text += "; Secure";
  return text;
}

/// {success, data:{user, token}, message, ...user fields, token} (SPEC 2.8.5).
std::string signed_in_json(const accounts::SignedIn& in, std::string_view message) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("success", true);
  json.key("data").open_object().key("user").raw(user_json(in.user)).member("token", in.token);
  json.member("expiresAt", iso_text(in.expires)).close_object().member("message", message);
  append_user_fields(json, in.user);
  json.member("token", in.token).close_object();
  return text;
}

accounts::Accounts::Done<accounts::SignedIn> signed_in(const AccountServices& services, const ApiCallPtr& call,
                                                       std::string_view message) {
  return [services, call, message](const auto& in) {
    if (!in) return call->fail(failure_of(in.error()));
    const std::int64_t seconds = (in->expires.unix_ms - call->now.unix_ms) / 1000;
    call->add_header("Set-Cookie", cookie(services, in->token, seconds));
    call->answer({.status = call->operation->status, .body = signed_in_json(*in, message)});
  };
}

void sign_up(const AccountServices& services, const ApiCallPtr& call) {
  auto details = wrong_forms(*call);
  if (!details.empty()) return call->fail(Failure{.error = ApiError::validation_failed, .details = std::move(details)});
  accounts::SignUp wish{
      .username = call->text("username").value_or(""), .email = call->text("email"), .password = call->required_text("password")};
  wish.name = call->text("name").value_or("");
  wish.client = client_of(*call);
  const auto status = services.limits.sign_ups.take(call->address, call->received);
  if (status.wait) return refuse_for_now(status, *call);
  tell_rate_limit(status, *call);
  services.accounts.sign_up(std::move(wish), signed_in(services, call, "Signed up successfully"));
}

void log_in(const AccountServices& services, const ApiCallPtr& call) {
  const auto status = services.limits.addresses.take(call->address, call->received);
  if (status.wait) return refuse_for_now(status, *call);
  const std::string account = call->required_text(call->has("email") ? "email" : "username");
  const std::string name = account.find('@') == std::string::npos ? account : accounts::lower_email(account);
  services.store.find_account(name, [services, call, name](const auto& found) {
    const bool known = found && found->has_value();
    // An account can be named by its e-mail address or its username, but has one bucket.
    const auto of_account = take_of_account(services, *call, known ? to_text((*found)->user.id.value()) : name);
    const auto of_spelling = services.limits.spellings.take(call->address + '\n' + name, call->received);
    if (of_account.wait) return refuse_for_now(of_account, *call);
    tell_rate_limit(of_spelling, *call);
    if (!found) return call->fail(failure_of(accounts::AccountFault::unavailable));
    services.accounts.log_in_to(*found, call->required_text("password"), client_of(*call),
                                signed_in(services, call, "Logged in successfully"));
  });
}

void log_out(const AccountServices& services, const ApiCallPtr& call) {
  services.accounts.log_out(call->who, [services, call](const auto& done) {
    if (!done) return call->fail(failure_of(done.error()));
    call->add_header("Set-Cookie", cookie(services, "", 0));
    call->succeed("null", "Logged out successfully");
  });
}

void refresh(const AccountServices& services, const ApiCallPtr& call) {
  if (call->who.external)
    return call->fail(Failure{.error = ApiError::forbidden, .message = "Refresh this token where it was issued"});
  // Limited, because each refresh leaves a row until the old token expires.
  const auto status = take_of_account(services, *call, "refresh " + to_text(call->who.user.value()));
  if (status.wait) return refuse_for_now(status, *call);
  services.accounts.refresh(call->who, call->user_agent, signed_in(services, call, "Session refreshed"));
}

void session(const ApiCallPtr& call) {
  std::string text;
  json::Writer json(text);
  json.open_object()
      .member("userId", to_text(call->who.user.value()))
      .member("username", call->who.username)
      .member("role", to_text(call->who.role))
      .member("sessionId", to_text(call->who.login.value()))
      .member("expiresAt", iso_text(call->who.expires))
      .close_object();
  call->succeed(text);
}

Operation sign_up_operation(const AccountServices& s) {
  return {.method = http::Method::post,
          .path = "/api/auth/signup",
          .id = "signUp",
          .summary = "Make an account",
          .auth = Auth::none,
          .body = sign_up_fields(),
          .at_least_one = {"username", "email"},
          .errors = {ApiError::duplicate, ApiError::rate_limited},
          .status = 201,
          .data = "SignedIn",
          .act = [s](const ApiCallPtr& call) { sign_up(s, call); }};
}

Operation log_in_operation(const AccountServices& s) {
  return {.method = http::Method::post,
          .path = "/api/auth/login",
          .id = "logIn",
          .summary = "Prove who you are",
          .auth = Auth::none,
          .body = log_in_fields(),
          .at_least_one = {"email", "username"},
          .errors = {ApiError::wrong_password, ApiError::not_active_user, ApiError::rate_limited},
          .data = "SignedIn",
          .act = [s](const ApiCallPtr& call) { log_in(s, call); }};
}

Operation log_out_operation(const AccountServices& s) {
  return {.method = http::Method::post,
          .path = "/api/auth/logout",
          .id = "logOut",
          .summary = "End this session: cookie, token and sockets",
          .data = "Nothing",
          .act = [s](const ApiCallPtr& call) { log_out(s, call); }};
}

Operation refresh_session_operation(const AccountServices& s) {
  return {.method = http::Method::post,
          .path = "/api/auth/refresh",
          .id = "refreshSession",
          .summary = "A new token for this one",
          .errors = {ApiError::forbidden, ApiError::rate_limited},
          .data = "SignedIn",
          .act = [s](const ApiCallPtr& call) { refresh(s, call); }};
}

Operation read_session_operation() {
  return {.path = "/api/auth/session",
          .id = "readSession",
          .summary = "Who this credential is",
          .data = "Session",
          .asks_store = false,
          .act = [](const ApiCallPtr& call) { session(call); }};
}

}  // namespace

Operations auth_operations(const AccountServices& services) {
  return {sign_up_operation(services), log_in_operation(services), log_out_operation(services),
          refresh_session_operation(services), read_session_operation()};
}

}  // namespace belfry::gateway
