#include "adapters/postgres/users.hpp"

#include "adapters/postgres/id_array.hpp"
#include "adapters/postgres/logins.hpp"
#include "adapters/sql/user_columns.hpp"

namespace belfry::postgres {
namespace {

using store::CreateFault;
using store::User;

std::string select_users(std::string_view rest) {
  return std::string("SELECT ").append(sql::kUserColumns).append(" FROM users ").append(rest);
}

std::optional<User> one_user(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  auto row = rows.at(0);
  return sql::take_user(row);
}

/// $1 is the user, $2 how many.
std::vector<User> users_beside(Connection& connection, const std::string& text, const store::UserId& user, std::uint32_t most) {
  Params params;
  params.uuid(user.value());
  params.number(most);
  const auto rows = connection.run(text, params);
  std::vector<User> users;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    users.push_back(sql::take_user(row));
  }
  return users;
}

std::string select_accounts(std::string_view rest) {
  return std::string("SELECT ").append(sql::kUserColumns).append(R"(, "passwordHash" FROM users )").append(rest);
}

std::optional<store::Account> one_account(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  auto row = rows.at(0);
  store::Account found;
  found.user = sql::take_user(row);
  found.password_hash = row.text();
  return found;
}

bool is_taken(Connection& connection, std::string_view column, std::string_view value, const store::UserId& but) {
  Params params;
  params.text(value);
  params.uuid(but.value());
  return !connection.run(std::string("SELECT 1 FROM users WHERE \"").append(column).append(R"(" = $1 AND "id" <> $2)"), params)
              .empty();
}

/// nullopt: the name, address or id is taken. Another server may take them at any moment, so the unique keys decide, not an
/// earlier SELECT.
std::optional<User> insert_user(Connection& connection, const store::NewUser& user) {
  static const std::string text =
      std::string(
          R"(INSERT INTO users ("id", "username", "email", "displayName", "status", "role", "passwordHash", "createdAt", )"
          R"("updatedAt") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING RETURNING )")
          .append(sql::kUserColumns);
  Params params;
  params.uuid(user.id.value());
  params.text(user.username);
  params.maybe_text(user.email);
  params.text(user.display_name);
  params.text(to_text(user.status));
  params.text(to_text(user.role));
  params.text(user.password_hash);
  params.time(user.at);
  return one_user(connection.run(text, params));
}

std::optional<User> find_by_name(Connection& connection, std::string_view name) {
  static const std::string text = select_users(R"(WHERE "username" = $1)");
  Params params;
  params.text(name);
  return one_user(connection.run(text, params));
}

std::optional<User> write_profile(Connection& connection, const store::UserId& id, const store::ProfileChange& change,
                                  WallTime now) {
  static const std::string text =
      std::string(R"(UPDATE users SET "displayName" = coalesce($1, "displayName"), "avatar" = coalesce($2, "avatar"), )"
                  R"("email" = coalesce($3, "email"), "passwordHash" = coalesce($4, "passwordHash"), )"
                  R"("username" = coalesce($5, "username"), "bio" = coalesce($6, "bio"), "updatedAt" = $7 )"
                  R"(WHERE "id" = $8 RETURNING )")
          .append(sql::kUserColumns);
  Params params;
  for (const auto* field :
       {&change.display_name, &change.avatar, &change.email, &change.password_hash, &change.username, &change.bio})
    params.maybe_text(*field);
  params.time(now);
  params.uuid(id.value());
  return one_user(connection.run(text, params));
}

}  // namespace

Expected<User, CreateFault> create_user(Connection& connection, const store::NewUser& user) {
  if (auto made = insert_user(connection, user)) return *std::move(made);
  // If this question runs again after a broken connection, the user may be our own.
  if (auto known = find_user(connection, user.id); known && known->username == user.username) return *std::move(known);
  if (is_taken(connection, "username", user.username, {})) return unexpected(CreateFault::username_taken);
  return unexpected(CreateFault::email_taken);
}

Expected<User, store::GuestFault> guest_named(Connection& connection, const std::string& username, const store::UserId& id_if_new,
                                              WallTime now) {
  const store::NewUser guest{
      .id = id_if_new, .username = username, .display_name = username, .role = account::Role::guest, .at = now};
  auto known = find_by_name(connection, username);
  if (!known) known = insert_user(connection, guest);
  if (!known) known = find_by_name(connection, username);  // another server was faster
  if (!known) return unexpected(store::GuestFault::unavailable);
  if (known->role != account::Role::guest) return unexpected(store::GuestFault::has_account);
  if (known->status != account::UserStatus::active) return unexpected(store::GuestFault::not_active);
  return *std::move(known);
}

store::Account external_user(Connection& connection, const store::NewUser& requested) {
  store::NewUser made = requested;
  for (unsigned attempt = 1;; ++attempt) {
    if (auto known = account_with_id(connection, requested.id)) return *std::move(known);
    made.username = sql::username_near(requested.username, attempt);
    if (auto user = insert_user(connection, made)) return {.user = *std::move(user), .password_hash = made.password_hash};
    if (made.email && is_taken(connection, "email", *made.email, {})) {
      made.email.reset();
      --attempt;  // the name may have become free
    }
  }
}

std::optional<User> find_user(Connection& connection, const store::UserId& id) {
  static const std::string text = select_users(R"(WHERE "id" = $1)");
  Params params;
  params.uuid(id.value());
  return one_user(connection.run(text, params));
}

std::optional<store::Account> account_named(Connection& connection, const std::string& email_or_username) {
  static const std::string text =
      select_accounts(R"(WHERE "username" = $1 OR "email" = $1 ORDER BY "username" = $1 DESC LIMIT 1)");
  Params params;
  params.text(email_or_username);
  return one_account(connection.run(text, params));
}

std::optional<store::Account> account_with_id(Connection& connection, const store::UserId& id) {
  static const std::string text = select_accounts(R"(WHERE "id" = $1)");
  Params params;
  params.uuid(id.value());
  return one_account(connection.run(text, params));
}

std::vector<User> search_users(Connection& connection, const std::string& text, const std::optional<store::UserId>& except,
                               store::Page page) {
  // COLLATE "C": ILIKE takes its letters' case from the locale of the database otherwise.
  static const std::string query =
      select_users(R"(WHERE "status" = 'active' AND "id" <> $1 AND ("username" COLLATE "C" ILIKE $2 ESCAPE '\' OR )"
                   R"("displayName" COLLATE "C" ILIKE $2 ESCAPE '\') )"
                   R"(ORDER BY "username" COLLATE "C" LIMIT $3 OFFSET $4)");
  Params params;
  params.uuid(except.value_or(store::UserId{}).value());
  params.text(sql::contains_pattern(text));
  params.number(page.limit);
  params.number(static_cast<std::int64_t>(page.number - 1) * page.limit);
  const auto rows = connection.run(query, params);
  std::vector<User> users;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    users.push_back(sql::take_user(row));
  }
  return users;
}

