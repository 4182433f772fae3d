// Logins, the change feed and kept answers in their tables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "store/account_store.hpp"

namespace belfry::sqlite {

/// Appends to the change feed; call it in the transaction that makes the change.
void note_change(Connection& connection, const store::Change& change, WallTime now);
[[nodiscard]] std::vector<store::Change> changes_behind(Connection& connection, std::uint64_t seq);
[[nodiscard]] store::RevocationSnapshot revocation_snapshot(Connection& connection, WallTime now);

/// users.lastActiveAt, unless it is later already.
void put_last_active(Connection& connection, const store::UserId& user, WallTime when);
void log_in(Connection& connection, const store::Login& login);
[[nodiscard]] bool log_in_if_password(Connection& connection, const store::Login& login, const std::string& password_hash);
[[nodiscard]] bool swap_login(Connection& connection, const store::LoginId& old, const store::Login& next);
[[nodiscard]] std::optional<store::RefreshableLogin> login_with_refresh(Connection& connection, const std::string& hash);
[[nodiscard]] std::vector<store::Login> revoke_logins_of_family(Connection& connection, const store::LoginId& login,
                                                                WallTime now);
void revoke_login(Connection& connection, const store::LoginId& login, WallTime now);
[[nodiscard]] std::vector<store::Login> revoke_logins_of(Connection& connection, const store::UserId& user, WallTime now,
                                                         const store::LoginId& but);
[[nodiscard]] std::vector<store::Login> logins_of(Connection& connection, const store::UserId& user, WallTime now);

/// Keeps the key without an answer. False: it is there already.
[[nodiscard]] bool take_key(Connection& connection, const store::IdempotencyClaim& claim, WallTime now);
[[nodiscard]] std::optional<store::KeptAnswer> kept_answer(Connection& connection, const store::UserId& owner,
                                                           const std::string& key);
void put_answer(Connection& connection, const store::UserId& owner, const std::string& key, const store::KeptAnswer& answer,
                WallTime now);
void forget_old_logins(Connection& connection, WallTime answers, WallTime logins);

}  // namespace belfry::sqlite
