#include "adapters/sqlite/users.hpp"

#include "adapters/sql/user_columns.hpp"
#include "adapters/sqlite/json_list.hpp"
#include "adapters/sqlite/logins.hpp"

namespace belfry::sqlite {
namespace {

using store::CreateFault;
using store::User;

std::string select_users(std::string_view rest) {
  return std::string("SELECT ").append(sql::kUserColumns).append(" FROM users ").append(rest);
}

std::string select_accounts(std::string_view rest) {
  return std::string("SELECT ").append(sql::kUserColumns).append(R"(, "passwordHash" FROM users )").append(rest);
}

/// ?1 is the user, ?2 how many.
std::vector<User> users_beside(Statement& statement, const store::UserId& user, std::uint32_t most) {
  Use use(statement);
  use.uuid(user.value());
  use.number(most);
  std::vector<User> users;
  while (use.row()) users.push_back(sql::take_user(use));
  return users;
}

std::optional<store::Account> take_account(Use& use) {
  if (!use.row()) return std::nullopt;
  store::Account found;
  found.user = sql::take_user(use);
  found.password_hash = use.text();
  return found;
}

bool is_taken(Connection& connection, std::string_view column_is_mark, std::string_view value, const store::UserId& but) {
  Use use(connection.prepared(std::string("SELECT 1 FROM users WHERE ").append(column_is_mark).append(R"( AND "id" <> ?)")));
  use.text(value);
  use.uuid(but.value());
  return use.row();
}
bool username_taken(Connection& connection, std::string_view name, const store::UserId& but) {
  return is_taken(connection, R"("username" = ?)", name, but);
}
bool email_taken(Connection& connection, std::string_view email, const store::UserId& but) {
  return is_taken(connection, R"("email" = ?)", email, but);
}

void insert_user(Connection& connection, const store::NewUser& user) {
  // One more than the greatest number so far; SPEC C-13 wants it unique, not secret.
  Use use(connection.prepared(
      R"(INSERT INTO users ("id", "username", "email", "displayName", "status", "role", "passwordHash", "createdAt", )"
      R"("updatedAt", "mediaUid") )"
      R"(VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max("mediaUid"), 0) + 1 FROM users)))"));
  use.uuid(user.id.value());
  use.text(user.username);
  user.email ? use.text(*user.email) : use.null();
  use.text(user.display_name);
  use.text(to_text(user.status));
  use.text(to_text(user.role));
  use.text(user.password_hash);
  use.time(user.at);
  use.time(user.at);
  use.run();
}

std::optional<User> find_by_name(Connection& connection, std::string_view name) {
  static const std::string text = select_users(R"(WHERE "username" = ?)");
  Use use(connection.prepared(text));
  use.text(name);
  if (!use.row()) return std::nullopt;
  return sql::take_user(use);
}

User must_find(Connection& connection, const store::UserId& id) {
  auto user = find_user(connection, id);
  if (!user) throw Failure(Fault::other, "a user just written is not there");
  return *std::move(user);
}

void write_profile(Connection& connection, const store::UserId& id, const store::ProfileChange& change, WallTime now) {
  Use use(
      connection.prepared(R"(UPDATE users SET "displayName" = coalesce(?, "displayName"), "avatar" = coalesce(?, "avatar"), )"
                          R"("email" = coalesce(?, "email"), "passwordHash" = coalesce(?, "passwordHash"), )"
                          R"("username" = coalesce(?, "username"), "bio" = coalesce(?, "bio"), "updatedAt" = ? WHERE "id" = ?)"));
  for (const auto* field :
       {&change.display_name, &change.avatar, &change.email, &change.password_hash, &change.username, &change.bio})
    *field ? use.text(**field) : use.null();
  use.time(now);
  use.uuid(id.value());
  use.run();
}

}  // namespace

Expected<User, CreateFault> create_user(Connection& connection, const store::NewUser& user) {
  if (username_taken(connection, user.username, {})) return unexpected(CreateFault::username_taken);
  if (user.email && email_taken(connection, *user.email, {})) return unexpected(CreateFault::email_taken);
  insert_user(connection, user);
  return must_find(connection, user.id);
}

Expected<User, store::GuestFault> guest_named(Connection& connection, const std::string& username, const store::UserId& id_if_new,
                                              WallTime now) {
  if (auto known = find_by_name(connection, username)) {
    if (known->role != account::Role::guest) return unexpected(store::GuestFault::has_account);
    if (known->status != account::UserStatus::active) return unexpected(store::GuestFault::not_active);
    return *std::move(known);
  }
  insert_user(connection,
              {.id = id_if_new, .username = username, .display_name = username, .role = account::Role::guest, .at = now});
  return must_find(connection, id_if_new);
}

store::Account external_user(Connection& connection, const store::NewUser& requested) {
  if (auto known = account_with_id(connection, requested.id)) return *std::move(known);
  store::NewUser made = requested;
  for (unsigned attempt = 1; username_taken(connection, made.username, {}); ++attempt)
    made.username = sql::username_near(requested.username, attempt + 1);
  if (made.email && email_taken(connection, *made.email, {})) made.email.reset();
  insert_user(connection, made);
  return {.user = must_find(connection, made.id), .password_hash = made.password_hash};
}

std::optional<User> find_user(Connection& connection, const store::UserId& id) {
  static const std::string text = select_users(R"(WHERE "id" = ?)");
  Use use(connection.prepared(text));
  use.uuid(id.value());
  if (!use.row()) return std::nullopt;
  return sql::take_user(use);
}

std::optional<store::Account> account_named(Connection& connection, const std::string& email_or_username) {
  static const std::string text =
      select_accounts(R"(WHERE "username" = ?1 OR "email" = ?1 ORDER BY "username" = ?1 DESC LIMIT 1)");
  Use use(connection.prepared(text));
  use.text(email_or_username);
  return take_account(use);
}

std::optional<store::Account> account_with_id(Connection& connection, const store::UserId& id) {
  static const std::string text = select_accounts(R"(WHERE "id" = ?)");
  Use use(connection.prepared(text));
  use.uuid(id.value());
  return take_account(use);
}

std::vector<User> search_users(Connection& connection, const std::string& text, const std::optional<store::UserId>& except,
                               store::Page page) {
  static const std::string query = select_users(
      R"(WHERE "status" = 'active' AND "id" <> ? AND ("username" LIKE ? ESCAPE '\' OR "displayName" LIKE ? ESCAPE '\') )"
      R"(ORDER BY "username" LIMIT ? OFFSET ?)");
  const std::string pattern = sql::contains_pattern(text);
  Use use(connection.prepared(query));
  use.uuid(except.value_or(store::UserId{}).value());
  use.text(pattern);
  use.text(pattern);
  use.number(page.limit);
  use.number(static_cast<std::int64_t>(page.number - 1) * page.limit);
  std::vector<User> users;
  while (use.row()) users.push_back(sql::take_user(use));
  return users;
}

std::vector<User> users_by_newest_message(Connection& connection, const store::UserId& user, std::uint32_t most) {
  static const Sql text(select_users(
      R"(JOIN (SELECT CASE WHEN c."pairLow" = ?1 THEN c."pairHigh" ELSE c."pairLow" END AS "other", c."updatedAt" AS "changed" )"
      R"(FROM conversation_members m JOIN conversations c ON c."id" = m."conversationId" )"
      R"(WHERE m."userId" = ?1 AND c."kind" = 'direct' AND c."lastSeq" > 0) ON "id" = "other" )"
      R"(WHERE "status" = 'active' AND "role" <> 'guest' ORDER BY "changed" DESC, "username" LIMIT ?2)"));
  return users_beside(connection.prepared(text), user, most);
}

std::vector<User> users_without_message(Connection& connection, const store::UserId& user, std::uint32_t most) {
  static const Sql text(select_users(
      R"(WHERE "status" = 'active' AND "role" <> 'guest' AND "id" <> ?1 AND NOT EXISTS (SELECT 1 FROM conversations c )"
      R"(WHERE c."pairLow" = min(users."id", ?1) AND c."pairHigh" = max(users."id", ?1) AND c."lastSeq" > 0) )"
      R"(ORDER BY "username" LIMIT ?2)"));
  return users_beside(connection.prepared(text), user, most);
}

std::vector<store::Presence> find_presence(Connection& connection, const std::vector<store::UserId>& users,
                                           const store::UserId& asker) {
  // max() of two values is NULL if either is.
  static const Sql text(
      R"(SELECT u."id", nullif(max(coalesce(u."lastActiveAt", 0), coalesce((SELECT max(d."lastActiveAt") FROM devices d )"
      R"(WHERE d."userId" = u."id"), 0)), 0), EXISTS (SELECT 1 FROM user_call_slots s WHERE s."userId" = u."id") )"
      R"(FROM users u WHERE u."id" IN (SELECT value FROM json_each(?1)) AND u."status" <> 'deleted' )"
      R"(AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b."userId" = u."id" AND b."blockedUserId" = ?2) )"
      R"(AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b."userId" = ?2 AND b."blockedUserId" = u."id") ORDER BY u."id")");
  const std::string asked = json_list(users);
  Use use(connection.prepared(text));
  use.text(asked);
  use.uuid(asker.value());
  std::vector<store::Presence> found;
  while (use.row()) {
    store::Presence each{.user = store::UserId(use.uuid())};
    each.last_active = use.maybe_time();
    each.has_slot = use.flag();
    found.push_back(each);
  }
  return found;
}

Expected<store::UpdatedUser, CreateFault> update_user(Connection& connection, const store::UserId& id,
                                                      const store::ProfileChange& change, WallTime now) {
  if (!find_user(connection, id)) return unexpected(CreateFault::unavailable);
  if (change.username && username_taken(connection, *change.username, id)) return unexpected(CreateFault::username_taken);
  if (change.email && email_taken(connection, *change.email, id)) return unexpected(CreateFault::email_taken);
  write_profile(connection, id, change, now);
  note_change(connection, {.kind = store::Change::Kind::user_profile, .user = id}, now);
  store::UpdatedUser updated{.user = must_find(connection, id)};
  if (change.password_hash) updated.ended = revoke_logins_of(connection, id, now, change.keep_login);
  return updated;
}

std::optional<std::vector<store::Login>> set_user_status(Connection& connection, const store::UserId& id,
                                                         account::UserStatus status, WallTime now) {
  const auto user = find_user(connection, id);
  if (!user) return std::nullopt;
  std::vector<store::Login> ended;
  if (user->status == status) return ended;
  {
    Use use(connection.prepared(R"(UPDATE users SET "status" = ?, "updatedAt" = ? WHERE "id" = ?)"));
    use.text(to_text(status));
    use.time(now);
    use.uuid(id.value());
    use.run();
  }
  if (status != account::UserStatus::active) return revoke_logins_of(connection, id, now, {});
  note_change(connection, {.kind = store::Change::Kind::user_status, .user = id}, now);
  return ended;
}

}  // namespace belfry::sqlite
