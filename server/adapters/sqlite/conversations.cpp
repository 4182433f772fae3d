#include "adapters/sqlite/conversations.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "adapters/sql/conversation_columns.hpp"
#include "adapters/sqlite/json_list.hpp"

namespace belfry::sqlite {
namespace {

using conversation::Kind;
using store::StoredConversation;

void read_members(Connection& connection, StoredConversation& stored) {
  static const Sql text(std::string("SELECT ")
                            .append(sql::kMemberColumns)
                            .append(R"( FROM conversation_members m JOIN users u ON u."id" = m."userId" )")
                            .append(R"(WHERE m."conversationId" = ? AND m."leftAt" IS NULL)")
                            .append(sql::kMembersInOrder));
  Use use(connection.prepared(text));
  use.uuid(stored.conversation.id.value());
  while (use.row()) sql::take_member(use, stored);
}

std::uint64_t count_conversations(Connection& connection, const UserId& user) {
  Use use(connection.prepared(R"(SELECT count(*) FROM conversation_members WHERE "userId" = ? AND "leftAt" IS NULL)"));
  use.uuid(user.value());
  return use.row() ? static_cast<std::uint64_t>(use.number()) : 0;
}

/// One more than the page holds, if there is one.
std::vector<StoredConversation> conversations_from(Connection& connection, const store::ConversationQuery& query) {
  static const Sql text(std::string("SELECT ")
                            .append(sql::kConversationColumns)
                            .append(R"( FROM conversation_members m JOIN conversations c ON c."id" = m."conversationId" )")
                            .append(R"(WHERE m."userId" = ? AND m."leftAt" IS NULL AND (c."updatedAt", c."id") < (?, ?) )")
                            .append(R"(ORDER BY c."updatedAt" DESC, c."id" DESC LIMIT ? OFFSET ?)"));
  Use use(connection.prepared(text));
  use.uuid(query.user.value());
  use.time(query.after ? query.after->updated : WallTime{std::numeric_limits<std::int64_t>::max()});
  use.uuid(query.after ? query.after->id.value() : Uuid{});
  use.number(std::int64_t{query.page.limit} + 1);
  use.number(query.after ? 0 : std::int64_t{query.page.number - 1} * query.page.limit);
  std::vector<StoredConversation> found;
  while (use.row()) found.push_back({.conversation = sql::take_conversation(use)});
  return found;
}

}  // namespace

bool all_users_exist(Connection& connection, const std::vector<UserId>& users) {
  static const Sql text(R"(SELECT 1 FROM users WHERE "id" = ? AND "status" <> 'deleted')");
  return std::all_of(users.begin(), users.end(), [&](const UserId& user) {
    Use use(connection.prepared(text));
    use.uuid(user.value());
    return use.row();
  });
}

std::optional<ConversationId> direct_conversation(Connection& connection, const conversation::Pair& pair) {
  static const Sql text(R"(SELECT "id" FROM conversations WHERE "pairLow" = ? AND "pairHigh" = ?)");
  Use use(connection.prepared(text));
  use.uuid(pair.first.value());
  use.uuid(pair.second.value());
  if (!use.row()) return std::nullopt;
  return ConversationId(use.uuid());
}

std::vector<StoredConversation> direct_conversations(Connection& connection, const UserId& user,
                                                     const std::vector<UserId>& others) {
  // CROSS JOIN: the pairs come first, and each is looked up by its index.
  static const Sql text(std::string("SELECT ")
                            .append(sql::kConversationColumns)
                            .append(R"( FROM json_each(?1) o CROSS JOIN conversations c )")
                            .append(R"(ON c."pairLow" = min(o.value, ?2) AND c."pairHigh" = max(o.value, ?2))"));
  const std::string asked = json_list(others);
  std::vector<StoredConversation> found;
  {
    Use use(connection.prepared(text));
    use.text(asked);
    use.uuid(user.value());
    while (use.row()) found.push_back({.conversation = sql::take_conversation(use)});
  }
  for (auto& each : found) read_members(connection, each);
  return found;
}

bool insert_conversation(Connection& connection, const store::Conversation& made, const conversation::Pair& pair) {
  Use use(connection.prepared(
      R"(INSERT INTO conversations ("id", "kind", "title", "avatar", "createdBy", "createdAt", "updatedAt", "pairLow", )"
      R"("pairHigh") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING)"));
  use.uuid(made.id.value());
  use.text(to_text(made.kind));
  use.text(made.title);
  use.text(made.avatar);
  use.uuid(made.created_by.value());
  use.time(made.created);
  use.time(made.updated);
  const auto side = made.kind == Kind::direct ? std::optional(pair) : std::nullopt;
  use.maybe_uuid(side ? std::optional(side->first) : std::nullopt);
  use.maybe_uuid(side ? std::optional(side->second) : std::nullopt);
  return use.run() == 1;
}

bool is_member(Connection& connection, const ConversationId& id, const UserId& user) {
  static const Sql text(R"(SELECT 1 FROM conversation_members WHERE "conversationId" = ? AND "userId" = ? AND "leftAt" IS NULL)");
  Use use(connection.prepared(text));
  use.uuid(id.value());
  use.uuid(user.value());
  return use.row();
}

std::optional<StoredConversation> stored_conversation(Connection& connection, const ConversationId& id) {
  static const Sql text(
      std::string("SELECT ").append(sql::kConversationColumns).append(R"( FROM conversations c WHERE c."id" = ?)"));
  StoredConversation stored;
  {
    Use use(connection.prepared(text));
    use.uuid(id.value());
    if (!use.row()) return std::nullopt;
    stored.conversation = sql::take_conversation(use);
  }
  read_members(connection, stored);
  return stored;
}

store::ConversationPage page_of_conversations(Connection& connection, const store::ConversationQuery& query) {
  store::ConversationPage page{.conversations = conversations_from(connection, query),
                               .total = count_conversations(connection, query.user)};
  page.more = page.conversations.size() > query.page.limit;
  if (page.more) page.conversations.pop_back();
  for (auto& each : page.conversations) read_members(connection, each);
  return page;
}

void put_members(Connection& connection, const ConversationId& id, const std::vector<conversation::Member>& members) {
  static const Sql text(
      R"(INSERT INTO conversation_members ("conversationId", "userId", "role", "ringMode", "joinedAt", "joinedAfterSeq", )"
      R"("readUpToSeq", "deliveredUpToSeq") VALUES (?, ?, ?, ?, ?, ?, ?, ?) )"
      R"(ON CONFLICT ("conversationId", "userId") DO UPDATE SET "role" = excluded."role", "ringMode" = excluded."ringMode", )"
      R"("joinedAt" = excluded."joinedAt", "leftAt" = NULL, "mutedUntil" = NULL, "joinedAfterSeq" = excluded."joinedAfterSeq", )"
      R"("readUpToSeq" = excluded."readUpToSeq", "deliveredUpToSeq" = excluded."deliveredUpToSeq")");
  for (const auto& member : members) {
    Use use(connection.prepared(text));
    use.uuid(id.value());
    use.uuid(member.user.value());
    use.text(to_text(member.role));
    use.text(to_text(member.ring_mode));
    use.time(member.joined);
    use.number(static_cast<std::int64_t>(member.joined_after));
    use.number(static_cast<std::int64_t>(member.read_up_to));
    use.number(static_cast<std::int64_t>(member.delivered_up_to));
    use.run();
  }
}

void make_direct(Connection& connection, const ConversationId& id, const UserId& creator, const UserId& other, WallTime now) {
  const auto made =
      begin(conversation::NewConversation{.id = id, .kind = Kind::direct, .creator = creator, .others = {other}, .at = now});
  if (insert_conversation(connection, made, conversation::pair_of(creator, other))) put_members(connection, id, made.members);
}

void update_member(Connection& connection, const ConversationId& id, const conversation::Member& member) {
  Use use(connection.prepared(
      R"(UPDATE conversation_members SET "role" = ?, "ringMode" = ?, "mutedUntil" = ? WHERE "conversationId" = ? AND "userId" = ?)"));
  use.text(to_text(member.role));
  use.text(to_text(member.ring_mode));
  use.maybe_time(member.muted_until);
  use.uuid(id.value());
  use.uuid(member.user.value());
  use.run();
}

void mark_left(Connection& connection, const ConversationId& id, const std::vector<UserId>& users, WallTime at) {
  for (const UserId& user : users) {
    Use use(connection.prepared(R"(UPDATE conversation_members SET "leftAt" = ? WHERE "conversationId" = ? AND "userId" = ?)"));
    use.time(at);
    use.uuid(id.value());
    use.uuid(user.value());
    use.run();
  }
}

void update_details(Connection& connection, const store::Conversation& now) {
  Use use(connection.prepared(R"(UPDATE conversations SET "title" = ?, "avatar" = ?, "updatedAt" = ? WHERE "id" = ?)"));
  use.text(now.title);
  use.text(now.avatar);
  use.time(now.updated);
  use.uuid(now.id.value());
  use.run();
}

void delete_conversation(Connection& connection, const ConversationId& id) {
  {  // our connections run no triggers, and a cascade knows nothing of the search index
    Use use(connection.prepared(
        R"(DELETE FROM messages_search WHERE rowid IN (SELECT "number" FROM messages WHERE "conversationId" = ?))"));
    use.uuid(id.value());
    use.run();
  }
  Use use(connection.prepared(R"(DELETE FROM conversations WHERE "id" = ?)"));  // members and messages: ON DELETE CASCADE
  use.uuid(id.value());
  use.run();
}

void put_block(Connection& connection, const UserId& user, const UserId& blocked, WallTime now) {
  Use use(connection.prepared(
      R"(INSERT INTO blocks ("userId", "blockedUserId", "createdAt") VALUES (?, ?, ?) ON CONFLICT DO NOTHING)"));
  use.uuid(user.value());
  use.uuid(blocked.value());
  use.time(now);
  use.run();
}

void remove_block(Connection& connection, const UserId& user, const UserId& blocked) {
  Use use(connection.prepared(R"(DELETE FROM blocks WHERE "userId" = ? AND "blockedUserId" = ?)"));
  use.uuid(user.value());
  use.uuid(blocked.value());
  use.run();
}

bool blocks_between(Connection& connection, const UserId& one, const UserId& other) {
  static const Sql text(R"(SELECT 1 FROM blocks WHERE ("userId" = ?1 AND "blockedUserId" = ?2) )"
                        R"(OR ("userId" = ?2 AND "blockedUserId" = ?1))");
  Use use(connection.prepared(text));
  use.uuid(one.value());
  use.uuid(other.value());
  return use.row();
}

std::vector<UserId> find_blocked(Connection& connection, const UserId& user, const std::vector<UserId>& others) {
  std::vector<UserId> blocked;
  for (const UserId& other : others)
    if (blocks_between(connection, user, other)) blocked.push_back(other);
  return blocked;
}

std::vector<UserId> find_blocked_by(Connection& connection, const UserId& user, const std::vector<UserId>& others) {
  static const Sql text(R"(SELECT "blockedUserId" FROM blocks WHERE "userId" = ?1 )"
                        R"(AND "blockedUserId" IN (SELECT value FROM json_each(?2)) ORDER BY "blockedUserId")");
  const std::string asked = json_list(others);
  Use use(connection.prepared(text));
  use.uuid(user.value());
  use.text(asked);
  std::vector<UserId> found;
  while (use.row()) found.emplace_back(use.uuid());
  return found;
}

std::vector<UserId> find_blocks(Connection& connection, const UserId& user) {
  static const Sql text(R"(SELECT "blockedUserId" AS other FROM blocks WHERE "userId" = ?1 )"
                        R"(UNION SELECT "userId" FROM blocks WHERE "blockedUserId" = ?1 ORDER BY other)");
  Use use(connection.prepared(text));
  use.uuid(user.value());
  std::vector<UserId> found;
  while (use.row()) found.emplace_back(use.uuid());
  return found;
}

}  // namespace belfry::sqlite
