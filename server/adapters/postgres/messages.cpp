#include "adapters/postgres/messages.hpp"

#include <algorithm>
#include <utility>

#include "adapters/postgres/id_array.hpp"
#include "adapters/sql/message_columns.hpp"
#include "adapters/sql/search_terms.hpp"

namespace belfry::postgres {
namespace {

std::string select_message(std::string_view rest) {
  return std::string("SELECT ").append(sql::kMessageColumns).append(" FROM messages g ").append(rest);
}

std::vector<Message> take_messages(const Rows& rows) {
  std::vector<Message> found;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    found.push_back(sql::take_message(row));
  }
  return found;
}

void add_active_calls(Connection& connection, std::span<store::StoredConversation> conversations) {
  std::vector<ConversationId> ids;
  for (const auto& each : conversations) ids.push_back(each.conversation.id);
  if (ids.empty()) return;
  Params params;
  put_ids(params, ids);
  const auto rows = connection.run(
      R"(SELECT "conversationId", "id" FROM calls WHERE "conversationId" = ANY ($1) AND "status" IN ('calling', 'connected'))",
      params);
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const ConversationId conversation(row.uuid());
    const store::CallId call(row.uuid());
    for (auto& each : conversations)
      if (each.conversation.id == conversation) each.active_call = call;
  }
}

std::vector<store::UnreadCount> unread_counts(Connection& connection, const UserId& user) {
  static const std::string text =
      std::string(R"(SELECT m."conversationId", )")
          .append(sql::unread_count("greatest"))
          .append(R"( FROM conversation_members m JOIN conversations c ON c."id" = m."conversationId" )")
          .append(R"(AND c."lastSeq" > m."readUpToSeq" WHERE m."userId" = $1 AND m."leftAt" IS NULL ORDER BY 1)");
  Params params;
  params.uuid(user.value());
  const auto rows = connection.run(text, params);
  std::vector<store::UnreadCount> counts;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const ConversationId conversation(row.uuid());
    if (const auto count = row.number(); count > 0) counts.push_back({conversation, static_cast<std::uint64_t>(count)});
  }
  return counts;
}

Params pair_of_ids(const Uuid& first, const Uuid& second) {
  Params params;
  params.uuid(first);
  params.uuid(second);
  return params;
}

}  // namespace

std::optional<Message> take_message(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  auto row = rows.at(0);
  return sql::take_message(row);
}

Statement ask_standing(const ConversationId& conversation, const UserId& user) {
  static const std::string text =
      std::string("SELECT ")
          .append(sql::kStandingColumns)
          .append(R"( FROM conversation_members m JOIN conversations c ON c."id" = m."conversationId" )")
          .append(R"(WHERE m."conversationId" = $1 AND m."userId" = $2 AND m."leftAt" IS NULL)");
  return {text, pair_of_ids(conversation.value(), user.value())};
}

std::optional<sql::Standing> take_standing(const Rows& rows, const UserId& user) {
  if (rows.empty()) return std::nullopt;
  auto row = rows.at(0);
  return sql::take_standing(row, user);
}

std::optional<sql::Standing> standing_of(Connection& connection, const ConversationId& conversation, const UserId& user) {
  return take_standing(connection.run(ask_standing(conversation, user)), user);
}

std::vector<UserId> members_of(Connection& connection, const ConversationId& conversation) {
  Params params;
  params.uuid(conversation.value());
  const auto rows =
      connection.run(R"(SELECT "userId" FROM conversation_members WHERE "conversationId" = $1 AND "leftAt" IS NULL )"
                     R"(ORDER BY "joinedAt", "userId")",
                     params);
  std::vector<UserId> users;
  for (int i = 0; i < rows.size(); ++i) users.emplace_back(rows.at(i).uuid());
  return users;
}

std::vector<UserId> readers_of(Connection& connection, const ConversationId& conversation, std::uint64_t seq) {
  Params params;
  params.uuid(conversation.value());
  params.number(static_cast<std::int64_t>(seq));
  const auto rows =
      connection.run(R"(SELECT "userId" FROM conversation_members WHERE "conversationId" = $1 AND "leftAt" IS NULL )"
                     R"(AND "joinedAfterSeq" < $2 ORDER BY "joinedAt", "userId")",
                     params);
  std::vector<UserId> users;
  for (int i = 0; i < rows.size(); ++i) users.emplace_back(rows.at(i).uuid());
  return users;
}

