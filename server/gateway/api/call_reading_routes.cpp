// Operations that read calls: one call, the active ones, history, statistics, audit, quality. A call of other users is answered
// as not found (R-002-12).
#include <algorithm>
#include <utility>

#include "gateway/api/api_call.hpp"
#include "gateway/api/call_routes.hpp"
#include "gateway/api/documents.hpp"
#include "gateway/api/history_cursor.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/json/quality_samples.hpp"

namespace belfry::gateway {
namespace {

constexpr std::uint32_t kMaxSamplesPage = 1000;  // some 200 KB

bool takes_part(const store::CallRow& row, const account::UserId& user) { return find_leg(row, user) != nullptr; }

/// Loads the call and continues if the user may see it.
template <class Then>
void with_own_call(const CallServices& services, const ApiCallPtr& call, ApiError strangers, const Then& then) {
  services.store.load(calls::CallId(call->id("id")), [call, strangers, then](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    if (!*found) return call->fail(ApiError::call_not_found);
    if (!takes_part((*found)->row, call->who.user) && call->who.role != account::Role::admin) return call->fail(strangers);
    then(**found);
  });
}

/// J-2.2: a callee's, from the ring on, while they may answer or are in it.
bool is_active_for(const store::CallRow& row, const account::UserId& user) {
  const store::Leg* const leg = find_leg(row, user);
  return row.caller == user || (leg != nullptr && row.announced && call::is_open(leg->state));
}

void active(const CallServices& services, const ApiCallPtr& call) {
  services.archive.current(call->who.user, std::nullopt, [call](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    auto active = *found;
    std::erase_if(active, [&](const store::StoredCall& each) { return !is_active_for(each.row, call->who.user); });
    std::string data;
    json::Writer json(data);
    append_calls(json.open_object(), active);
    json.key("callSeqs").open_object();
    for (const auto& each : active) json.member(to_text(each.row.id.value()), static_cast<std::int64_t>(each.row.version));
    json.close_object().close_object();
    call->succeed(data);
  });
}

void append_attempts(json::Writer& json, const std::vector<store::AttemptEntry>& attempts) {
  json.key("attempts").open_array();
  for (const auto& [attempt, caller, callee] : attempts) {
    json.open_object()
        .member("id", to_text(attempt.id))
        .member("reason", attempt.reason)
        .member("callType", to_text(attempt.media));
    json.member("createdAt", iso_text(attempt.at));
    append_person(json.key("caller"), caller);
    append_person(json.key("recipient"), callee);
    json.close_object();
  }
  json.close_array();
}

/// Answers with an object: `members`, then what `write` adds.
template <class Write>
void succeed_with(ApiCall& call, std::string_view members, const Write& write) {
  std::string data;
  json::Writer json(data);
  write(json.open_object().members(members));
  json.close_object();
  call.succeed(data);
}

void history(const CallServices& services, const ApiCallPtr& call) {
  store::HistoryQuery query{.user = call->who.user, .page = page_of(*call)};
  if (const auto cursor = call->text("cursor")) {
    query.after = parse_cursor(*cursor);
    if (!query.after) return call->fail_field("cursor", "invalid");
  }
  if (const auto type = call->text("type")) query.media = call::parse_call_type(*type);
  if (const auto status = call->text("status")) query.status = call::parse_status(*status);
  if (const auto direction = call->text("direction"))
    query.direction = *direction == "incoming" ? store::Direction::incoming : store::Direction::outgoing;
  query.from = call->time("from");
  query.to = call->time("to");
  const bool with_attempts = call->text("include") == "attempts";
  services.archive.history(query, [call, query, with_attempts, &archive = services.archive](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    std::string members;
    json::Writer writer(members);
    append_history(writer, *found, query.page);
    if (!with_attempts) return succeed_with(*call, members, [](json::Writer&) {});
    archive.attempts(query.user, query.page, [call, members](const auto& attempts) {
      if (!attempts) return call->fail(store_unavailable());
      succeed_with(*call, members, [&](json::Writer& json) { append_attempts(json, *attempts); });
    });
  });
}

void append_statistics(json::Writer& json, const store::Statistics& sums) {
  const auto whole = [&](std::string_view name, std::uint64_t value) { json.member(name, static_cast<std::int64_t>(value)); };
  whole("totalCalls", sums.total_calls);
  whole("totalDuration", sums.total_duration);
  json.key("averageDuration");
  if (sums.calls_with_duration == 0)
    json.number(0);
  else
    json.real(static_cast<double>(sums.total_duration) / static_cast<double>(sums.calls_with_duration));
  whole("missedCalls", sums.missed_calls);
  whole("rejectedCalls", sums.rejected_calls);
  whole("incoming", sums.incoming);
  whole("outgoing", sums.outgoing);
  whole("audioCalls", sums.audio_calls);
  whole("videoCalls", sums.video_calls);
}

void append_days(json::Writer& json, const std::vector<store::DayStatistics>& days) {
  json.key("days").open_array();
  for (const auto& each : days) {
    json.open_object().member("day", each.day);
    append_statistics(json, each.statistics);
    json.close_object();
  }
  json.close_array();
}

void statistics(const CallServices& services, const ApiCallPtr& call) {
  const auto from = call->time("from"), to = call->time("to");
  const bool by_day = call->has("groupBy");
  services.archive.statistics(call->who.user, from, to, [call, from, to, by_day, &archive = services.archive](const auto& sums) {
    if (!sums) return call->fail(store_unavailable());
    std::string members;
    json::Writer writer(members);
    append_statistics(writer, *sums);
    if (!by_day) return succeed_with(*call, members, [](json::Writer&) {});
    archive.statistics_by_day(call->who.user, from, to, [call, members](const auto& days) {
      if (!days) return call->fail(store_unavailable());
      succeed_with(*call, members, [&](json::Writer& json) { append_days(json, *days); });
    });
  });
}

void audit(const CallServices& services, const ApiCallPtr& call) {
  with_own_call(services, call, ApiError::call_not_found, [call, &archive = services.archive](const store::StoredCall& own) {
    archive.audit({.call = own.row.id, .limit = 1000}, [call](const auto& found) {
      if (!found) return call->fail(store_unavailable());
      call->succeed(audit_json(*found));
    });
  });
}

void add_quality(const CallServices& services, const ApiCallPtr& call) {
  if (!admits(services.reports, call)) return;
  auto samples = read_samples(call->slice("samples"), call->now);
  if (!samples) return call->fail_field("samples", samples.error() == SampleFault::too_many ? "too_long" : "invalid");
  with_own_call(services, call, ApiError::not_participant,
                [call, samples = std::move(*samples), &archive = services.archive](const store::StoredCall& own) {
                  if (!takes_samples(own.row, call->now))
                    return call->fail(Failure{.error = ApiError::call_not_active, .message = kTooLate});
                  archive.add_quality(own.row.id, call->who.user, samples, [call](const auto& kept) {
                    if (!kept) return call->fail(store_unavailable());
                    succeed_with(*call, {},
                                 [&](json::Writer& json) { json.member("accepted", static_cast<std::int64_t>(*kept)); });
                  });
                });
}

void read_quality(const CallServices& services, const ApiCallPtr& call) {
  with_own_call(services, call, ApiError::call_not_found, [call, &archive = services.archive](const store::StoredCall& own) {
    const store::Page page = page_of(*call, kMaxSamplesPage, kMaxSamplesPage);
    archive.quality(own.row.id, page, [call, page, metrics = own.row.quality](const auto& found) {
      if (!found) return call->fail(store_unavailable());
      call->succeed(quality_json(metrics, *found, page));
    });
  });
}

Field from_field() { return {"from", FieldKind::time, Need::optional, "not before, by createdAt"}; }
Field to_field() { return {"to", FieldKind::time, Need::optional, "before, by createdAt"}; }

Operation active_operation(const CallServices& s) {
  return {.path = "/api/calls/active",
          .id = "activeCalls",
          .summary = "My calls that ring or are connected",
          .data = "ActiveCalls",
          .act = [s](const ApiCallPtr& call) { active(s, call); }};
}

Operation history_operation(const CallServices& s) {
  return {.path = "/api/calls/history",
          .id = "callHistory",
          .summary = "My calls, newest first",
          .query = {page_field(),
                    limit_field(),
                    {"cursor", FieldKind::text, Need::optional, "nextCursor of the page before, instead of page", {}, 1, 128},
                    {"type", FieldKind::text, Need::optional, "", {"audio", "video"}},
                    {"status", FieldKind::text, Need::optional, "", {"calling", "connected", "rejected", "missed", "ended"}},
                    {"direction", FieldKind::text, Need::optional, "", {"incoming", "outgoing"}},
                    from_field(),
                    to_field(),
                    {"include", FieldKind::text, Need::optional, "also calls that were refused", {"attempts"}}},
          .data = "History",
          .act = [s](const ApiCallPtr& call) { history(s, call); }};
}

Operation statistics_operation(const CallServices& s) {
  return {.path = "/api/calls/stats",
          .id = "callStatistics",
          .summary = "Sums over my calls",
          .query = {from_field(), to_field(), {"groupBy", FieldKind::text, Need::optional, "", {"day"}}},
          .data = "Statistics",
          .act = [s](const ApiCallPtr& call) { statistics(s, call); }};
}

Operation read_operation(const CallServices& s) {
  return {.path = "/api/calls/{id}",
          .id = "readCall",
          .summary = "One call of mine",
          .errors = {ApiError::call_not_found},
          .data = "Call",
          .act = [s](const ApiCallPtr& call) {
            with_own_call(s, call, ApiError::call_not_found,
                          [call](const store::StoredCall& own) { call->succeed(call_json(own, People::named)); });
          }};
}

Operation audit_operation(const CallServices& s) {
  return {.path = "/api/calls/{id}/audit",
          .id = "callAudit",
          .summary = "What happened in a call, in order, with its hash chain",
          .errors = {ApiError::call_not_found},
          .data = "Audit",
          .act = [s](const ApiCallPtr& call) { audit(s, call); }};
}

Operation read_quality_operation(const CallServices& s) {
  return {.path = "/api/calls/{id}/quality",
          .id = "readCallQuality",
          .summary = "Samples, oldest first, and their aggregate",
          .query = {page_field(), limit_field("1000, which is also the most")},
          .errors = {ApiError::call_not_found},
          .data = "Quality",
          .act = [s](const ApiCallPtr& call) { read_quality(s, call); }};
}

Operation add_quality_operation(const CallServices& s) {
  return {.method = http::Method::post,
          .path = "/api/calls/{id}/quality",
          .id = "addCallQuality",
          .summary = "Report how the call goes",
          .body = {{.name = "samples",
                    .kind = FieldKind::array,
                    .need = Need::required,
                    .about = "[{ts, rttMs, packetLoss, jitterMs, bitrateKbps, resolution, fps}]; packetLoss in percent",
                    .max = 65536}},
          .errors = {ApiError::call_not_found, ApiError::not_participant, ApiError::call_not_active, ApiError::rate_limited},
          .status = 202,
          .data = "Accepted",
          .act = [s](const ApiCallPtr& call) { add_quality(s, call); }};
}

}  // namespace

Operations call_reading_operations(const CallServices& services) {
  return {active_operation(services), history_operation(services),      statistics_operation(services), read_operation(services),
          audit_operation(services),  read_quality_operation(services), add_quality_operation(services)};
}

}  // namespace belfry::gateway
