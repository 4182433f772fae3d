#include "adapters/postgres/call_reads.hpp"

#include <string>

#include "adapters/postgres/conversations.hpp"
#include "adapters/sql/ringing_calls.hpp"
#include "adapters/sql/stored_calls.hpp"

namespace belfry::postgres {

std::vector<store::StoredCall> stored_calls(const Rows& rows) {
  sql::StoredCalls calls;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    calls.take(row);
  }
  return std::move(calls).all();
}

std::optional<store::StoredCall> find_call(Connection& connection, const store::CallId& id) {
  static const std::string text = sql::select_stored_calls(R"(SELECT * FROM calls WHERE "id" = $1)");
  Params params;
  params.uuid(id.value());
  auto calls = stored_calls(connection.run(text, params));
  if (calls.empty()) return std::nullopt;
  return std::move(calls.front());
}

std::optional<store::CallId> active_call_in(Connection& connection, const store::ConversationId& conversation) {
  Params params;
  params.uuid(conversation.value());
  const auto rows =
      connection.run(R"(SELECT "id" FROM calls WHERE "conversationId" = $1 AND "status" IN ('calling', 'connected'))", params);
  return rows.empty() ? std::nullopt : std::optional(store::CallId(rows.at(0).uuid()));
}

store::ConversationCall call_in_conversation(Connection& connection, const store::ConversationId& conversation,
                                             const store::UserId& reader) {
  if (!is_member(connection, conversation, reader)) return {};
  static const std::string text =
      sql::select_stored_calls(R"(SELECT * FROM calls WHERE "conversationId" = $1 )"
                               R"(ORDER BY "status" IN ('calling', 'connected') DESC, "createdAt" DESC, "id" DESC LIMIT 1)");
  Params params;
  params.uuid(conversation.value());
  auto calls = stored_calls(connection.run(text, params));
  store::ConversationCall found{.reader = store::ConversationCall::Reader::member};
  if (!calls.empty()) found.call = std::move(calls.front());
  return found;
}

std::vector<store::StoredCall> find_active(Connection& connection, std::size_t limit) {
  static const std::string text = sql::select_stored_calls(
      R"(SELECT * FROM calls WHERE "status" IN ('calling', 'connected') ORDER BY "createdAt", "id" LIMIT $1)");
  Params params;
  params.number(static_cast<std::int64_t>(limit));
  return stored_calls(connection.run(text, params));
}

std::vector<store::CallId> find_overdue(Connection& connection, WallTime now, std::size_t limit) {
  static const std::string text = std::string(R"(SELECT "id" FROM calls WHERE )")
                                      .append(sql::kIsRinging)
                                      .append(" AND ")
                                      .append(sql::ring_deadline())
                                      .append(R"( < $1 ORDER BY "createdAt", "id" LIMIT $2)");
  Params params;
  params.time(now);
  params.number(static_cast<std::int64_t>(limit));
  const auto rows = connection.run(text, params);
  std::vector<store::CallId> ids;
  for (int i = 0; i < rows.size(); ++i) ids.emplace_back(rows.at(i).uuid());
  return ids;
}

}  // namespace belfry::postgres
