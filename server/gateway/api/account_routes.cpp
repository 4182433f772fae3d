#include "gateway/api/account_routes.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <utility>

#include "gateway/api/api_call.hpp"
#include "gateway/api/entrance_limits.hpp"
#include "gateway/api/rate_limit.hpp"
#include "gateway/render/entities.hpp"

namespace belfry::gateway {
namespace {

using accounts::AccountFault;
using Services = AccountServices;

constexpr std::int64_t kMinPassword = 8;  // NIST SP 800-63B 5.1.1.2
constexpr std::int64_t kMaxPassword = 256;
constexpr std::int64_t kMaxAvatar = 256 * 1024;

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
    case AccountFault::current_password_wrong:  // no 401: the session is good, and clients log out on a 401
      return {.error = ApiError::validation_failed,
              .message = "The current password is another",
              .details = {{"currentPassword", "wrong"}}};
    case AccountFault::no_password:
      return {.error = ApiError::forbidden, .message = "This account has no password here; change it where you log in"};
    case AccountFault::login_ended:
      return gateway::failure_of(accounts::CredentialFault::revoked);
    case AccountFault::not_active:
      return {.error = ApiError::not_active_user};
    case AccountFault::overloaded:
      return {.error = ApiError::rate_limited, .message = "Too many are logging in right now; try again", .retry_after_ms = 1000};
    case AccountFault::no_such_user:
      return {.error = ApiError::user_not_found, .message = "User not found"};
    case AccountFault::unavailable:
      return {.error = ApiError::store_unavailable, .retry_after_ms = 1000};
  }
  return {.error = ApiError::internal};
}

void append_user_fields(json::Writer& json, const account::User& user) {
  json.member("id", to_text(user.id.value()))
      .member("username", user.username)
      .member_or_null("email", user.email.value_or(""))
      .member("displayName", user.display_name)
      .member("name", user.display_name)
      .member_or_null("avatar", user.avatar)
      .member("status", to_text(user.status))
      .member("role", to_text(user.role))
      .member("mediaUid", static_cast<std::int64_t>(user.media_uid))
      .member("createdAt", iso_text(user.created))
      .member("updatedAt", iso_text(user.updated));
}

std::string user_json(const account::User& user) {
  std::string text;
  json::Writer json(text);
  json.open_object();
  append_user_fields(json, user);
  json.close_object();
  return text;
}

enum class Entry { alone, person, sidebar };

// What browsers and proxies take for a URL anyway. A list of a hundred people stays below half a megabyte with it.
constexpr std::size_t kMaxAvatarUrl = 2048;

/// One person alone comes with the picture as it was sent; a list names the path that serves it, for a picture may be larger than
/// all else in it.
std::string avatar_in(const account::User& user, Entry entry) {
  if (entry == Entry::alone) return user.avatar;
  std::string avatar = person_of(user).avatar;
  return avatar.size() > kMaxAvatarUrl ? std::string{} : avatar;
}

/// What others see (R-001-71), with what a list of people needs; seed 004's list counts messages too, and there are none yet.
void append_other(json::Writer& json, const account::User& user, const sessions::Sessions& sessions, Entry entry) {
  json.open_object()
      .member("id", to_text(user.id.value()))
      .member("username", user.username)
      .member("displayName", user.display_name)
      .member("name", user.display_name)
      .member_or_null("avatar", avatar_in(user, entry))
      .member("online", sessions.online(user.id));
  if (entry == Entry::sidebar) json.member("unreadCount", std::int64_t{0}).key("lastMessage").raw("null");
  json.close_object();
}

