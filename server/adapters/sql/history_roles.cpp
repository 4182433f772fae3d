#include "adapters/sql/history_roles.hpp"

namespace belfry::sql {
namespace {

std::string where_user_is(const HistoryRole& role, std::string_view parameter) {
  return std::string(role.from).append(" WHERE ").append(role.user).append(" = ").append(parameter).append(" AND ");
}

}  // namespace

std::optional<WallTime> group_call_at(const store::CallRow& row, const store::Leg& leg) {
  return row.callee || leg.user == row.caller ? std::nullopt : std::optional(row.created);
}

std::string current_ids(char mark) {
  const std::string user = {mark, '1'}, since = {mark, '2'}, ended_too = {mark, '3'};
  // The slot gives the active call. Of the ended calls, a returning session missed at most some of the newest.
  std::string text = R"(SELECT "callId" FROM user_call_slots WHERE "userId" = )" + user +
                     R"( UNION SELECT "callId" FROM outbox WHERE "userId" = )" + user + R"( AND "kind" = 'call_end' AND )" +
                     ended_too;
  for (const auto& role : kHistoryRoles) {
    text.append(R"( UNION SELECT "id" FROM (SELECT c."id", c."status", c."endedAt" FROM )").append(where_user_is(role, user));
    text.append(role.created).append(" IS NOT NULL ORDER BY ").append(role.created).append(" DESC, ").append(role.call_id);
    text.append(R"( DESC LIMIT 200) newest WHERE "status" IN ('calling', 'connected') OR "endedAt" >= )").append(since);
  }
  return text;
}

std::string statistics_rows(char mark) {
  const std::string user = {mark, '1'}, from = {mark, '2'}, to = {mark, '3'};
  std::string text;
  for (const auto& role : kHistoryRoles) {
    if (!text.empty()) text += " UNION ALL ";
    text.append(R"(SELECT c."status", c."callType", c."duration", )").append(role.created).append(R"( AS "createdAt", )");
    text.append(role.direction == store::Direction::incoming ? "1" : "0").append(R"( AS "incoming" FROM )");
    text.append(where_user_is(role, user)).append(role.created).append(" >= ").append(from).append(" AND ");
    text.append(role.created).append(" < ").append(to);
  }
  return text;
}

}  // namespace belfry::sql