Statement ask_pointers(const ConversationId& conversation) {
  static const std::string text = std::string("SELECT ")
                                      .append(sql::kPointerColumns)
                                      .append(R"( FROM conversation_members WHERE "conversationId" = $1 AND "leftAt" IS NULL )"
                                              R"(ORDER BY "joinedAt", "userId")");
  Params params;
  params.uuid(conversation.value());
  return {text, std::move(params)};
}

std::vector<chat::MemberPointers> take_pointers(const Rows& rows) {
  std::vector<chat::MemberPointers> members;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    members.push_back(sql::take_pointers(row));
  }
  return members;
}

std::vector<chat::MemberPointers> pointers_of(Connection& connection, const ConversationId& conversation) {
  return take_pointers(connection.run(ask_pointers(conversation)));
}

std::vector<ConversationId> conversations_of(Connection& connection, const UserId& user) {
  Params params;
  params.uuid(user.value());
  const auto rows =
      connection.run(R"(SELECT "conversationId" FROM conversation_members WHERE "userId" = $1 AND "leftAt" IS NULL)", params);
  std::vector<ConversationId> ids;
  for (int i = 0; i < rows.size(); ++i) ids.emplace_back(rows.at(i).uuid());
  return ids;
}

Statement ask_message(const ConversationId& conversation, const MessageId& id) {
  static const std::string text = select_message(R"(WHERE g."id" = $1 AND g."conversationId" = $2)");
  return {text, pair_of_ids(id.value(), conversation.value())};
}

std::optional<Message> find_message(Connection& connection, const ConversationId& conversation, const MessageId& id) {
  return take_message(connection.run(ask_message(conversation, id)));
}

Statement ask_sent_as(const ConversationId& conversation, const UserId& sender, std::string_view client_id) {
  static const std::string text =
      select_message(R"(WHERE g."conversationId" = $1 AND g."senderId" = $2 AND g."clientMessageId" = $3)");
  Params params = pair_of_ids(conversation.value(), sender.value());
  params.text(client_id);
  return {text, std::move(params)};
}

std::optional<Message> message_sent_as(Connection& connection, const ConversationId& conversation, const UserId& sender,
                                       std::string_view client_id) {
  return take_message(connection.run(ask_sent_as(conversation, sender, client_id)));
}

std::vector<Message> messages_between(Connection& connection, const ConversationId& conversation, const sql::MessageSpan& span) {
  static const std::string where = R"(WHERE g."conversationId" = $1 AND g."seq" > $2 AND g."seq" < $3 ORDER BY g."seq" )";
  static const std::string forward = select_message(where + "LIMIT $4"), backward = select_message(where + "DESC LIMIT $4");
  Params params;
  params.uuid(conversation.value());
  params.number(static_cast<std::int64_t>(span.from));
  params.number(static_cast<std::int64_t>(span.to));
  params.number(span.limit);
  return take_messages(connection.run(span.forward ? forward : backward, params));
}

void insert_message(Connection& connection, const Message& message) {
  static const std::string text =
      std::string("INSERT INTO messages (")
          .append(sql::kMessageColumnNames)
          .append(R"(, "search") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, )")
          .append(R"($13, $14, $15, $16, $17, $18, $19, array_to_tsvector(string_to_array($20, ' '))))");
  const std::string attachments = sql::attachments_text(message.attachments);
  Params params;
  sql::put_message(params, message, attachments);
  params.text(sql::index_terms(message));
  connection.post(text, std::move(params));
  Params newest;
  newest.number(static_cast<std::int64_t>(message.seq));
  newest.time(message.created);
  newest.uuid(message.conversation.value());
  connection.post(R"(UPDATE conversations SET "lastSeq" = $1, "updatedAt" = greatest("updatedAt", $2) WHERE "id" = $3)",
                  std::move(newest));
}