std::string cookie(const Services& services, std::string_view value, std::int64_t max_age) {
  std::string text(accounts::kCookieName);
  text.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Lax; Max-Age=").append(std::to_string(max_age));
  // Lax, not Strict: a link from a mail into the app must find its reader logged in.
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

accounts::Accounts::Done<accounts::SignedIn> signed_in(const Services& services, const ApiCallPtr& call,
                                                       std::string_view message) {
  return [services, call, message](const auto& in) {
    if (!in) return call->fail(failure_of(in.error()));
    const std::int64_t seconds = (in->expires.unix_ms - call->now.unix_ms) / 1000;
    call->add_header("Set-Cookie", cookie(services, in->token, seconds));
    call->answer({.status = call->operation->status, .body = signed_in_json(*in, message)});
  };
}

bool is_email(const std::string& text) {
  const std::size_t at = text.find('@');
  return at != std::string::npos && at > 0 && at == text.rfind('@') && text.find('.', at) != std::string::npos &&
         text.back() != '.' && text.find_first_of(" \t\r\n<>") == std::string::npos;
}

/// A name is for people to read: no ASCII control characters.
bool is_printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// Others' browsers will load it: an https URL, a path of our own host, or a picture itself. Empty takes it away.
bool is_image(std::string_view text) {
  if (!text.starts_with("data:") && text.size() > kMaxAvatarUrl) return false;
  if (text.starts_with("/")) return !text.starts_with("//") && !text.starts_with("/\\");
  constexpr std::array<std::string_view, 4> kForms = {"https://", "data:image/png;base64,", "data:image/jpeg;base64,",
                                                      "data:image/webp;base64,"};
  return text.empty() || std::any_of(kForms.begin(), kForms.end(), [&](std::string_view form) { return text.starts_with(form); });
}

std::vector<Detail> wrong_with(const ApiCall& call) {
  std::vector<Detail> details;
  if (const auto username = call.text("username"); username && !account::is_username(*username))
    details.push_back({"username", "invalid"});
  if (const auto email = call.text("email"); email && !is_email(*email)) details.push_back({"email", "invalid"});
  for (const std::string_view field : {"name", "displayName"})
    if (const auto name = call.text(field); name && !is_printable(*name)) details.push_back({std::string(field), "invalid"});
  for (const std::string_view field : {"avatar", "image"})
    if (const auto image = call.text(field); image && !is_image(*image)) details.push_back({std::string(field), "invalid"});
  return details;
}

accounts::Client client_of(const ApiCall& call) { return {.address = call.address, .user_agent = call.user_agent}; }

// R-004-67, R-002-11
limits::RateLimitStatus take_of_account(const Services& services, const ApiCallPtr& call, const std::string& account) {
  return services.limits.accounts.take(call->address + '\n' + account, call->received);
}

void sign_up(const Services& services, const ApiCallPtr& call) {
  auto details = wrong_with(*call);
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

void log_in(const Services& services, const ApiCallPtr& call) {
  const auto status = services.limits.addresses.take(call->address, call->received);
  if (status.wait) return refuse_for_now(status, *call);
  const std::string account = call->required_text(call->has("email") ? "email" : "username");
  const std::string name = account.find('@') == std::string::npos ? account : accounts::lower_email(account);
  services.store.find_account(name, [services, call, name](const auto& found) {
    const bool known = found && found->has_value();
    // An account has two names, its e-mail address and its username, and one bucket.
    const auto of_account = take_of_account(services, call, known ? to_text((*found)->user.id.value()) : name);
    const auto of_spelling = services.limits.spellings.take(call->address + '\n' + name, call->received);
    if (of_account.wait) return refuse_for_now(of_account, *call);
    tell_rate_limit(of_spelling, *call);
    if (!found) return call->fail(failure_of(AccountFault::unavailable));
    services.accounts.log_in_to(*found, *call->text("password"), client_of(*call),
                                signed_in(services, call, "Logged in successfully"));
  });
}

void log_out(const Services& services, const ApiCallPtr& call) {
  services.accounts.log_out(call->who, [services, call](const auto& done) {
    if (!done) return call->fail(failure_of(done.error()));
    call->add_header("Set-Cookie", cookie(services, "", 0));
    call->succeed("null", "Logged out successfully");
  });
}

void refresh(const Services& services, const ApiCallPtr& call) {
  if (call->who.external)
    return call->fail(Failure{.error = ApiError::forbidden, .message = "Refresh this token where it was issued"});
  // Each leaves a row behind until the old token would have ended.
  const auto status = take_of_account(services, call, "refresh " + to_text(call->who.user.value()));
  if (status.wait) return refuse_for_now(status, *call);
  services.accounts.refresh(call->who, call->user_agent, signed_in(services, call, "Session refreshed"));
}

enum class Shape { enveloped, with_fields_beside };

void show_me(const Services& services, const ApiCallPtr& call, Shape shape) {
  services.accounts.profile(call->who, [call, shape](const auto& user) {
    if (!user && user.error() == AccountFault::no_such_user) return call->fail(ApiError::unauthenticated);
    if (!user) return call->fail(failure_of(user.error()));
    if (shape == Shape::enveloped) return call->succeed(user_json(*user));
    std::string text;
    json::Writer json(text);
    json.open_object().member("success", true).key("data").open_object().key("user").raw(user_json(*user)).close_object();
    append_user_fields(json, *user);
    json.close_object();
    call->answer({.body = std::move(text)});
  });
}

void update(const Services& services, const ApiCallPtr& call, Shape shape) {
  if (auto details = wrong_with(*call); !details.empty())
    return call->fail(Failure{.error = ApiError::validation_failed, .details = std::move(details)});
  accounts::ProfileWish wish{
      .profile = {.display_name = call->has("displayName") ? call->text("displayName") : call->text("name"),
                  .avatar = call->has("image") ? call->text("image") : call->text("avatar"),
                  .email = call->text("email")},
      .new_password = call->text("password"),
      .current_password = call->text("currentPassword"),
      .client = client_of(*call)};
  // A guess is a guess, wherever it is made.
  if (wish.current_password) {
    const auto status = take_of_account(services, call, to_text(call->who.user.value()));
    if (status.wait) return refuse_for_now(status, *call);
  }
  services.accounts.update(call->who, std::move(wish), [services, call, shape](const auto& user) {
    if (!user) return call->fail(failure_of(user.error()));
    show_me(services, call, shape);
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

void search(const Services& services, const ApiCallPtr& call, Entry entry) {
  const auto limit = static_cast<std::uint32_t>(std::min<std::int64_t>(call->integer("limit").value_or(100), 100));
  const store::Page page{static_cast<std::uint32_t>(call->integer("page").value_or(1)), limit};
  // Asked by name, one finds oneself too; a list of others leaves one out.
  const auto except = call->has("q") ? std::nullopt : std::optional(call->who.user);
  services.store.search(call->text("q").value_or(""), except, page, [services, call, entry](const auto& found) {
    if (!found) return call->fail(failure_of(AccountFault::unavailable));
    std::string list;
    json::Writer json(list);
    json.open_array();
    for (const auto& user : *found) append_other(json, user, services.sessions, entry);
    json.close_array();
    std::string data = R"({"users":)" + list + "}";
    if (entry == Entry::person) return call->succeed(data);
    call->answer({.body = R"({"success":true,"data":)" + data + R"(,"users":)" + list + "}"});
  });
}

void show_other(const Services& services, const ApiCallPtr& call) {
  services.store.find(account::UserId(call->id("id")), [services, call](const auto& found) {
    if (!found) return call->fail(failure_of(AccountFault::unavailable));
    if (!*found || (*found)->status == account::UserStatus::deleted) return call->fail(failure_of(AccountFault::no_such_user));
    std::string text;
    json::Writer json(text);
    append_other(json, **found, services.sessions, Entry::alone);
    call->succeed(text);
  });
}

void list_logins(const Services& services, const ApiCallPtr& call) {
  services.store.logins(call->who.user, call->now, [call](const auto& logins) {
    if (!logins) return call->fail(failure_of(AccountFault::unavailable));
    std::string text;
    json::Writer json(text);
    json.open_object().key("sessions").open_array();
    for (const auto& login : *logins)
      json.open_object()
          .member("id", to_text(login.id.value()))
          .member("createdAt", iso_text(login.created))
          .member("expiresAt", iso_text(login.expires))
          .member_or_null("userAgent", login.user_agent)
          .member("current", login.id == call->who.login)
          .close_object();
    json.close_array().close_object();
    call->succeed(text);
  });
}

accounts::Accounts::Done<void> done_with(const ApiCallPtr& call, std::string_view message) {
  return [call, message](const auto& done) {
    if (!done && done.error() == AccountFault::no_such_user) return call->fail(ApiError::not_found);
    if (!done) return call->fail(failure_of(done.error()));
    call->succeed("null", message);
  };
}

const std::vector<Field> kSignUpFields = {
    {"username", FieldKind::text, Need::optional, "letters, digits, _ and -; made of the name if absent", {}, 1, 64},
    {"email", FieldKind::text, Need::optional, "", {}, 3, 254},
    {"password", FieldKind::text, Need::required, "", {}, kMinPassword, kMaxPassword},
    {"name", FieldKind::text, Need::optional, "what others see", {}, 1, 128}};
const std::vector<Field> kLogInFields = {{"email", FieldKind::text, Need::optional, "or username", {}, 1, 254},
                                         {"username", FieldKind::text, Need::optional, "or email", {}, 1, 254},
                                         {"password", FieldKind::text, Need::required, "", {}, 1, kMaxPassword}};
const std::vector<Field> kProfileFields = {
    {"displayName", FieldKind::text, Need::optional, "", {}, 1, 128},
    {"name", FieldKind::text, Need::optional, "the same", {}, 1, 128},
    {"avatar", FieldKind::text, Need::optional, "an https URL, or a PNG, JPEG or WebP as data URL", {}, 0, kMaxAvatar},
    {"image", FieldKind::text, Need::optional, "the same", {}, 0, kMaxAvatar},
    {"email", FieldKind::text, Need::optional, "", {}, 3, 254},
    {"password", FieldKind::text, Need::optional, "a new one", {}, kMinPassword, kMaxPassword},
    {"currentPassword", FieldKind::text, Need::optional, "with a new password or email", {}, 1, kMaxPassword}};
const std::vector<Field> kPageFields = {{"q", FieldKind::text, Need::optional, "part of a name", {}, 0, 128},
                                        {"page", FieldKind::integer, Need::optional, "from 1", {}, 1},
                                        {"limit", FieldKind::integer, Need::optional, "more than 100 is 100", {}, 1}};

}  // namespace

Operations auth_operations(const AccountServices& services) {
  const Services& s = services;
  Operations all;
  all.push_back({.method = http::Method::post,
                 .path = "/api/auth/signup",
                 .id = "signUp",
                 .summary = "Make an account",
                 .auth = Auth::none,
                 .body = kSignUpFields,
                 .at_least_one = {"username", "email"},
                 .errors = {ApiError::duplicate, ApiError::rate_limited},
                 .status = 201,
                 .data = "SignedIn",
                 .act = [s](const ApiCallPtr& call) { sign_up(s, call); }});
  all.push_back({.method = http::Method::post,
                 .path = "/api/auth/login",
                 .id = "logIn",
                 .summary = "Prove who you are",
                 .auth = Auth::none,
                 .body = kLogInFields,
                 .at_least_one = {"email", "username"},
                 .errors = {ApiError::wrong_password, ApiError::not_active_user, ApiError::rate_limited},
                 .data = "SignedIn",
                 .act = [s](const ApiCallPtr& call) { log_in(s, call); }});
  all.push_back({.method = http::Method::post,
                 .path = "/api/auth/logout",
                 .id = "logOut",
                 .summary = "End this session: cookie, token and sockets",
                 .data = "Nothing",
                 .act = [s](const ApiCallPtr& call) { log_out(s, call); }});
  all.push_back({.method = http::Method::post,
                 .path = "/api/auth/refresh",
                 .id = "refreshSession",
                 .summary = "A new token for this one",
                 .errors = {ApiError::forbidden, ApiError::rate_limited},
                 .data = "SignedIn",
                 .act = [s](const ApiCallPtr& call) { refresh(s, call); }});
  all.push_back({.path = "/api/auth/session",
                 .id = "readSession",
                 .summary = "Who this credential is",
                 .data = "Session",
                 .asks_store = false,
                 .act = [](const ApiCallPtr& call) { session(call); }});
  all.push_back({.path = "/api/sessions",
                 .id = "listSessions",
                 .summary = "My logins",
                 .data = "Sessions",
                 .act = [s](const ApiCallPtr& call) { list_logins(s, call); }});
  all.push_back({.method = http::Method::del,
                 .path = "/api/sessions",
                 .id = "endAllSessions",
                 .summary = "Log out everywhere",
                 .data = "Nothing",
                 .act = [s](const ApiCallPtr& call) {
                   s.accounts.log_out_everywhere(call->who, done_with(call, "Logged out everywhere"));
                 }});
  all.push_back({.method = http::Method::del,
                 .path = "/api/sessions/{id}",
                 .id = "endSession",
                 .summary = "End one of my logins",
                 .errors = {ApiError::not_found},
                 .data = "Nothing",
                 .act = [s](const ApiCallPtr& call) {
                   s.accounts.end_login(call->who, account::LoginId(call->id("id")), done_with(call, "Session ended"));
                 }});
  return all;
}

Operations people_operations(const AccountServices& services) {
  const Services& s = services;
  Operations all;
  all.push_back(
      {.path = "/api/users/me", .id = "readMe", .summary = "My profile", .data = "User", .act = [s](const ApiCallPtr& call) {
         show_me(s, call, Shape::enveloped);
       }});
  all.push_back({.method = http::Method::patch,
                 .path = "/api/users/me",
                 .id = "updateMe",
                 .summary = "Change my profile",
                 .body = kProfileFields,
                 .errors = {ApiError::duplicate, ApiError::forbidden, ApiError::rate_limited},
                 .data = "User",
                 .act = [s](const ApiCallPtr& call) { update(s, call, Shape::enveloped); }});
  all.push_back({.path = "/api/users",
                 .id = "findUsers",
                 .summary = "People by name",
                 .query = kPageFields,
                 .data = "Users",
                 .act = [s](const ApiCallPtr& call) { search(s, call, Entry::person); }});
  all.push_back({.path = "/api/users/{id}",
                 .id = "readUser",
                 .summary = "What others see of somebody",
                 .errors = {ApiError::user_not_found},
                 .data = "Person",
                 .act = [s](const ApiCallPtr& call) { show_other(s, call); }});
  return all;
}

Operations seed_004_operations(const AccountServices& services) {
  const Services& s = services;
  Operations all;
  all.push_back({.method = http::Method::post,
                 .path = "/user/sign-up",
                 .id = "seed004SignUp",
                 .summary = "As signUp",
                 .auth = Auth::none,
                 .body = kSignUpFields,
                 .at_least_one = {"username", "email"},
                 .errors = {ApiError::duplicate, ApiError::rate_limited},
                 .status = 201,
                 .data = "SignedIn",
                 .act = [s](const ApiCallPtr& call) { sign_up(s, call); }});
  all.push_back({.method = http::Method::post,
                 .path = "/user/login",
                 .id = "seed004LogIn",
                 .summary = "As logIn",
                 .auth = Auth::none,
                 .body = kLogInFields,
                 .at_least_one = {"email", "username"},
                 .errors = {ApiError::wrong_password, ApiError::not_active_user, ApiError::rate_limited},
                 .data = "SignedIn",
                 .act = [s](const ApiCallPtr& call) { log_in(s, call); }});
  all.push_back({.path = "/user/logout",
                 .id = "seed004LogOut",
                 .summary = "As logOut",
                 .data = "Nothing",
                 .changes_by_get = true,
                 .act = [s](const ApiCallPtr& call) { log_out(s, call); }});
  all.push_back({.path = "/user/check",
                 .id = "seed004Check",
                 .summary = "Who this session is",
                 .data = "Me",
                 .act = [s](const ApiCallPtr& call) { show_me(s, call, Shape::with_fields_beside); }});
  all.push_back({.method = http::Method::post,
                 .path = "/user/update",
                 .id = "seed004Update",
                 .summary = "As updateMe",
                 .body = kProfileFields,
                 .errors = {ApiError::duplicate, ApiError::forbidden, ApiError::rate_limited},
                 .data = "Me",
                 .act = [s](const ApiCallPtr& call) { update(s, call, Shape::with_fields_beside); }});
  all.push_back({.path = "/user/getusers",
                 .id = "seed004Users",
                 .summary = "Everybody else",
                 .query = kPageFields,
                 .data = "Users",
                 .act = [s](const ApiCallPtr& call) { search(s, call, Entry::sidebar); }});
  return all;
}

}  // namespace belfry::gateway
