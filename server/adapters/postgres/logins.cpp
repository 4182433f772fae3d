#include "adapters/postgres/logins.hpp"

#include "adapters/sql/user_columns.hpp"

namespace belfry::postgres {
namespace {

// Sequence numbers are assigned in the order of the INSERTs, not of the commits. Without this lock, held until the commit, a
// follower could read past a number whose transaction is still running and never see it.
constexpr std::string_view kOneAtATime = "SELECT pg_advisory_xact_lock(108170603754106)";

// A follower of the feed reads at most a thousand changes at a time.
constexpr std::string_view kChanges =
    R"(SELECT h."seq", h."kind", h."userId", h."loginId", u."status", l."expiresAt", u."tokensValidFrom", u."tokensKept" )"
    R"(FROM changes h )"
    R"(LEFT JOIN users u ON u."id" = h."userId" LEFT JOIN logins l ON l."id" = h."loginId" )"
    R"(WHERE h."seq" > $1 ORDER BY h."seq" LIMIT 1000)";

void delete_older(Connection& connection, std::string_view sql, WallTime before) {
  Params params;
  params.time(before);
  connection.run(sql, params);
}

std::uint64_t newest_change(Connection& connection) {
  return static_cast<std::uint64_t>(connection.run(R"(SELECT coalesce(max("seq"), 0) FROM changes)").at(0).number());
}

template <class Row>
store::TokenLimit take_limit(Row& row) {
  store::TokenLimit limit;
  limit.from = row.maybe_time().value_or(WallTime{});
  limit.but = store::LoginId(row.maybe_uuid().value_or(Uuid{}));
  return limit;
}

void insert_login(Connection& connection, const store::Login& login) {
  Params params;
  params.uuid(login.id.value());
  params.uuid(login.user.value());
  params.time(login.created);
  params.time(login.expires);
  params.text(login.user_agent);
  params.text_or_null(login.refresh_hash);
  params.uuid(login.family == store::LoginId{} ? login.id.value() : login.family.value());
  connection.run(R"(INSERT INTO logins ("id", "userId", "createdAt", "expiresAt", "userAgent", "refreshHash", "family") )"
                 R"(VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING)",
                 params);
}

template <class Row>
store::Login take_login(Row& row) {
  store::Login login;
  login.id = store::LoginId(row.uuid());
  login.user = store::UserId(row.uuid());
  login.created = row.time();
  login.expires = row.time();
  login.user_agent = row.text();
  return login;
}

/// As an update of the row would lock it: a commit of a call, which holds it FOR KEY SHARE, goes on. False: the user is not
/// active.
bool lock_active(Connection& connection, const store::UserId& user) {
  Params params;
  params.uuid(user.value());
  return !connection.run(R"(SELECT 1 FROM users WHERE "id" = $1 AND "status" = 'active' FOR NO KEY UPDATE)", params).empty();
}

}  // namespace

void note_change(Connection& connection, const store::Change& change, WallTime now) {
  connection.run(kOneAtATime);
  Params params;
  params.text(sql::to_text(change.kind));
  params.uuid(change.user.value());
  params.maybe_uuid(change.kind == store::Change::Kind::login_revoked ? std::optional(change.login) : std::nullopt);
  params.time(now);
  connection.run(R"(INSERT INTO changes ("kind", "userId", "loginId", "at") VALUES ($1, $2, $3, $4))", params);
}

std::vector<store::Change> changes_behind(Connection& connection, std::uint64_t seq) {
  Params params;
  params.number(static_cast<std::int64_t>(seq));
  const auto rows = connection.run(kChanges, params);
  std::vector<store::Change> changes;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    store::Change change;
    change.seq = static_cast<std::uint64_t>(row.number());
    change.kind = sql::change_kind(row.text());
    change.user = store::UserId(row.uuid());
    change.login = store::LoginId(row.uuid());
    change.status = account::parse_user_status(row.text()).value_or(account::UserStatus::deleted);
    change.expires = row.maybe_time().value_or(WallTime{});
    change.limit = take_limit(row);
    changes.push_back(change);
  }
  return changes;
}

