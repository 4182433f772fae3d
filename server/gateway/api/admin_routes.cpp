#include "gateway/api/admin_routes.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "gateway/api/api_call.hpp"
#include "gateway/api/documents.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/pending_call.hpp"
#include "store/pending_call.hpp"
#include "store/statistics.hpp"

namespace belfry::gateway {
namespace {

using Services = AdminServices;

// For people who look through a list; programs that need everything read it page by page.
constexpr std::int64_t kUsuallyListed = 100, kMaxListed = 1000;

Failure no_such_user() { return {.error = ApiError::user_not_found, .message = "User not found"}; }

std::uint32_t limit_of(const ApiCall& call) {
  return static_cast<std::uint32_t>(std::min(call.integer("limit").value_or(kUsuallyListed), kMaxListed));
}

std::string calls_json(const std::vector<store::StoredCall>& calls) {
  std::string text;
  json::Writer json(text);
  append_calls(json.open_object(), calls);
  json.close_object();
  return text;
}

/// R-002-26: the quality of this page's calls, and their minutes per day.
std::string quality_overview_json(const std::vector<store::StoredCall>& calls) {
  std::map<std::int64_t, std::int64_t> seconds_by_day;
  for (const auto& each : calls)
    seconds_by_day[each.row.created.unix_ms / store::kDayMs] += store::duration_seconds(each.row).value_or(0);
  std::string text;
  json::Writer json(text);
  append_calls(json.open_object(), calls);
  json.key("days").open_array();
  for (const auto& [day, seconds] : seconds_by_day)
    json.open_object().member("day", store::day_text(day)).key("minutes").real(static_cast<double>(seconds) / 60).close_object();
  json.close_array().close_object();
  return text;
}

void set_status(const Services& services, const ApiCallPtr& call) {
  const account::UserId user(call->id("id"));
  const std::string word = call->required_text("status");
  services.accounts.set_status(
      user, must_have(account::parse_user_status(word), "the status is one of those allowed"),
      [call, user, word](const auto& done) {
        if (!done) return call->fail(done.error() == accounts::AccountFault::no_such_user ? no_such_user() : store_unavailable());
        std::string data;
        json::Writer json(data);
        json.open_object().member("id", to_text(user.value())).member("status", word).close_object();
        call->succeed(data, "User status changed");
      });
}

/// Without a user, all calls that ring or are connected; with a user, all calls of theirs.
void list_calls(const Services& services, const ApiCallPtr& call) {
  const auto answer = [call](const std::vector<store::StoredCall>& calls) { call->succeed(calls_json(calls)); };
  if (const auto user = call->uuid("userId"))
    return services.archive.history({.user = account::UserId(*user), .page = page_of(*call)}, [call, answer](const auto& found) {
      if (!found) return call->fail(store_unavailable());
      answer(found->calls);
    });
  services.store.load_active(limit_of(*call), [call, answer](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    answer(*found);
  });
}

void end_call(const Services& services, const ApiCallPtr& call) {
  services.calls.force_end(calls::CallId(call->id("id")), call::EndReason::admin, [call](const calls::Result& result) {
    if (!result) return call->fail(failure_of(result.error()));
    call->succeed(call_json(*result->call), "Call ended");
  });
}

void read_pending(const Services& services, const ApiCallPtr& call) {
  const Failure none{.error = ApiError::not_found, .message = "No call rings in this conversation"};
  services.store.active_in(store::ConversationId(call->id("conversationId")), [services, call, none](const auto& active) {
    if (!active) return call->fail(store_unavailable());
    if (!*active) return call->fail(none);
    services.store.load(**active, [call, none](const auto& stored) {
      if (!stored) return call->fail(store_unavailable());
      if (!*stored || !is_pending((*stored)->row)) return call->fail(none);  // R-000-10, J-7.1
      call->succeed(pending_call_json((*stored)->row));
    });
  });
}

void append_session(json::Writer& json, const calls::UserId& user, std::string_view username,
                    const sessions::LiveSession& session) {
  json.open_object()
      .member("id", to_text(session.id.value()))
      .member("userId", to_text(user.value()))
      .member_or_null("username", username)
      .member("dialect", to_text(session.dialect))
      .member("state", session.suspended ? "suspended" : "online")
      .member_or_null("deviceId", session.device)
      .close_object();
}

void list_sessions(const Services& services, const ApiCallPtr& call) {
  std::string text;
  json::Writer json(text);
  json.open_object().key("sessions").open_array();
  if (const auto user = call->uuid("userId")) {
    const account::UserId id(*user);
    for (const auto& session : services.sessions.of(id)) append_session(json, id, {}, session);
  } else {
    for (const std::string& name : services.sessions.names(limit_of(*call)))
      if (const auto id = services.sessions.find(name))
        for (const auto& session : services.sessions.of(*id)) append_session(json, *id, name, session);
  }
  json.close_array().member("users", static_cast<std::int64_t>(services.sessions.count())).close_object();
  call->succeed(text);
}

/// R-001-60: who called whom, when and for how long, by user and period.
void read_audit(const Services& services, const ApiCallPtr& call) {
  store::AuditQuery query{.from = call->time("from"), .to = call->time("to"), .limit = limit_of(*call)};
  if (const auto id = call->uuid("callId")) query.call = calls::CallId(*id);
  if (const auto user = call->uuid("userId")) query.user = account::UserId(*user);
  query.after_seq = static_cast<std::uint64_t>(call->integer("after").value_or(0));
  services.archive.audit(query, [call](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    call->succeed(audit_json(*found));
  });
}

std::string violations_json(const std::vector<store::Violation>& all) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("ok", all.empty()).key("violations").open_array();
  for (const auto& [invariant, call, what] : all)
    json.open_object()
        .member("invariant", invariant)
        .member_or_null("callId", call ? to_text(call->value()) : std::string{})
        .member("what", what)
        .close_object();
  json.close_array().close_object();
  return text;
}

void check_invariants(const Services& services, const ApiCallPtr& call) {
  services.archive.violations(call->now, [call, &calls = services.calls](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    calls.find_untended([call, all = *found](const std::vector<calls::CallId>& untended) mutable {
      for (const auto& id : untended)
        all.push_back({.invariant = "I-2", .call = id, .what = "no timer is set for this call's deadline"});
      call->succeed(violations_json(all));
    });
  });
}

void list_quality(const Services& services, const ApiCallPtr& call) {
  services.archive.recent_quality(page_of(*call), [call](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    call->succeed(quality_overview_json(*found));
  });
}

Operation status_operation(const Services& s, http::Method method, std::string_view id) {
  return {.method = method,
          .path = "/api/admin/users/{id}/status",
          .id = id,
          .summary = "Activate or deactivate a user; a deactivated user is signed out at once",
          .body = {{"status", FieldKind::text, Need::required, "", {"active", "pending", "inactive", "blocked", "deleted"}}},
          .errors = {ApiError::user_not_found},
          .data = "UserStatus",
          .act = [s](const ApiCallPtr& call) { set_status(s, call); }};
}

Field user_field() { return {"userId", FieldKind::uuid, Need::optional, "of this user only"}; }

Operation admin_calls_operation(const Services& s) {
  return {.path = "/api/admin/calls",
          .id = "adminCalls",
          .summary = "Calls that ring or are connected; with userId, all of that user",
          .query = {user_field(), page_field(), limit_field("more than 1000 is 1000; pages have at most 100")},
          .data = "Calls",
          .act = [s](const ApiCallPtr& call) { list_calls(s, call); }};
}

Operation admin_sessions_operation(const Services& s) {
  return {.path = "/api/admin/sessions",
          .id = "adminSessions",
          .summary = "Live sockets",
          .query = {user_field(), limit_field("users, at most 1000")},
          .data = "LiveSessions",
          .asks_store = false,
          .act = [s](const ApiCallPtr& call) { list_sessions(s, call); }};
}

Operation admin_quality_operation(const Services& s) {
  return {.path = "/api/admin/quality",
          .id = "adminQuality",
          .summary = "Finished calls that have quality samples, newest first",
          .query = {page_field(), limit_field()},
          .data = "QualityOverview",
          .act = [s](const ApiCallPtr& call) { list_quality(s, call); }};
}

Operation admin_audit_operation(const Services& s) {
  return {.path = "/api/admin/audit",
          .id = "adminAudit",
          .summary = "The audit in order, by call, user and period",
          .query = {{"callId", FieldKind::uuid, Need::optional, "of this call only"},
                    user_field(),
                    {"from", FieldKind::time, Need::optional, "not before"},
                    {"to", FieldKind::time, Need::optional, "before"},
                    {"after", FieldKind::integer, Need::optional, "the last seq of the page before"},
                    limit_field("more than 1000 is 1000")},
          .data = "Audit",
          .act = [s](const ApiCallPtr& call) { read_audit(s, call); }};
}

Operation admin_invariants_operation(const Services& s) {
  return {.path = "/api/admin/invariants",
          .id = "adminInvariants",
          .summary = "Whether all that must hold of calls holds",
          .data = "Invariants",
          .act = [s](const ApiCallPtr& call) { check_invariants(s, call); }};
}

Operation admin_config_operation(const Services& s) {
  return {.path = "/api/admin/config",
          .id = "adminConfig",
          .summary = "The configuration in force, without its secrets",
          .data = "Config",
          .asks_store = false,
          .act = [s](const ApiCallPtr& call) { call->succeed(s.config()); }};
}

Operation admin_lint_operation(const Services& s) {
  return {.path = "/api/admin/config/lint",
          .id = "adminConfigLint",
          .summary = "Settings that work and are dangerous",
          .data = "ConfigLint",
          .asks_store = false,
          .act = [s](const ApiCallPtr& call) { call->succeed(s.lint()); }};
}

Operation admin_pending_operation(const Services& s) {
  return {.path = "/api/admin/calls/pending/{conversationId}",
          .id = "adminPendingCall",
          .summary = "The call that rings in a conversation",
          .errors = {ApiError::not_found},
          .data = "PendingCall",
          .act = [s](const ApiCallPtr& call) { read_pending(s, call); }};
}

Operations looking(const Services& s) {
  return {admin_calls_operation(s),      admin_sessions_operation(s), admin_quality_operation(s), admin_audit_operation(s),
          admin_invariants_operation(s), admin_config_operation(s),   admin_lint_operation(s),    admin_pending_operation(s)};
}

}  // namespace

Operations admin_operations(const AdminServices& services) {
  const Services& s = services;
  Operations all = looking(s);
  all.push_back(status_operation(s, http::Method::put, "setUserStatus"));
  all.push_back(status_operation(s, http::Method::post, "postUserStatus"));
  all.push_back({.method = http::Method::post,
                 .path = "/api/admin/calls/{id}/end",
                 .id = "adminEndCall",
                 .summary = "End somebody's call",
                 .errors = {ApiError::call_not_found, ApiError::call_not_active},
                 .data = "Call",
                 .act = [s](const ApiCallPtr& call) { end_call(s, call); }});
  all.push_back({.method = http::Method::post,
                 .path = "/api/admin/drain",
                 .id = "drain",
                 .summary = "Finish what is under way, take nothing new, and stop",
                 .status = 202,
                 .data = "Nothing",
                 .asks_store = false,
                 .act = [s](const ApiCallPtr& call) {
                   call->succeed("null", "Draining");
                   s.drain();
                 }});
  for (Operation& each : all) each.auth = Auth::admin;
  return all;
}

}  // namespace belfry::gateway