std::optional<store::WrittenEntry> entry_of_call(Connection& connection, const store::CallId& call) {
  static const std::string text = select_message(R"(WHERE g."callId" = $1)");
  Params params;
  params.uuid(call.value());
  auto entry = take_message(connection.run(text, params));
  if (!entry) return std::nullopt;
  auto members = members_of(connection, entry->conversation);
  return store::WrittenEntry{.message = *std::move(entry), .members = std::move(members)};
}

void update_message(Connection& connection, const Message& message) {
  Params params;
  params.uuid(message.id.value());
  params.text(message.text);
  params.maybe_time(message.edited);
  params.maybe_time(message.deleted);
  params.text(sql::index_terms(message));
  params.text(sql::attachments_text(message.attachments));
  params.maybe_number(message.sent_text);
  connection.post(
      R"(UPDATE messages SET "text" = $2, "editedAt" = $3, "deletedAt" = $4, )"
      R"("search" = array_to_tsvector(string_to_array($5, ' ')), "attachments" = $6, "sentText" = $7 WHERE "id" = $1)",
      std::move(params));
}

void set_pointers(Connection& connection, const ConversationId& conversation, const UserId& user, const chat::Pointers& now) {
  static const std::string text =
      std::string(R"(UPDATE conversation_members m SET "readUpToSeq" = $3, "deliveredUpToSeq" = $4, )")
          .append(R"("countedUnread" = CASE WHEN m."countedUpToSeq" > $3 THEN m."countedUnread" - (SELECT count(*) )")
          .append(R"(FROM messages g WHERE g."conversationId" = m."conversationId" AND g."seq" > m."readUpToSeq" )")
          .append(R"(AND g."seq" <= $3 AND)")
          .append(sql::is_unread())
          .append(R"() ELSE 0 END WHERE m."conversationId" = $1 AND m."userId" = $2)");
  Params params = pair_of_ids(conversation.value(), user.value());
  params.number(static_cast<std::int64_t>(now.read));
  params.number(static_cast<std::int64_t>(now.delivered));
  connection.post(text, std::move(params));
}

void settle_unread(Connection& connection, const ConversationId& conversation, std::uint64_t seq) {
  static const std::string text =
      std::string(R"(UPDATE conversation_members m SET "countedUpToSeq" = $2, "countedUnread" = )")
          .append(sql::unread_count("greatest"))
          .append(R"( WHERE m."conversationId" = $1 AND m."userId" = ANY (ARRAY(SELECT l."userId" FROM conversation_members l )")
          .append(R"(WHERE l."conversationId" = $1 AND l."leftAt" IS NULL )")
          .append(R"(AND greatest(l."countedUpToSeq", l."readUpToSeq") + $3 <= $2 )")
          .append(R"(ORDER BY greatest(l."countedUpToSeq", l."readUpToSeq") LIMIT $4)))");
  Params params;
  params.uuid(conversation.value());
  params.number(static_cast<std::int64_t>(seq));
  params.number(static_cast<std::int64_t>(sql::kLag));
  params.number(static_cast<std::int64_t>(sql::kSettledAtOnce));
  connection.post(text, std::move(params));
}

std::vector<UserId> unread_by(Connection& connection, const Message& message) {
  static const std::string text = std::string(R"(SELECT m."userId" FROM messages g JOIN conversation_members m )")
                                      .append(R"(ON m."conversationId" = g."conversationId" AND m."leftAt" IS NULL )")
                                      .append(R"(WHERE g."id" = $1 AND g."seq" > m."readUpToSeq" AND)")
                                      .append(sql::is_unread());
  Params params;
  params.uuid(message.id.value());
  const auto rows = connection.run(text, params);
  std::vector<UserId> users;
  for (int i = 0; i < rows.size(); ++i) users.emplace_back(rows.at(i).uuid());
  return users;
}

void uncount(Connection& connection, const Message& message) {
  static const std::string text =
      std::string(R"(UPDATE conversation_members m SET "countedUnread" = m."countedUnread" - 1 FROM messages g )")
          .append(R"(WHERE g."id" = $1 AND m."conversationId" = g."conversationId" AND m."readUpToSeq" < g."seq" )")
          .append(R"(AND m."countedUpToSeq" >= g."seq" AND)")
          .append(sql::is_unread());
  Params params;
  params.uuid(message.id.value());
  connection.post(text, std::move(params));
}

