#include "adapters/postgres/conversations.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "adapters/postgres/id_array.hpp"
#include "adapters/sql/conversation_columns.hpp"

namespace belfry::postgres {
namespace {

using conversation::Kind;
using conversation::Role;
using store::StoredConversation;

/// The members of all of them at once.
void read_members(Connection& connection, std::vector<StoredConversation>& all) {
  static const std::string text = std::string(R"(SELECT m."conversationId", )")
                                      .append(sql::kMemberColumns)
                                      .append(R"( FROM conversation_members m JOIN users u ON u."id" = m."userId" )")
                                      .append(R"(WHERE m."conversationId" = ANY ($1) AND m."leftAt" IS NULL)")
                                      .append(sql::kMembersInOrder);
  std::vector<ConversationId> ids;
  for (const auto& each : all) ids.push_back(each.conversation.id);
  Params params;
  put_ids(params, ids);
  const auto rows = connection.run(text, params);
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const ConversationId id(row.uuid());
    const auto owner = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.conversation.id == id; });
    if (owner != all.end()) sql::take_member(row, *owner);
  }
}

std::uint64_t count_conversations(Connection& connection, const UserId& user) {
  Params params;
  params.uuid(user.value());
  return static_cast<std::uint64_t>(
      connection.run(R"(SELECT count(*) FROM conversation_members WHERE "userId" = $1 AND "leftAt" IS NULL)", params)
          .at(0)
          .number());
}

/// One more than the page holds, if there is one.
std::vector<StoredConversation> conversations_from(Connection& connection, const store::ConversationQuery& query) {
  static const std::string text =
      std::string("SELECT ")
          .append(sql::kConversationColumns)
          .append(R"( FROM conversation_members m JOIN conversations c ON c."id" = m."conversationId" )")
          .append(R"(WHERE m."userId" = $1 AND m."leftAt" IS NULL AND (c."updatedAt", c."id") < ($2, $3) )")
          .append(R"(ORDER BY c."updatedAt" DESC, c."id" DESC LIMIT $4 OFFSET $5)");
  Params params;
  params.uuid(query.user.value());
  params.time(query.after ? query.after->updated : WallTime{std::numeric_limits<std::int64_t>::max()});
  params.uuid(query.after ? query.after->id.value() : Uuid{});
  params.number(std::int64_t{query.page.limit} + 1);
  params.number(query.after ? 0 : std::int64_t{query.page.number - 1} * query.page.limit);
  const auto rows = connection.run(text, params);
  std::vector<StoredConversation> found;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    found.push_back({.conversation = sql::take_conversation(row)});
  }
  return found;
}

/// Members of one role, who come in together: at one time, and with the same messages before them.
void put_members_of(Connection& connection, const ConversationId& id, Role role,
                    const std::vector<conversation::Member>& members) {
  std::vector<UserId> users;
  conversation::Member like{};
  for (const auto& member : members)
    if (member.role == role) users.push_back(member.user), like = member;
  if (users.empty()) return;
  Params params;
  params.uuid(id.value());
  put_ids(params, users);
  params.text(to_text(role));
  params.time(like.joined);
  params.number(static_cast<std::int64_t>(like.joined_after));
  params.number(static_cast<std::int64_t>(like.read_up_to));
  params.number(static_cast<std::int64_t>(like.delivered_up_to));
  connection.run(
      R"(INSERT INTO conversation_members ("conversationId", "userId", "role", "joinedAt", "joinedAfterSeq", "readUpToSeq", )"
      R"("deliveredUpToSeq") SELECT $1, each, $3, $4, $5, $6, $7 FROM unnest($2) each )"
      R"(ON CONFLICT ("conversationId", "userId") DO UPDATE )"
      R"(SET "role" = excluded."role", "ringMode" = excluded."ringMode", "joinedAt" = excluded."joinedAt", "leftAt" = NULL, "mutedUntil" = NULL, )"
      R"("joinedAfterSeq" = excluded."joinedAfterSeq", "readUpToSeq" = excluded."readUpToSeq", )"
      R"("deliveredUpToSeq" = excluded."deliveredUpToSeq")",
      params);
}

}  // namespace

