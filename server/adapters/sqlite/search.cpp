#include "adapters/sqlite/search.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "adapters/sql/message_columns.hpp"
#include "adapters/sql/search_terms.hpp"

namespace belfry::sqlite {
namespace {

using sql::ReadablePart;
using store::ConversationId;

/// `parts`: by conversation.
bool may_read(const std::vector<ReadablePart>& parts, const ConversationId& conversation, std::uint64_t seq) {
  const auto part = std::lower_bound(parts.begin(), parts.end(), conversation,
                                     [](const ReadablePart& each, const ConversationId& id) { return each.conversation < id; });
  return part != parts.end() && part->conversation == conversation && seq > part->joined_after;
}

}  // namespace

std::vector<ReadablePart> readable_parts(Connection& connection, const store::UserId& reader,
                                         const std::vector<ConversationId>& conversations) {
  static const Sql text(
      R"(SELECT m."joinedAfterSeq", c."lastSeq" FROM conversation_members m JOIN conversations c )"
      R"(ON c."id" = m."conversationId" WHERE m."conversationId" = ? AND m."userId" = ? AND m."leftAt" IS NULL)");
  std::vector<ReadablePart> parts;
  for (const ConversationId& conversation : conversations) {
    Use use(connection.prepared(text));
    use.uuid(conversation.value());
    use.uuid(reader.value());
    if (!use.row()) continue;
    const auto joined_after = static_cast<std::uint64_t>(use.number());
    parts.push_back({conversation, joined_after, static_cast<std::uint64_t>(use.number())});
  }
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.conversation < b.conversation; });
  return parts;
}

void read_ahead(Connection& connection, const std::vector<sql::ConversationTail*>& tails) {
  // Without the text: the index of numbers has all of it, and most of what is read ahead for a sample is not looked at.
  static const Sql text(R"(SELECT "number", "seq" FROM messages WHERE "conversationId" = ? AND "seq" > ? AND "seq" <= ? )"
                        R"(ORDER BY "seq" DESC LIMIT ?)");
  for (sql::ConversationTail* tail : tails) {
    auto& [conversation, joined_after, last_seq] = tail->unread;
    Use use(connection.prepared(text));
    use.uuid(conversation.value());
    use.number(static_cast<std::int64_t>(joined_after));
    use.number(static_cast<std::int64_t>(last_seq));
    use.number(static_cast<std::int64_t>(tail->count));
    std::size_t read = 0;
    for (; use.row(); ++read) {
      tail->ahead.push_back({.number = use.number()});
      last_seq = static_cast<std::uint64_t>(use.number()) - 1;
    }
    if (read < tail->count) last_seq = joined_after;
  }
}

std::string text_of(Connection& connection, const sql::MessageAhead& message) {
  static const Sql text(R"(SELECT "text" FROM messages WHERE "number" = ? AND "deletedAt" IS NULL AND "kind" <> 'system')");
  Use use(connection.prepared(text));
  use.number(message.number);
  return use.row() ? std::string(use.text()) : std::string();
}

std::vector<store::Message> messages_numbered(Connection& connection, const std::vector<std::int64_t>& numbers) {
  static const Sql text(std::string("SELECT ").append(sql::kMessageColumns).append(R"( FROM messages g WHERE g."number" = ?)"));
  std::vector<store::Message> found;
  for (const std::int64_t number : numbers) {
    Use use(connection.prepared(text));
    use.number(number);
    if (use.row()) found.push_back(sql::take_message(use));
  }
  return found;
}

// The limit is the caller's, who stops. FTS5 gives one row after the other.
void each_in_index(Connection& connection, const std::vector<ReadablePart>& parts, const std::vector<std::string>& asked,
                   std::size_t /*limit*/, const std::function<bool(sql::MessageAhead)>& take) {
  // CROSS JOIN: the index comes first, whatever the planner thinks.
  static const Sql text(
      R"(SELECT g."conversationId", g."seq", g."number", g."text" FROM messages_search s CROSS JOIN messages g )"
      R"(ON g."number" = s.rowid WHERE messages_search MATCH ? ORDER BY s.rowid DESC)");
  std::vector<ConversationId> conversations;
  for (const ReadablePart& part : parts) conversations.push_back(part.conversation);
  const std::string match =
      sql::search_text({.before = "\"", .behind = "\"*", .all_of = " AND ", .one_of = " OR "}, conversations, asked);
  Use use(connection.prepared(text));
  use.text(match);
  while (use.row()) {
    const ConversationId conversation(use.uuid());
    if (!may_read(parts, conversation, static_cast<std::uint64_t>(use.number()))) continue;
    const std::int64_t number = use.number();
    if (!take({number, std::string(use.text())})) return;
  }
}

// 2.7 us for a message, 0.23 us for an entry.
sql::SearchCosts search_costs(const Connection& /*connection*/) { return {.row = 12, .sample = 256, .most_read = 32'000}; }

}  // namespace belfry::sqlite
