// The rows of users: reads and changes, each inside the caller's transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/connection.hpp"
#include "store/account_store.hpp"

namespace belfry::postgres {

[[nodiscard]] Expected<store::User, store::CreateFault> create_user(Connection& connection, const store::NewUser& user);
[[nodiscard]] Expected<store::User, store::GuestFault> guest_named(Connection& connection, const std::string& username,
                                                                   const store::UserId& id_if_new, WallTime now);
[[nodiscard]] store::Account external_user(Connection& connection, const store::NewUser& requested);
[[nodiscard]] std::optional<store::User> find_user(Connection& connection, const store::UserId& id);
[[nodiscard]] std::optional<store::Account> account_named(Connection& connection, const std::string& email_or_username);
[[nodiscard]] std::optional<store::Account> account_with_id(Connection& connection, const store::UserId& id);
[[nodiscard]] std::vector<store::User> search_users(Connection& connection, const std::string& text,
                                                    const std::optional<store::UserId>& except, store::Page page);
// The two parts of AccountStore::contacts(), each at most so many.
[[nodiscard]] std::vector<store::User> users_by_newest_message(Connection& connection, const store::UserId& user,
                                                               std::uint32_t most);
[[nodiscard]] std::vector<store::User> users_without_message(Connection& connection, const store::UserId& user,
                                                             std::uint32_t most);
[[nodiscard]] std::vector<store::Presence> find_presence(Connection& connection, const std::vector<store::UserId>& users,
                                                         const store::UserId& asker);
[[nodiscard]] Expected<store::UpdatedUser, store::CreateFault> update_user(Connection& connection, const store::UserId& id,
                                                                           const store::ProfileChange& change, WallTime now);
[[nodiscard]] std::optional<std::vector<store::Login>> set_user_status(Connection& connection, const store::UserId& id,
                                                                       account::UserStatus status, WallTime now);

}  // namespace belfry::postgres
