// Logins, the change feed and kept answers in their tables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "store/account_store.hpp"

namespace belfry::sqlite {

/// Appends to the feed; belongs into the transaction of what it tells of.
void note_change(Connection& connection, const store::Change& change, WallTime now);
[[nodiscard]] std::vector<store::Change> changes_after(Connection& connection, std::uint64_t seq);
[[nodiscard]] store::RevocationSnapshot revocations(Connection& connection, WallTime now);

void add_login(Connection& connection, const store::Login& login);
[[nodiscard]] bool admit(Connection& connection, const store::Login& login, const std::string& password_hash);
[[nodiscard]] bool replace_login(Connection& connection, const store::LoginId& old, const store::Login& next);
void revoke(Connection& connection, const store::LoginId& login, WallTime now);
[[nodiscard]] std::vector<store::Login> revoke_all(Connection& connection, const store::UserId& user, WallTime now,
                                                   const store::LoginId& but);
[[nodiscard]] std::vector<store::Login> logins_of(Connection& connection, const store::UserId& user, WallTime now);

[[nodiscard]] std::optional<store::KeptAnswer> find_answer(Connection& connection, const store::UserId& owner,
                                                           const std::string& key);
void keep_answer(Connection& connection, const store::UserId& owner, const std::string& key, const store::KeptAnswer& answer,
                 WallTime now);
void forget_before(Connection& connection, WallTime answers, WallTime logins);

}  // namespace belfry::sqlite
