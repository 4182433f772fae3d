#include "adapters/sqlite/call_reads.hpp"

#include <string>

#include "adapters/sql/ringing_calls.hpp"
#include "adapters/sql/stored_calls.hpp"
#include "adapters/sqlite/conversations.hpp"

namespace belfry::sqlite {

std::vector<store::StoredCall> stored_calls(Use& use) {
  sql::StoredCalls calls;
  while (use.row()) calls.take(use);
  return std::move(calls).all();
}

std::optional<store::StoredCall> find_call(Connection& connection, const store::CallId& id) {
  static const Sql text(sql::select_stored_calls(R"(SELECT * FROM calls WHERE "id" = ?)"));
  Use use(connection.prepared(text));
  use.uuid(id.value());
  auto calls = stored_calls(use);
  if (calls.empty()) return std::nullopt;
  return std::move(calls.front());
}

std::optional<store::CallId> active_call_in(Connection& connection, const store::ConversationId& conversation) {
  static const Sql text(R"(SELECT "id" FROM calls WHERE "conversationId" = ? AND "status" IN ('calling', 'connected'))");
  Use use(connection.prepared(text));
  use.uuid(conversation.value());
  return use.row() ? std::optional(store::CallId(use.uuid())) : std::nullopt;
}

store::ConversationCall call_in_conversation(Connection& connection, const store::ConversationId& conversation,
                                             const store::UserId& reader) {
  if (!is_member(connection, conversation, reader)) return {};
  static const Sql text(sql::select_stored_calls(R"(SELECT * FROM calls WHERE "conversationId" = ? )"
                                                 R"(ORDER BY "status" IN ('calling', 'connected') DESC, "createdAt" DESC, )"
                                                 R"("id" DESC LIMIT 1)"));
  Use use(connection.prepared(text));
  use.uuid(conversation.value());
  auto calls = stored_calls(use);
  store::ConversationCall found{.reader = store::ConversationCall::Reader::member};
  if (!calls.empty()) found.call = std::move(calls.front());
  return found;
}

std::vector<store::StoredCall> find_active(Connection& connection, std::size_t limit) {
  static const std::string text = sql::select_stored_calls(
      R"(SELECT * FROM calls WHERE "status" IN ('calling', 'connected') ORDER BY "createdAt", "id" LIMIT ?)");
  Use use(connection.prepared(text));
  use.number(static_cast<std::int64_t>(limit));
  return stored_calls(use);
}

std::vector<store::CallId> find_overdue(Connection& connection, WallTime now, std::size_t limit) {
  static const Sql text(std::string(R"(SELECT "id" FROM calls WHERE )")
                            .append(sql::kIsRinging)
                            .append(" AND ")
                            .append(sql::ring_deadline())
                            .append(R"( < ? ORDER BY "createdAt", "id" LIMIT ?)"));
  Use use(connection.prepared(text));
  use.time(now);
  use.number(static_cast<std::int64_t>(limit));
  std::vector<store::CallId> ids;
  while (use.row()) ids.emplace_back(use.uuid());
  return ids;
}

}  // namespace belfry::sqlite