store::RevocationSnapshot revocation_snapshot(Connection& connection, WallTime now) {
  store::RevocationSnapshot all;
  // Read the number first: a change committed after it is in the feed and perhaps also below. Applying it twice does no harm.
  all.seq = newest_change(connection);
  const auto people = connection.run(R"(SELECT "id", "status" FROM users WHERE "status" <> 'active')");
  for (int i = 0; i < people.size(); ++i) {
    auto row = people.at(i);
    const store::UserId user(row.uuid());
    all.not_active.emplace_back(user, account::parse_user_status(row.text()).value_or(account::UserStatus::blocked));
  }
  Params params;
  params.time(now);
  const auto revoked =
      connection.run(R"(SELECT "id", "expiresAt" FROM logins WHERE "revokedAt" IS NOT NULL AND "expiresAt" > $1)", params);
  for (int i = 0; i < revoked.size(); ++i) {
    auto row = revoked.at(i);
    const store::LoginId login(row.uuid());
    all.revoked.emplace_back(login, row.time());
  }
  const auto limits = connection.run(R"(SELECT "id", "tokensValidFrom", "tokensKept" FROM users WHERE "tokensValidFrom" > 0)");
  for (int i = 0; i < limits.size(); ++i) {
    auto row = limits.at(i);
    const store::UserId user(row.uuid());
    all.limits.emplace_back(user, take_limit(row));
  }
  return all;
}

void put_last_active(Connection& connection, const store::UserId& user, WallTime when) {
  Params params;
  params.time(when);
  params.uuid(user.value());
  connection.run(R"(UPDATE users SET "lastActiveAt" = greatest(coalesce("lastActiveAt", 0), $1) WHERE "id" = $2)", params);
}

void log_in(Connection& connection, const store::Login& login) {
  insert_login(connection, login);
  put_last_active(connection, login.user, login.created);
}

// log_in_if_password, swap_login, revoke_logins_of, update_user and set_user_status write or lock the user's row first and so
// wait for each other there: a login added while all are being revoked is either revoked too or refused.

bool log_in_if_password(Connection& connection, const store::Login& login, const std::string& password_hash) {
  Params seen;
  seen.time(login.created);
  seen.uuid(login.user.value());
  seen.text(password_hash);
  const auto same = connection.run(
      R"(UPDATE users SET "lastActiveAt" = greatest(coalesce("lastActiveAt", 0), $1) WHERE "id" = $2 AND "passwordHash" = $3 )"
      R"(AND "status" = 'active' RETURNING "id")",
      seen);
  if (same.empty()) return false;
  insert_login(connection, login);
  return true;
}

bool swap_login(Connection& connection, const store::LoginId& old, const store::Login& next) {
  if (!lock_active(connection, next.user)) return false;
  connection.run(kOneAtATime);
  Params params;
  params.uuid(old.value());
  store::Login heir = next;
  if (const auto rows = connection.run(R"(SELECT "revokedAt", coalesce("family", "id") FROM logins WHERE "id" = $1)", params);
      !rows.empty()) {
    auto row = rows.at(0);
    if (row.maybe_time()) return false;
    heir.family = store::LoginId(row.uuid());
  }
  revoke_login(connection, old, next.created);
  log_in(connection, heir);
  return true;
}

std::optional<store::RefreshableLogin> login_with_refresh(Connection& connection, const std::string& hash) {
  Params params;
  params.text(hash);
  const auto rows = connection.run(
      R"(SELECT "id", "userId", "createdAt", "expiresAt", "userAgent", "family", "revokedAt" FROM logins WHERE "refreshHash" = $1)",
      params);
  if (rows.empty()) return std::nullopt;
  auto row = rows.at(0);
  store::RefreshableLogin found{.login = take_login(row)};
  found.login.refresh_hash = hash;
  found.login.family = store::LoginId(row.uuid());
  found.revoked = row.maybe_time().has_value();
  return found;
}

std::vector<store::Login> revoke_logins_of_family(Connection& connection, const store::LoginId& login, WallTime now) {
  connection.run(kOneAtATime);  // a refresh under way adds its login before this looks, or finds the old one revoked
  Params params;
  params.uuid(login.value());
  const auto rows = connection.run(
      R"(SELECT "id", "userId", "createdAt", "expiresAt", "userAgent" FROM logins WHERE "revokedAt" IS NULL AND ("id" = $1 OR )"
      R"("family" = coalesce((SELECT "family" FROM logins WHERE "id" = $1), $1)))",
      params);
  std::vector<store::Login> ended;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    ended.push_back(take_login(row));
  }
  for (const auto& each : ended) revoke_login(connection, each.id, now);
  return ended;
}