std::vector<User> users_by_newest_message(Connection& connection, const store::UserId& user, std::uint32_t most) {
  static const std::string text = select_users(
      R"(JOIN (SELECT CASE WHEN c."pairLow" = $1 THEN c."pairHigh" ELSE c."pairLow" END AS "other", c."updatedAt" AS "changed" )"
      R"(FROM conversation_members m JOIN conversations c ON c."id" = m."conversationId" )"
      R"(WHERE m."userId" = $1 AND c."kind" = 'direct' AND c."lastSeq" > 0) talks ON "id" = "other" )"
      R"(WHERE "status" = 'active' AND "role" <> 'guest' ORDER BY "changed" DESC, "username" COLLATE "C" LIMIT $2)");
  return users_beside(connection, text, user, most);
}

std::vector<User> users_without_message(Connection& connection, const store::UserId& user, std::uint32_t most) {
  static const std::string text = select_users(
      R"(WHERE "status" = 'active' AND "role" <> 'guest' AND "id" <> $1 AND NOT EXISTS (SELECT 1 FROM conversations c )"
      R"(WHERE c."pairLow" = least(users."id", $1) AND c."pairHigh" = greatest(users."id", $1) AND c."lastSeq" > 0) )"
      R"(ORDER BY "username" COLLATE "C" LIMIT $2)");
  return users_beside(connection, text, user, most);
}

std::vector<store::Presence> find_presence(Connection& connection, const std::vector<store::UserId>& users,
                                           const store::UserId& asker) {
  Params params;
  put_ids(params, users);
  params.uuid(asker.value());
  // greatest() ignores NULL.
  const auto rows = connection.run(
      R"(SELECT u."id", greatest(u."lastActiveAt", (SELECT max(d."lastActiveAt") FROM devices d WHERE d."userId" = u."id")), )"
      R"(EXISTS (SELECT 1 FROM user_call_slots s WHERE s."userId" = u."id") )"
      R"(FROM users u WHERE u."id" = ANY ($1) AND u."status" <> 'deleted' )"
      R"(AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b."userId" = u."id" AND b."blockedUserId" = $2) )"
      R"(AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b."userId" = $2 AND b."blockedUserId" = u."id") ORDER BY u."id")",
      params);
  std::vector<store::Presence> found;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    store::Presence each{.user = store::UserId(row.uuid())};
    each.last_active = row.maybe_time();
    each.has_slot = row.flag();
    found.push_back(each);
  }
  return found;
}

Expected<store::UpdatedUser, CreateFault> update_user(Connection& connection, const store::UserId& id,
                                                      const store::ProfileChange& change, WallTime now) {
  if (change.username && is_taken(connection, "username", *change.username, id)) return unexpected(CreateFault::username_taken);
  if (change.email && is_taken(connection, "email", *change.email, id)) return unexpected(CreateFault::email_taken);
  auto user = write_profile(connection, id, change, now);
  if (!user) return unexpected(CreateFault::unavailable);
  note_change(connection, {.kind = store::Change::Kind::user_profile, .user = id}, now);
  store::UpdatedUser updated{.user = *std::move(user)};
  if (change.password_hash) updated.ended = revoke_logins_of(connection, id, now, change.keep_login);
  return updated;
}

std::optional<std::vector<store::Login>> set_user_status(Connection& connection, const store::UserId& id,
                                                         account::UserStatus status, WallTime now) {
  Params params;
  params.text(to_text(status));
  params.time(now);
  params.uuid(id.value());
  const auto changed =
      connection.run(R"(UPDATE users SET "status" = $1, "updatedAt" = $2 WHERE "id" = $3 AND "status" <> $1)", params).changed();
  std::vector<store::Login> ended;
  if (changed == 0) return find_user(connection, id) ? std::optional(ended) : std::nullopt;
  if (status != account::UserStatus::active) return revoke_logins_of(connection, id, now, {});
  note_change(connection, {.kind = store::Change::Kind::user_status, .user = id}, now);
  return ended;
}

}  // namespace belfry::postgres