bool all_users_exist(Connection& connection, const std::vector<UserId>& users) {
  if (users.empty()) return true;
  Params params;
  put_ids(params, users);
  const auto known =
      connection.run(R"(SELECT count(*) FROM users WHERE "id" = ANY ($1) AND "status" <> 'deleted')", params).at(0).number();
  return known == static_cast<std::int64_t>(users.size());
}

std::optional<ConversationId> direct_conversation(Connection& connection, const conversation::Pair& pair) {
  Params params;
  params.uuid(pair.first.value());
  params.uuid(pair.second.value());
  const auto rows = connection.run(R"(SELECT "id" FROM conversations WHERE "pairLow" = $1 AND "pairHigh" = $2)", params);
  if (rows.empty()) return std::nullopt;
  return ConversationId(rows.at(0).uuid());
}

std::vector<StoredConversation> direct_conversations(Connection& connection, const UserId& user,
                                                     const std::vector<UserId>& others) {
  static const std::string text = std::string("SELECT ")
                                      .append(sql::kConversationColumns)
                                      .append(R"( FROM unnest($2) other JOIN conversations c )")
                                      .append(R"(ON c."pairLow" = least(other, $1) AND c."pairHigh" = greatest(other, $1))");
  std::vector<StoredConversation> found;
  if (others.empty()) return found;
  Params params;
  params.uuid(user.value());
  put_ids(params, others);
  const auto rows = connection.run(text, params);
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    found.push_back({.conversation = sql::take_conversation(row)});
  }
  if (!found.empty()) read_members(connection, found);
  return found;
}

bool insert_conversation(Connection& connection, const store::Conversation& made, const conversation::Pair& pair) {
  Params params;
  params.uuid(made.id.value());
  params.text(to_text(made.kind));
  params.text(made.title);
  params.text(made.avatar);
  params.uuid(made.created_by.value());
  params.time(made.created);
  params.time(made.updated);
  const bool direct = made.kind == Kind::direct;
  params.maybe_uuid(direct ? std::optional(pair.first) : std::nullopt);
  params.maybe_uuid(direct ? std::optional(pair.second) : std::nullopt);
  return connection
             .run(R"(INSERT INTO conversations ("id", "kind", "title", "avatar", "createdBy", "createdAt", "updatedAt", )"
                  R"("pairLow", "pairHigh") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING)",
                  params)
             .changed() == 1;
}

bool is_member(Connection& connection, const ConversationId& id, const UserId& user) {
  Params params;
  params.uuid(id.value());
  params.uuid(user.value());
  return !connection
              .run(R"(SELECT 1 FROM conversation_members WHERE "conversationId" = $1 AND "userId" = $2 AND "leftAt" IS NULL)",
                   params)
              .empty();
}

void lock_conversation(Connection& connection, const ConversationId& id) {
  Params params;
  params.uuid(id.value());
  connection.post(R"(SELECT 1 FROM conversations WHERE "id" = $1 FOR NO KEY UPDATE)", std::move(params));
}

std::optional<StoredConversation> stored_conversation(Connection& connection, const ConversationId& id) {
  static const std::string text =
      std::string("SELECT ").append(sql::kConversationColumns).append(R"( FROM conversations c WHERE c."id" = $1)");
  Params params;
  params.uuid(id.value());
  const auto rows = connection.run(text, params);
  if (rows.empty()) return std::nullopt;
  auto row = rows.at(0);
  std::vector<StoredConversation> found = {{.conversation = sql::take_conversation(row)}};
  read_members(connection, found);
  return found.front();
}

store::ConversationPage page_of_conversations(Connection& connection, const store::ConversationQuery& query) {
  store::ConversationPage page{.conversations = conversations_from(connection, query),
                               .total = count_conversations(connection, query.user)};
  page.more = page.conversations.size() > query.page.limit;
  if (page.more) page.conversations.pop_back();
  if (!page.conversations.empty()) read_members(connection, page.conversations);
  return page;
}

void put_members(Connection& connection, const ConversationId& id, const std::vector<conversation::Member>& members) {
  for (const Role role : {Role::owner, Role::admin, Role::member}) put_members_of(connection, id, role, members);
}