Statement ask_unread(const ConversationId& conversation, const UserId& user) {
  static const std::string text =
      std::string("SELECT ")
          .append(sql::unread_count("greatest"))
          .append(R"( FROM conversation_members m WHERE m."conversationId" = $1 AND m."userId" = $2)");
  return {text, pair_of_ids(conversation.value(), user.value())};
}

std::uint64_t take_unread(const Rows& rows) { return rows.empty() ? 0 : static_cast<std::uint64_t>(rows.at(0).number()); }

std::uint64_t unread_in(Connection& connection, const ConversationId& conversation, const UserId& user) {
  return take_unread(connection.run(ask_unread(conversation, user)));
}

std::vector<sql::UnreadSpan> unread_spans(Connection& connection, const std::vector<UserId>& users) {
  static const std::string text =
      std::string("SELECT ")
          .append(sql::unread_span_columns("greatest"))
          .append(R"( FROM conversation_members m JOIN conversations c ON c."id" = m."conversationId" )")
          .append(R"(AND c."lastSeq" > m."readUpToSeq" WHERE m."userId" = ANY ($1) AND m."leftAt" IS NULL ORDER BY 2)");
  Params params;
  put_ids(params, users);
  const auto rows = connection.run(text, params);
  std::vector<sql::UnreadSpan> spans;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    spans.push_back(sql::take_unread_span(row));
  }
  return spans;
}

std::vector<sql::TailMessage> messages_of(Connection& connection, const std::vector<sql::Tail>& tails) {
  // Asked for each conversation, so that the plan goes by the index of messages, however many there are.
  static const std::string text =
      std::string(R"(SELECT g."conversationId", g."seq", g."senderId" FROM unnest($1::uuid[], $2::bigint[]) AS t("id", "from") )")
          .append(
              R"(CROSS JOIN LATERAL (SELECT g.* FROM messages g WHERE g."conversationId" = t."id" AND g."seq" > t."from" AND)")
          .append(sql::kMayBeUnread)
          .append(R"(ORDER BY g."seq" OFFSET 0) g)");
  std::vector<ConversationId> ids;
  std::vector<std::uint64_t> starts;
  for (const auto& [conversation, from] : tails) ids.push_back(conversation), starts.push_back(from);
  Params params;
  put_ids(params, ids);
  put_numbers(params, starts);
  const auto rows = connection.run(text, params);
  std::vector<sql::TailMessage> messages;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const ConversationId conversation(row.uuid());
    const auto seq = static_cast<std::uint64_t>(row.number());
    messages.push_back({conversation, seq, UserId(row.uuid())});
  }
  return messages;
}

std::vector<store::UserUnread> unread_of(Connection& connection, const std::vector<UserId>& users) {
  if (users.size() == 1) return {{users.front(), unread_counts(connection, users.front())}};
  return sql::unread_of_many(connection, users);
}

void add_overviews(Connection& connection, std::span<store::StoredConversation> conversations, const UserId& reader) {
  static const std::string text =
      select_message(R"(JOIN conversations c ON c."id" = g."conversationId" AND c."lastSeq" = g."seq" )"
                     R"(JOIN conversation_members m ON m."conversationId" = g."conversationId" AND m."userId" = $1 )"
                     R"(AND m."leftAt" IS NULL AND g."seq" > m."joinedAfterSeq" WHERE g."conversationId" = ANY ($2))");
  add_active_calls(connection, conversations);
  std::vector<ConversationId> ids;
  for (const auto& each : conversations)
    if (each.conversation.last_seq > 0) ids.push_back(each.conversation.id);
  if (ids.empty()) return;
  Params params;
  params.uuid(reader.value());
  put_ids(params, ids);
  const auto newest = take_messages(connection.run(text, params));
  const auto unread = unread_of(connection, {reader});
  for (auto& each : conversations) {
    const auto& id = each.conversation.id;
    const auto found = std::find_if(newest.begin(), newest.end(), [&](const auto& one) { return one.conversation == id; });
    if (found != newest.end()) each.newest = *found;
    for (const auto& [conversation, count] : unread.front().counts)
      if (conversation == id) each.unread = count;
  }
}

}  // namespace belfry::postgres
