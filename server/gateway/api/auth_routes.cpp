// /api/auth/*: sign-up, login, logout, and the session cookie.
#include <chrono>
#include <string>
#include <utility>

#include "domain/account/shown_name.hpp"
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

/// {success, data:{user, token, tokens, session}, message, ...user fields, token} (SPEC 2.8.5, and W-001-06 for `tokens` and
/// `session`); seed 004's has `user` at the top too.
std::string signed_in_json(const accounts::SignedIn& in, std::string_view message, ProfileShape shape) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("success", true);
  json.key("data").open_object().key("user").raw(user_json(in.user, shape)).member("token", in.token);
  json.member("expiresAt", iso_text(in.expires));
  if (!in.refresh_token.empty()) {
    json.key("tokens").open_object().member("accessToken", in.token).member("refreshToken", in.refresh_token).close_object();
    json.key("session").open_object().member("id", to_text(in.login.value())).member("expiresAt", iso_text(in.expires));
    json.close_object();
  }
  json.close_object().member("message", message);
  if (shape == ProfileShape::fields_beside) json.key("user").raw(user_json(in.user, shape));
  append_user_fields(json, in.user, shape);
  json.member("token", in.token).close_object();
  return text;
}

accounts::Accounts::Done<accounts::SignedIn> signed_in(const AccountServices& services, const ApiCallPtr& call,
                                                       std::string_view message, ProfileShape shape = ProfileShape::enveloped) {
  return [services, call, message, shape](const auto& in) {
    if (!in) return call->fail(failure_of(in.error()));
    const auto life = std::chrono::duration_cast<std::chrono::seconds>(in->expires - call->now);
    call->add_header("Set-Cookie", cookie(services, in->token, life.count()));
    call->answer({.status = call->operation->status, .body = signed_in_json(*in, message, shape)});
  };
}

/// A browser has one cookie. Who logs in again while a log-out has not reached us cannot send it any more, so the new login does.
/// It stands whatever becomes of the old one.
accounts::Accounts::Done<accounts::SignedIn> ending_previous(const AccountServices& services, const ApiCallPtr& call,
                                                             accounts::Accounts::Done<accounts::SignedIn> done) {
  if (!call->previous || !call->flag("endPrevious")) return done;
  return [services, previous = *call->previous, done = std::move(done)](const auto& in) {
    if (!in) return done(in);
    services.accounts.log_out(previous, [in = *in, done](const auto&) { done(in); });
  };
}

/// Clients of seed 001 send two names, of which either may be empty.
std::string whole_name(const ApiCall& call) {
  std::string name;
  for (const std::string_view field : {"firstName", "lastName"})
    if (const auto part = call.text(field); part && account::check_shown_name(*part))
      name.append(name.empty() ? "" : " ").append(*part);
  return name;
}

void sign_up(const AccountServices& services, const ApiCallPtr& call, ProfileShape shape) {
  auto details = wrong_forms(*call);
  if (!details.empty()) return call->fail(Failure{.error = ApiError::validation_failed, .details = std::move(details)});
  accounts::SignUp request{
      .username = call->text("username").value_or(""), .email = call->text("email"), .password = call->required_text("password")};
  request.name = call->text("name").value_or(whole_name(*call));
  request.client = client_of(*call);
  const auto status = services.limits.sign_ups.take(call->address, call->received);
  if (status.wait) return refuse_for_now(status, *call);
  tell_rate_limit(status, *call);
  services.accounts.sign_up(std::move(request),
                            ending_previous(services, call, signed_in(services, call, "Signed up successfully", shape)));
}

/// The field that names the account; validation has made sure that there is one.
std::string_view account_field(const ApiCall& call) {
  if (call.has("identifier")) return "identifier";
  return call.has("email") ? "email" : "username";
}

void log_in(const AccountServices& services, const ApiCallPtr& call, ProfileShape shape) {
  const auto status = services.limits.addresses.take(call->address, call->received);
  if (status.wait) return refuse_for_now(status, *call);
  const std::string account = call->required_text(account_field(*call));
  const std::string name = account.find('@') == std::string::npos ? account : accounts::lower_email(account);
  services.store.find_account(name, [services, call, name, shape](const auto& found) {
    const bool known = found && found->has_value();
    // An account can be named by its e-mail address or its username, but has one bucket.
    const auto of_account = take_of_account(services, *call, known ? to_text((*found)->user.id.value()) : name);
    const auto of_spelling = services.limits.spellings.take(call->address + '\n' + name, call->received);
    if (of_account.wait) return refuse_for_now(of_account, *call);
    tell_rate_limit(of_spelling, *call);
    if (!found) return call->fail(failure_of(accounts::AccountFault::unavailable));
    services.accounts.log_in_to(*found, call->required_text("password"), client_of(*call),
                                ending_previous(services, call, signed_in(services, call, "Logged in successfully", shape)));
  });
}