void revoke_login(Connection& connection, const store::LoginId& login, WallTime now) {
  connection.run(kOneAtATime);  // before the row lock: revoke_all holds this lock while it goes through the rows
  Params params;
  params.time(now);
  params.uuid(login.value());
  const auto rows =
      connection.run(R"(UPDATE logins SET "revokedAt" = $1 WHERE "id" = $2 AND "revokedAt" IS NULL RETURNING "userId")", params);
  if (rows.empty()) return;
  note_change(connection, {.kind = store::Change::Kind::login_revoked, .user = store::UserId(rows.at(0).uuid()), .login = login},
              now);
}

std::vector<store::Login> revoke_logins_of(Connection& connection, const store::UserId& user, WallTime now,
                                           const store::LoginId& but) {
  Params limit;
  limit.time(now);
  limit.maybe_uuid(but == store::LoginId{} ? std::nullopt : std::optional(but));
  limit.uuid(user.value());
  connection.run(R"(UPDATE users SET "tokensValidFrom" = $1, "tokensKept" = $2 WHERE "id" = $3)", limit);
  note_change(connection, {.kind = store::Change::Kind::user_status, .user = user}, now);
  auto ended = logins_of(connection, user, now);
  std::erase_if(ended, [&](const store::Login& login) { return login.id == but; });
  for (const auto& login : ended) revoke_login(connection, login.id, now);
  return ended;
}

std::vector<store::Login> logins_of(Connection& connection, const store::UserId& user, WallTime now) {
  Params params;
  params.uuid(user.value());
  params.time(now);
  const auto rows =
      connection.run(R"(SELECT "id", "userId", "createdAt", "expiresAt", "userAgent" FROM logins )"
                     R"(WHERE "userId" = $1 AND "revokedAt" IS NULL AND "expiresAt" > $2 ORDER BY "createdAt" DESC, "id" DESC)",
                     params);
  std::vector<store::Login> logins;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    logins.push_back(take_login(row));
  }
  return logins;
}

bool take_key(Connection& connection, const store::IdempotencyClaim& claim, WallTime now) {
  Params params;
  params.uuid(claim.owner.value());
  params.text(claim.key);
  params.text(claim.fingerprint);
  params.time(now);
  return connection
             .run(R"(INSERT INTO idempotency_keys ("owner", "key", "fingerprint", "createdAt") VALUES ($1, $2, $3, $4) )"
                  R"(ON CONFLICT DO NOTHING)",
                  params)
             .changed() == 1;
}

std::optional<store::KeptAnswer> kept_answer(Connection& connection, const store::UserId& owner, const std::string& key) {
  Params params;
  params.uuid(owner.value());
  params.text(key);
  const auto rows = connection.run(
      R"(SELECT "fingerprint", "callId", "status", "body" FROM idempotency_keys WHERE "owner" = $1 AND "key" = $2)", params);
  if (rows.empty()) return std::nullopt;
  auto row = rows.at(0);
  store::KeptAnswer kept;
  kept.fingerprint = row.text();
  if (const auto call = row.maybe_uuid()) kept.call = store::CallId(*call);
  kept.status = static_cast<int>(row.number());
  kept.body = row.text();
  return kept;
}

void put_answer(Connection& connection, const store::UserId& owner, const std::string& key, const store::KeptAnswer& answer,
                WallTime now) {
  Params params;
  params.uuid(owner.value());
  params.text(key);
  params.text(answer.fingerprint);
  params.maybe_uuid(answer.call);
  params.number(answer.status);
  params.text(answer.body);
  params.time(now);
  connection.run(
      R"(INSERT INTO idempotency_keys AS k ("owner", "key", "fingerprint", "callId", "status", "body", "createdAt") )"
      R"(VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT ("owner", "key") DO UPDATE SET "fingerprint" = excluded."fingerprint", )"
      R"("callId" = coalesce(excluded."callId", k."callId"), "status" = excluded."status", "body" = excluded."body" )"
      R"(WHERE k."status" = 0)",
      params);
}

void forget_old_logins(Connection& connection, WallTime answers, WallTime logins) {
  delete_older(connection, R"(DELETE FROM idempotency_keys WHERE "createdAt" < $1)", answers);
  delete_older(connection, R"(DELETE FROM changes WHERE "at" < $1)", answers);
  delete_older(connection, R"(DELETE FROM logins WHERE "expiresAt" < $1)", logins);
}

}  // namespace belfry::postgres
