#include "adapters/sqlite/logins.hpp"

#include "adapters/sql/user_columns.hpp"

namespace belfry::sqlite {
namespace {

/// How many changes a follower of the feed reads at a time.
constexpr std::int64_t kMaxChanges = 1'000;

void delete_older(Connection& connection, std::string_view sql, WallTime before) {
  Use use(connection.prepared(sql));
  use.time(before);
  use.run();
}

store::TokenLimit take_limit(Use& use) {
  store::TokenLimit limit;
  limit.from = use.maybe_time().value_or(WallTime{});
  limit.but = store::LoginId(use.maybe_uuid().value_or(Uuid{}));
  return limit;
}

void insert_login(Connection& connection, const store::Login& login) {
  Use use(connection.prepared(
      R"(INSERT OR IGNORE INTO logins ("id", "userId", "createdAt", "expiresAt", "userAgent", "refreshHash", "family") )"
      R"(VALUES (?, ?, ?, ?, ?, ?, ?))"));
  use.uuid(login.id.value());
  use.uuid(login.user.value());
  use.time(login.created);
  use.time(login.expires);
  use.text(login.user_agent);
  use.text_or_null(login.refresh_hash);
  use.uuid(login.family == store::LoginId{} ? login.id.value() : login.family.value());
  use.run();
}

store::Login take_login(Use& use) {
  store::Login login;
  login.id = store::LoginId(use.uuid());
  login.user = store::UserId(use.uuid());
  login.created = use.time();
  login.expires = use.time();
  login.user_agent = use.text();
  return login;
}

}  // namespace

void note_change(Connection& connection, const store::Change& change, WallTime now) {
  Use use(connection.prepared(R"(INSERT INTO changes ("kind", "userId", "loginId", "at") VALUES (?, ?, ?, ?))"));
  use.text(sql::to_text(change.kind));
  use.uuid(change.user.value());
  change.kind == store::Change::Kind::login_revoked ? use.uuid(change.login.value()) : use.null();
  use.time(now);
  use.run();
}

std::vector<store::Change> changes_behind(Connection& connection, std::uint64_t seq) {
  Use use(
      connection.prepared(R"(SELECT h."seq", h."kind", h."userId", h."loginId", u."status", l."expiresAt", u."tokensValidFrom", )"
                          R"(u."tokensKept" FROM changes h )"
                          R"(LEFT JOIN users u ON u."id" = h."userId" LEFT JOIN logins l ON l."id" = h."loginId" )"
                          R"(WHERE h."seq" > ? ORDER BY h."seq" LIMIT ?)"));
  use.number(static_cast<std::int64_t>(seq));
  use.number(kMaxChanges);
  std::vector<store::Change> changes;
  while (use.row()) {
    store::Change change;
    change.seq = static_cast<std::uint64_t>(use.number());
    change.kind = sql::change_kind(use.text());
    change.user = store::UserId(use.uuid());
    change.login = store::LoginId(use.uuid());
    change.status = account::parse_user_status(use.text()).value_or(account::UserStatus::deleted);
    change.expires = use.maybe_time().value_or(WallTime{});
    change.limit = take_limit(use);
    changes.push_back(change);
  }
  return changes;
}

store::RevocationSnapshot revocation_snapshot(Connection& connection, WallTime now) {
  store::RevocationSnapshot all;
  {
    Use use(connection.prepared(R"(SELECT "id", "status" FROM users WHERE "status" <> 'active')"));
    while (use.row()) {
      const store::UserId user(use.uuid());
      all.not_active.emplace_back(user, account::parse_user_status(use.text()).value_or(account::UserStatus::blocked));
    }
  }
  {
    Use use(connection.prepared(R"(SELECT "id", "expiresAt" FROM logins WHERE "revokedAt" IS NOT NULL AND "expiresAt" > ?)"));
    use.time(now);
    while (use.row()) {
      const store::LoginId login(use.uuid());
      all.revoked.emplace_back(login, use.time());
    }
  }
  {
    Use use(connection.prepared(R"(SELECT "id", "tokensValidFrom", "tokensKept" FROM users WHERE "tokensValidFrom" > 0)"));
    while (use.row()) {
      const store::UserId user(use.uuid());
      all.limits.emplace_back(user, take_limit(use));
    }
  }
  Use use(connection.prepared(R"(SELECT coalesce(max("seq"), 0) FROM changes)"));
  if (use.row()) all.seq = static_cast<std::uint64_t>(use.number());
  return all;
}

void put_last_active(Connection& connection, const store::UserId& user, WallTime when) {
  Use use(connection.prepared(R"(UPDATE users SET "lastActiveAt" = max(coalesce("lastActiveAt", 0), ?) WHERE "id" = ?)"));
  use.time(when);
  use.uuid(user.value());
  use.run();
}

void log_in(Connection& connection, const store::Login& login) {
  insert_login(connection, login);
  put_last_active(connection, login.user, login.created);
}

bool log_in_if_password(Connection& connection, const store::Login& login, const std::string& password_hash) {
  {
    Use use(connection.prepared(R"(SELECT 1 FROM users WHERE "id" = ? AND "passwordHash" = ? AND "status" = 'active')"));
    use.uuid(login.user.value());
    use.text(password_hash);
    if (!use.row()) return false;
  }
  log_in(connection, login);
  return true;
}

bool swap_login(Connection& connection, const store::LoginId& old, const store::Login& next) {
  store::Login heir = next;
  {
    Use use(connection.prepared(R"(SELECT 1 FROM users WHERE "id" = ? AND "status" = 'active')"));
    use.uuid(next.user.value());
    if (!use.row()) return false;
  }
  {
    Use use(connection.prepared(R"(SELECT "revokedAt", coalesce("family", "id") FROM logins WHERE "id" = ?)"));
    use.uuid(old.value());
    if (use.row()) {
      if (use.maybe_time()) return false;
      heir.family = store::LoginId(use.uuid());
    }
  }
  revoke_login(connection, old, next.created);
  log_in(connection, heir);
  return true;
}

std::optional<store::RefreshableLogin> login_with_refresh(Connection& connection, const std::string& hash) {
  Use use(connection.prepared(R"(SELECT "id", "userId", "createdAt", "expiresAt", "userAgent", "family", "revokedAt" )"
                              R"(FROM logins WHERE "refreshHash" = ?)"));
  use.text(hash);
  if (!use.row()) return std::nullopt;
  store::RefreshableLogin found{.login = take_login(use)};
  found.login.refresh_hash = hash;
  found.login.family = store::LoginId(use.uuid());
  found.revoked = use.maybe_time().has_value();
  return found;
}

std::vector<store::Login> revoke_logins_of_family(Connection& connection, const store::LoginId& login, WallTime now) {
  std::vector<store::Login> ended;
  {
    Use use(connection.prepared(
        R"(SELECT "id", "userId", "createdAt", "expiresAt", "userAgent" FROM logins WHERE "revokedAt" IS NULL AND ("id" = ?1 OR )"
        R"("family" = coalesce((SELECT "family" FROM logins WHERE "id" = ?1), ?1)))"));
    use.uuid(login.value());
    while (use.row()) ended.push_back(take_login(use));
  }
  for (const auto& each : ended) revoke_login(connection, each.id, now);
  return ended;
}

void revoke_login(Connection& connection, const store::LoginId& login, WallTime now) {
  std::optional<store::UserId> user;
  {
    Use use(connection.prepared(R"(SELECT "userId" FROM logins WHERE "id" = ? AND "revokedAt" IS NULL)"));
    use.uuid(login.value());
    if (use.row()) user = store::UserId(use.uuid());
  }
  if (!user) return;
  Use use(connection.prepared(R"(UPDATE logins SET "revokedAt" = ? WHERE "id" = ?)"));
  use.time(now);
  use.uuid(login.value());
  use.run();
  note_change(connection, {.kind = store::Change::Kind::login_revoked, .user = *user, .login = login}, now);
}

std::vector<store::Login> revoke_logins_of(Connection& connection, const store::UserId& user, WallTime now,
                                           const store::LoginId& but) {
  {
    Use use(connection.prepared(R"(UPDATE users SET "tokensValidFrom" = ?, "tokensKept" = ? WHERE "id" = ?)"));
    use.time(now);
    use.maybe_uuid(but == store::LoginId{} ? std::nullopt : std::optional(but));
    use.uuid(user.value());
    use.run();
  }
  note_change(connection, {.kind = store::Change::Kind::user_status, .user = user}, now);
  auto ended = logins_of(connection, user, now);
  std::erase_if(ended, [&](const store::Login& login) { return login.id == but; });
  for (const auto& login : ended) revoke_login(connection, login.id, now);
  return ended;
}

std::vector<store::Login> logins_of(Connection& connection, const store::UserId& user, WallTime now) {
  Use use(connection.prepared(
      R"(SELECT "id", "userId", "createdAt", "expiresAt", "userAgent" FROM logins )"
      R"(WHERE "userId" = ? AND "revokedAt" IS NULL AND "expiresAt" > ? ORDER BY "createdAt" DESC, "id" DESC)"));
  use.uuid(user.value());
  use.time(now);
  std::vector<store::Login> logins;
  while (use.row()) logins.push_back(take_login(use));
  return logins;
}

bool take_key(Connection& connection, const store::IdempotencyClaim& claim, WallTime now) {
  Use use(connection.prepared(R"(INSERT INTO idempotency_keys ("owner", "key", "fingerprint", "createdAt") VALUES (?, ?, ?, ?) )"
                              R"(ON CONFLICT DO NOTHING)"));
  use.uuid(claim.owner.value());
  use.text(claim.key);
  use.text(claim.fingerprint);
  use.time(now);
  return use.run() == 1;
}

std::optional<store::KeptAnswer> kept_answer(Connection& connection, const store::UserId& owner, const std::string& key) {
  Use use(connection.prepared(
      R"(SELECT "fingerprint", "callId", "status", "body" FROM idempotency_keys WHERE "owner" = ? AND "key" = ?)"));
  use.uuid(owner.value());
  use.text(key);
  if (!use.row()) return std::nullopt;
  store::KeptAnswer kept;
  kept.fingerprint = use.text();
  if (const auto call = use.maybe_uuid()) kept.call = store::CallId(*call);
  kept.status = static_cast<int>(use.number());
  kept.body = use.text();
  return kept;
}

void put_answer(Connection& connection, const store::UserId& owner, const std::string& key, const store::KeptAnswer& answer,
                WallTime now) {
  Use use(connection.prepared(
      R"(INSERT INTO idempotency_keys ("owner", "key", "fingerprint", "callId", "status", "body", "createdAt") )"
      R"(VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT ("owner", "key") DO UPDATE SET "fingerprint" = excluded."fingerprint", )"
      R"("callId" = coalesce(excluded."callId", "callId"), "status" = excluded."status", "body" = excluded."body" )"
      R"(WHERE "status" = 0)"));
  use.uuid(owner.value());
  use.text(key);
  use.text(answer.fingerprint);
  use.maybe_uuid(answer.call);
  use.number(answer.status);
  use.text(answer.body);
  use.time(now);
  use.run();
}

void forget_old_logins(Connection& connection, WallTime answers, WallTime logins) {
  delete_older(connection, R"(DELETE FROM idempotency_keys WHERE "createdAt" < ?)", answers);
  delete_older(connection, R"(DELETE FROM changes WHERE "at" < ?)", answers);
  delete_older(connection, R"(DELETE FROM logins WHERE "expiresAt" < ?)", logins);
}

}  // namespace belfry::sqlite
