// /api/sessions: lists and ends a user's logins.
#include <string>

#include "gateway/api/account_answers.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/json/iso_time.hpp"

namespace belfry::gateway {
namespace {

void list_logins(const AccountServices& services, const ApiCallPtr& call) {
  services.store.logins(call->who.user, call->now, [call](const auto& logins) {
    if (!logins) return call->fail(failure_of(accounts::AccountFault::unavailable));
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
    if (!done && done.error() == accounts::AccountFault::no_such_user) return call->fail(ApiError::not_found);
    if (!done) return call->fail(failure_of(done.error()));
    call->succeed("null", message);
  };
}

}  // namespace

Operations login_operations(const AccountServices& services) {
  const AccountServices& s = services;
  Operations all;
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

}  // namespace belfry::gateway