void log_out(const AccountServices& services, const ApiCallPtr& call) {
  const auto token = call->text("refreshToken");
  if (auto& missing = call->no_session; missing && !token) return call->fail(*std::move(missing));
  const auto done = [services, call](const auto& ended) {
    if (!ended) return call->fail(failure_of(ended.error()));
    call->add_header("Set-Cookie", cookie(services, "", 0));
    call->succeed("null", "Logged out successfully");
  };
  if (!token) return services.accounts.log_out(call->who, done);
  services.accounts.log_out_family(*token, [services, call, done](const auto& ended) {
    if (!ended || call->no_session) return done(ended);
    services.accounts.log_out(call->who, done);
  });
}

void refresh_session(const AccountServices& services, const ApiCallPtr& call) {
  if (auto& missing = call->no_session) return call->fail(*std::move(missing));
  if (call->who.external)
    return call->fail(Failure{.error = ApiError::forbidden, .message = "Refresh this token where it was issued"});
  // Limited, because each refresh leaves a row until the old token expires.
  const auto status = take_of_account(services, *call, "refresh " + to_text(call->who.user.value()));
  if (status.wait) return refuse_for_now(status, *call);
  services.accounts.refresh(call->who, call->user_agent, signed_in(services, call, "Session refreshed"));
}

/// W-001-06. The access token that the client sends along has usually expired: that is why it asks.
void refresh(const AccountServices& services, const ApiCallPtr& call) {
  const auto token = call->text("refreshToken");
  if (!token) return refresh_session(services, call);
  const auto status = services.limits.addresses.take(call->address, call->received);
  if (status.wait) return refuse_for_now(status, *call);
  services.store.find_refresh(accounts::hash_of_refresh_token(*token), [services, call](const auto& found) {
    if (!found) return call->fail(failure_of(accounts::AccountFault::unavailable));
    if (!*found) return call->fail(failure_of(accounts::AccountFault::refresh_token_invalid));
    const auto of_account = take_of_account(services, *call, "refresh " + to_text((*found)->login.user.value()));
    if (of_account.wait && !(*found)->revoked) return refuse_for_now(of_account, *call);  // a used token always ends its family
    services.accounts.refresh_by_token(**found, call->user_agent, signed_in(services, call, "Session refreshed"));
  });
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

Operation sign_up_operation(const AccountServices& s, ProfileShape shape) {
  return {.method = http::Method::post,
          .path = "/api/auth/signup",
          .id = "signUp",
          .summary = "Make an account",
          .auth = Auth::none,
          .body = sign_up_fields(s.min_password),
          .at_least_one = {"username", "email"},
          .errors = {ApiError::duplicate, ApiError::rate_limited},
          .status = 201,
          .data = "SignedIn",
          .notes_previous = true,
          .act = [s, shape](const ApiCallPtr& call) { sign_up(s, call, shape); }};
}

Operation log_in_operation(const AccountServices& s, ProfileShape shape) {
  return {.method = http::Method::post,
          .path = "/api/auth/login",
          .id = "logIn",
          .summary = "Prove who you are",
          .auth = Auth::none,
          .body = log_in_fields(),
          .at_least_one = {"email", "username", "identifier"},
          .errors = {ApiError::wrong_password, ApiError::not_active_user, ApiError::rate_limited},
          .data = "SignedIn",
          .notes_previous = true,
          .act = [s, shape](const ApiCallPtr& call) { log_in(s, call, shape); }};
}

Operation log_out_operation(const AccountServices& s) {
  return {.method = http::Method::post,
          .path = "/api/auth/logout",
          .id = "logOut",
          .summary = "End this session: cookie, token and sockets; and the logins of the refresh token",
          .auth = Auth::optional,
          .body = {refresh_token_field()},
          .data = "Nothing",
          .act = [s](const ApiCallPtr& call) { log_out(s, call); }};
}

Operation refresh_session_operation(const AccountServices& s) {
  return {.method = http::Method::post,
          .path = "/api/auth/refresh",
          .id = "refreshSession",
          .summary = "A new token for this one, or for a refresh token, which is good once",
          .auth = Auth::optional,
          .body = {refresh_token_field()},
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

Operations auth_operations(const AccountServices& services, ProfileShape shape) {
  return {sign_up_operation(services, shape), log_in_operation(services, shape), log_out_operation(services),
          refresh_session_operation(services), read_session_operation()};
}

}  // namespace belfry::gateway
