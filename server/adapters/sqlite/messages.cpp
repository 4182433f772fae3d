#include "adapters/sqlite/messages.hpp"

#include <utility>

#include "adapters/sql/message_columns.hpp"
#include "adapters/sql/search_terms.hpp"
#include "adapters/sqlite/call_reads.hpp"

namespace belfry::sqlite {
namespace {

std::string select_message(std::string_view rest) {
  return std::string("SELECT ").append(sql::kMessageColumns).append(" FROM messages g ").append(rest);
}

std::vector<Message> take_messages(Use& use) {
  std::vector<Message> found;
  while (use.row()) found.push_back(sql::take_message(use));
  return found;
}

std::optional<Message> take_one(Use& use) {
  if (!use.row()) return std::nullopt;
  return sql::take_message(use);
}

void index_message(Connection& connection, std::int64_t number, const std::string& terms) {
  if (terms.empty()) return;
  static const Sql text(R"(INSERT INTO messages_search (rowid, "terms") VALUES (?, ?))");
  Use use(connection.prepared(text));
  use.number(number);
  use.text(terms);
  use.run();
}

std::vector<store::UnreadCount> unread_counts(Connection& connection, const UserId& user) {
  static const Sql text(
      std::string(R"(SELECT m."conversationId", )")
          .append(sql::unread_count("max"))
          .append(R"( FROM conversation_members m JOIN conversations c ON c."id" = m."conversationId" )")
          .append(R"(AND c."lastSeq" > m."readUpToSeq" WHERE m."userId" = ? AND m."leftAt" IS NULL ORDER BY 1)"));
  Use use(connection.prepared(text));
  use.uuid(user.value());
  std::vector<store::UnreadCount> counts;
  while (use.row()) {
    const ConversationId conversation(use.uuid());
    if (const auto count = use.number(); count > 0) counts.push_back({conversation, static_cast<std::uint64_t>(count)});
  }
  return counts;
}

}  // namespace

std::optional<sql::Standing> standing_of(Connection& connection, const ConversationId& conversation, const UserId& user) {
  static const Sql text(std::string("SELECT ")
                            .append(sql::kStandingColumns)
                            .append(R"( FROM conversation_members m JOIN conversations c ON c."id" = m."conversationId" )")
                            .append(R"(WHERE m."conversationId" = ? AND m."userId" = ? AND m."leftAt" IS NULL)"));
  Use use(connection.prepared(text));
  use.uuid(conversation.value());
  use.uuid(user.value());
  if (!use.row()) return std::nullopt;
  return sql::take_standing(use, user);
}

std::vector<UserId> members_of(Connection& connection, const ConversationId& conversation) {
  static const Sql text(R"(SELECT "userId" FROM conversation_members WHERE "conversationId" = ? AND "leftAt" IS NULL )"
                        R"(ORDER BY "joinedAt", "userId")");
  Use use(connection.prepared(text));
  use.uuid(conversation.value());
  std::vector<UserId> users;
  while (use.row()) users.emplace_back(use.uuid());
  return users;
}

std::vector<UserId> readers_of(Connection& connection, const ConversationId& conversation, std::uint64_t seq) {
  static const Sql text(R"(SELECT "userId" FROM conversation_members WHERE "conversationId" = ? AND "leftAt" IS NULL )"
                        R"(AND "joinedAfterSeq" < ? ORDER BY "joinedAt", "userId")");
  Use use(connection.prepared(text));
  use.uuid(conversation.value());
  use.number(static_cast<std::int64_t>(seq));
  std::vector<UserId> users;
  while (use.row()) users.emplace_back(use.uuid());
  return users;
}

std::vector<chat::MemberPointers> pointers_of(Connection& connection, const ConversationId& conversation) {
  static const Sql text(std::string("SELECT ")
                            .append(sql::kPointerColumns)
                            .append(R"( FROM conversation_members WHERE "conversationId" = ? AND "leftAt" IS NULL )"
                                    R"(ORDER BY "joinedAt", "userId")"));
  Use use(connection.prepared(text));
  use.uuid(conversation.value());
  std::vector<chat::MemberPointers> members;
  while (use.row()) members.push_back(sql::take_pointers(use));
  return members;
}

std::vector<ConversationId> conversations_of(Connection& connection, const UserId& user) {
  static const Sql text(R"(SELECT "conversationId" FROM conversation_members WHERE "userId" = ? AND "leftAt" IS NULL)");
  Use use(connection.prepared(text));
  use.uuid(user.value());
  std::vector<ConversationId> ids;
  while (use.row()) ids.emplace_back(use.uuid());
  return ids;
}

std::optional<Message> find_message(Connection& connection, const ConversationId& conversation, const MessageId& id) {
  static const Sql text(select_message(R"(WHERE g."id" = ? AND g."conversationId" = ?)"));
  Use use(connection.prepared(text));
  use.uuid(id.value());
  use.uuid(conversation.value());
  return take_one(use);
}

std::optional<Message> message_sent_as(Connection& connection, const ConversationId& conversation, const UserId& sender,
                                       std::string_view client_id) {
  static const Sql text(select_message(R"(WHERE g."conversationId" = ? AND g."senderId" = ? AND g."clientMessageId" = ?)"));
  Use use(connection.prepared(text));
  use.uuid(conversation.value());
  use.uuid(sender.value());
  use.text(client_id);
  return take_one(use);
}

std::vector<Message> messages_between(Connection& connection, const ConversationId& conversation, const sql::MessageSpan& span) {
  static const std::string where(R"(WHERE g."conversationId" = ? AND g."seq" > ? AND g."seq" < ? ORDER BY g."seq" )");
  static const Sql forward(select_message(where + "LIMIT ?"));
  static const Sql backward(select_message(where + "DESC LIMIT ?"));
  Use use(connection.prepared(span.forward ? forward : backward));
  use.uuid(conversation.value());
  use.number(static_cast<std::int64_t>(span.from));
  use.number(static_cast<std::int64_t>(span.to));
  use.number(span.limit);
  return take_messages(use);
}

void insert_message(Connection& connection, const Message& message) {
  static const Sql newest(R"(UPDATE conversations SET "lastSeq" = ?, "updatedAt" = max("updatedAt", ?) WHERE "id" = ?)");
  static const Sql text(std::string("INSERT INTO messages (")
                            .append(sql::kMessageColumnNames)
                            .append(") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  {
    const std::string attachments = sql::attachments_text(message.attachments);
    Use use(connection.prepared(text));
    sql::put_message(use, message, attachments);
    use.run();
  }
  index_message(connection, sqlite3_last_insert_rowid(connection.get()), sql::index_terms(message));
  Use use(connection.prepared(newest));
  use.number(static_cast<std::int64_t>(message.seq));
  use.time(message.created);
  use.uuid(message.conversation.value());
  use.run();
}

std::optional<store::WrittenEntry> put_call_entry(Connection& connection, Message entry) {
  {
    static const Sql text(R"(SELECT "lastSeq" FROM conversations WHERE "id" = ?)");
    Use use(connection.prepared(text));
    use.uuid(entry.conversation.value());
    if (!use.row()) return std::nullopt;
    entry.seq = static_cast<std::uint64_t>(use.number()) + 1;
  }
  insert_message(connection, entry);
  sql::settle_if_due(connection, entry.conversation, entry.seq);
  auto members = members_of(connection, entry.conversation);
  return store::WrittenEntry{.message = std::move(entry), .members = std::move(members)};
}

std::optional<store::WrittenEntry> entry_of_call(Connection& connection, const store::CallId& call) {
  static const Sql text(select_message(R"(WHERE g."callId" = ?)"));
  std::optional<Message> entry;
  {
    Use use(connection.prepared(text));
    use.uuid(call.value());
    entry = take_one(use);
  }
  if (!entry) return std::nullopt;
  auto members = members_of(connection, entry->conversation);
  return store::WrittenEntry{.message = *std::move(entry), .members = std::move(members)};
}

void update_message(Connection& connection, const Message& message) {
  std::int64_t number = 0;
  {
    Use use(connection.prepared(R"(SELECT "number" FROM messages WHERE "id" = ?)"));
    use.uuid(message.id.value());
    if (!use.row()) return;
    number = use.number();
  }
  {
    const std::string attachments = sql::attachments_text(message.attachments);
    Use use(connection.prepared(
        R"(UPDATE messages SET "text" = ?, "editedAt" = ?, "deletedAt" = ?, "attachments" = ?, "sentText" = ? )"
        R"(WHERE "number" = ?)"));
    use.text(message.text);
    use.maybe_time(message.edited);
    use.maybe_time(message.deleted);
    use.text(attachments);
    use.maybe_number(message.sent_text);
    use.number(number);
    use.run();
  }
  {
    Use use(connection.prepared("DELETE FROM messages_search WHERE rowid = ?"));
    use.number(number);
    use.run();
  }
  index_message(connection, number, sql::index_terms(message));
}

void set_pointers(Connection& connection, const ConversationId& conversation, const UserId& user, const chat::Pointers& now) {
  static const Sql text(
      std::string(R"(UPDATE conversation_members AS m SET "readUpToSeq" = ?1, "deliveredUpToSeq" = ?2, )")
          .append(R"("countedUnread" = CASE WHEN m."countedUpToSeq" > ?1 THEN m."countedUnread" - (SELECT count(*) )")
          .append(R"(FROM messages g WHERE g."conversationId" = m."conversationId" AND g."seq" > m."readUpToSeq" )")
          .append(R"(AND g."seq" <= ?1 AND)")
          .append(sql::is_unread())
          .append(R"() ELSE 0 END WHERE m."conversationId" = ?3 AND m."userId" = ?4)"));
  Use use(connection.prepared(text));
  use.number(static_cast<std::int64_t>(now.read));
  use.number(static_cast<std::int64_t>(now.delivered));
  use.uuid(conversation.value());
  use.uuid(user.value());
  use.run();
}

void settle_unread(Connection& connection, const ConversationId& conversation, std::uint64_t seq) {
  static const Sql text(
      std::string(R"(UPDATE conversation_members AS m SET "countedUpToSeq" = ?1, "countedUnread" = )")
          .append(sql::unread_count("max"))
          .append(R"( WHERE m."conversationId" = ?2 AND m."userId" IN (SELECT l."userId" FROM conversation_members l )")
          .append(R"(WHERE l."conversationId" = ?2 AND l."leftAt" IS NULL )")
          .append(R"(AND max(l."countedUpToSeq", l."readUpToSeq") + ?3 <= ?1 )")
          .append(R"(ORDER BY max(l."countedUpToSeq", l."readUpToSeq") LIMIT ?4))"));
  Use use(connection.prepared(text));
  use.number(static_cast<std::int64_t>(seq));
  use.uuid(conversation.value());
  use.number(static_cast<std::int64_t>(sql::kLag));
  use.number(static_cast<std::int64_t>(sql::kSettledAtOnce));
  use.run();
}

std::vector<UserId> unread_by(Connection& connection, const Message& message) {
  static const Sql text(std::string(R"(SELECT m."userId" FROM messages g JOIN conversation_members m )")
                            .append(R"(ON m."conversationId" = g."conversationId" AND m."leftAt" IS NULL )")
                            .append(R"(WHERE g."id" = ? AND g."seq" > m."readUpToSeq" AND)")
                            .append(sql::is_unread()));
  Use use(connection.prepared(text));
  use.uuid(message.id.value());
  std::vector<UserId> users;
  while (use.row()) users.emplace_back(use.uuid());
  return users;
}

void uncount(Connection& connection, const Message& message) {
  static const Sql text(std::string(R"(UPDATE conversation_members AS m SET "countedUnread" = m."countedUnread" - 1 )")
                            .append(R"(WHERE m."conversationId" = ?1 AND m."readUpToSeq" < ?2 AND m."countedUpToSeq" >= ?2 )")
                            .append(R"(AND EXISTS (SELECT 1 FROM messages g WHERE g."id" = ?3 AND)")
                            .append(sql::is_unread())
                            .append(")"));
  Use use(connection.prepared(text));
  use.uuid(message.conversation.value());
  use.number(static_cast<std::int64_t>(message.seq));
  use.uuid(message.id.value());
  use.run();
}

std::uint64_t unread_in(Connection& connection, const ConversationId& conversation, const UserId& user) {
  static const Sql text(std::string("SELECT ")
                            .append(sql::unread_count("max"))
                            .append(R"( FROM conversation_members m WHERE m."conversationId" = ? AND m."userId" = ?)"));
  Use use(connection.prepared(text));
  use.uuid(conversation.value());
  use.uuid(user.value());
  return use.row() ? static_cast<std::uint64_t>(use.number()) : 0;
}

std::vector<sql::UnreadSpan> unread_spans(Connection& connection, const std::vector<UserId>& users) {
  static const Sql text(
      std::string("SELECT ")
          .append(sql::unread_span_columns("max"))
          .append(R"( FROM conversation_members m JOIN conversations c ON c."id" = m."conversationId" )")
          .append(
              R"(AND c."lastSeq" > m."readUpToSeq" WHERE m."userId" = ? AND m."leftAt" IS NULL ORDER BY m."conversationId")"));
  std::vector<sql::UnreadSpan> spans;
  for (const UserId& user : users) {
    Use use(connection.prepared(text));
    use.uuid(user.value());
    while (use.row()) spans.push_back(sql::take_unread_span(use));
  }
  return spans;
}

std::vector<sql::TailMessage> messages_of(Connection& connection, const std::vector<sql::Tail>& tails) {
  static const Sql text(
      std::string(R"(SELECT g."seq", g."senderId" FROM messages g WHERE g."conversationId" = ? AND g."seq" > ? AND)")
          .append(sql::kMayBeUnread)
          .append(R"(ORDER BY g."seq")"));
  std::vector<sql::TailMessage> messages;
  for (const auto& [conversation, from] : tails) {
    Use use(connection.prepared(text));
    use.uuid(conversation.value());
    use.number(static_cast<std::int64_t>(from));
    while (use.row()) {
      const auto seq = static_cast<std::uint64_t>(use.number());
      messages.push_back({conversation, seq, UserId(use.uuid())});
    }
  }
  return messages;
}

std::vector<store::UserUnread> unread_of(Connection& connection, const std::vector<UserId>& users) {
  if (users.size() == 1) return {{users.front(), unread_counts(connection, users.front())}};
  return sql::unread_of_many(connection, users);
}

void add_overviews(Connection& connection, std::span<store::StoredConversation> conversations, const UserId& reader) {
  static const Sql text(
      select_message(R"(JOIN conversation_members m ON m."conversationId" = g."conversationId" AND m."userId" = ? )"
                     R"(AND m."leftAt" IS NULL AND g."seq" > m."joinedAfterSeq" )"
                     R"(WHERE g."conversationId" = ? ORDER BY g."seq" DESC LIMIT 1)"));
  for (auto& each : conversations) {
    {
      Use use(connection.prepared(text));
      use.uuid(reader.value());
      use.uuid(each.conversation.id.value());
      each.newest = take_one(use);
    }
    if (each.newest) each.unread = unread_in(connection, each.conversation.id, reader);
    each.active_call = active_call_in(connection, each.conversation.id);
  }
}

}  // namespace belfry::sqlite
