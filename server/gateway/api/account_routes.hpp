// Accounts over HTTP: /api/auth/*, /api/users/*, /api/sessions. Seed 004's routes are aliases of them (seed_004_routes.hpp). The
// session token is set as an HTTP-only cookie, and is also in the answer for use as a
// Bearer token.
#pragma once

#include <cstdint>

#include "app/accounts/accounts.hpp"
#include "app/conversations/conversations.hpp"
#include "app/files/files.hpp"
#include "app/sessions/presence.hpp"
#include "gateway/api/operation.hpp"
#include "store/account_store.hpp"

namespace belfry::gateway {

/// `secure`: production, where browsers must not send the cookie over plain HTTP (R-004-09).
enum class CookieSafety : bool { plain, secure };

/// How often one address may sign up and try to log in (SPEC C-02). Shared by all shards.
struct LoginLimits;

/// The services of this shard. All must outlive the operations.
struct AccountServices {
  accounts::Accounts& accounts;
  store::AccountStore& store;
  const sessions::OnlineUsers& online;
  LoginLimits& limits;
  files::Files& files;
  CookieSafety cookie = CookieSafety::plain;
  std::int64_t min_password = 8;           // characters; NIST SP 800-63B 5.1.1.2
  std::int64_t seed_004_min_password = 6;  // W-004-16: at the sign-up of seed 004, whose form takes six
};

/// fields_beside: seed 004's (SPEC K3, K4). It repeats the user at the top level, as `user` and field by field, and has its
/// names.
enum class ProfileShape : std::uint8_t { enveloped, fields_beside };

[[nodiscard]] Operations auth_operations(const AccountServices& services, ProfileShape shape = ProfileShape::enveloped);
/// A user's logins (`/api/sessions`).
[[nodiscard]] Operations login_operations(const AccountServices& services);
[[nodiscard]] Operations profile_operations(const AccountServices& services, ProfileShape shape = ProfileShape::enveloped);
/// `conversations` is the shard's, and outlives the operations.
[[nodiscard]] Operations people_operations(const AccountServices& services, conversations::Conversations& conversations);
/// The operations on accounts that only seed 001 has, at its addresses (SPEC W-001-06).
[[nodiscard]] Operations seed_001_account_operations(const AccountServices& services);
/// Pictures of users: a new one, none, and reading them; Person::avatar is the path of one.
[[nodiscard]] Operations avatar_operations(const AccountServices& services);

}  // namespace belfry::gateway