void update_member(Connection& connection, const ConversationId& id, const conversation::Member& member) {
  Params params;
  params.uuid(id.value());
  params.uuid(member.user.value());
  params.text(to_text(member.role));
  params.text(to_text(member.ring_mode));
  params.maybe_time(member.muted_until);
  connection.run(R"(UPDATE conversation_members SET "role" = $3, "ringMode" = $4, "mutedUntil" = $5 )"
                 R"(WHERE "conversationId" = $1 AND "userId" = $2)",
                 params);
}

void mark_left(Connection& connection, const ConversationId& id, const std::vector<UserId>& users, WallTime at) {
  if (users.empty()) return;
  Params params;
  params.uuid(id.value());
  put_ids(params, users);
  params.time(at);
  connection.run(R"(UPDATE conversation_members SET "leftAt" = $3 WHERE "conversationId" = $1 AND "userId" = ANY ($2))", params);
}

void update_details(Connection& connection, const store::Conversation& now) {
  Params params;
  params.uuid(now.id.value());
  params.text(now.title);
  params.text(now.avatar);
  params.time(now.updated);
  connection.run(R"(UPDATE conversations SET "title" = $2, "avatar" = $3, "updatedAt" = $4 WHERE "id" = $1)", params);
}

void delete_conversation(Connection& connection, const ConversationId& id) {
  Params params;
  params.uuid(id.value());
  connection.run(R"(DELETE FROM conversations WHERE "id" = $1)", params);  // members and messages: ON DELETE CASCADE
}

/// Waits for a call between the two that is being committed, and holds off the next one: it sees the block (commit_sql.hpp).
void put_block(Connection& connection, const UserId& user, const UserId& blocked, WallTime now) {
  Params params;
  params.uuid(user.value());
  params.uuid(blocked.value());
  params.time(now);
  Params locked;
  locked.uuid(blocked.value());
  connection.run(R"(SELECT 1 FROM users WHERE "id" = $1 FOR UPDATE)", locked);
  connection.run(R"(INSERT INTO blocks ("userId", "blockedUserId", "createdAt") VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)",
                 params);
}

void remove_block(Connection& connection, const UserId& user, const UserId& blocked) {
  Params params;
  params.uuid(user.value());
  params.uuid(blocked.value());
  connection.run(R"(DELETE FROM blocks WHERE "userId" = $1 AND "blockedUserId" = $2)", params);
}

std::vector<UserId> find_blocked(Connection& connection, const UserId& user, const std::vector<UserId>& others) {
  if (others.empty()) return {};
  Params params;
  params.uuid(user.value());
  put_ids(params, others);
  const auto rows = connection.run(
      R"(SELECT each FROM unnest($2) WITH ORDINALITY AS asked (each, place) WHERE EXISTS (SELECT 1 FROM blocks )"
      R"(WHERE ("userId" = $1 AND "blockedUserId" = each) OR ("userId" = each AND "blockedUserId" = $1)) ORDER BY place)",
      params);
  std::vector<UserId> blocked;
  for (int i = 0; i < rows.size(); ++i) blocked.emplace_back(rows.at(i).uuid());
  return blocked;
}

std::vector<UserId> find_blocked_by(Connection& connection, const UserId& user, const std::vector<UserId>& others) {
  Params params;
  params.uuid(user.value());
  put_ids(params, others);
  const auto rows = connection.run(
      R"(SELECT "blockedUserId" FROM blocks WHERE "userId" = $1 AND "blockedUserId" = ANY ($2) ORDER BY "blockedUserId")",
      params);
  std::vector<UserId> found;
  for (int i = 0; i < rows.size(); ++i) found.emplace_back(rows.at(i).uuid());
  return found;
}

std::vector<UserId> find_blocks(Connection& connection, const UserId& user) {
  Params params;
  params.uuid(user.value());
  const auto rows =
      connection.run(R"(SELECT "blockedUserId" AS other FROM blocks WHERE "userId" = $1 UNION SELECT "userId" FROM blocks )"
                     R"(WHERE "blockedUserId" = $1 ORDER BY other)",
                     params);
  std::vector<UserId> found;
  for (int i = 0; i < rows.size(); ++i) found.emplace_back(rows.at(i).uuid());
  return found;
}

}  // namespace belfry::postgres
