// Accounts over HTTP: /api/auth/*, /api/users/*, /api/sessions, and seed 004's /user/*, which answer the envelope with the user's
// fields beside it (SPEC C-16). The session token is set as an HTTP-only cookie and is in the answer, for use as Bearer.
#pragma once

#include <cstdint>

#include "app/accounts/accounts.hpp"
#include "app/sessions/sessions.hpp"
#include "gateway/api/operation.hpp"
#include "store/account_store.hpp"

namespace belfry::gateway {

/// `secure`: production, where browsers must not send the cookie over plain HTTP (R-004-09).
enum class CookieSafety : bool { plain, secure };

/// How often one address may sign up and try to log in (SPEC C-02). Shared by all shards.
struct LoginLimits;

/// Of this shard; all outlive the operations.
struct AccountServices {
  accounts::Accounts& accounts;
  store::AccountStore& store;
  const sessions::Sessions& sessions;
  LoginLimits& limits;
  CookieSafety cookie = CookieSafety::plain;
};

/// Seed 004 has the data at the top level too: a user's fields, and the list of everybody else.
enum class ProfileShape : std::uint8_t { enveloped, fields_beside };
enum class PeopleShape : std::uint8_t { plain, sidebar };

[[nodiscard]] Operations auth_operations(const AccountServices& services);
/// A user's logins (`/api/sessions`).
[[nodiscard]] Operations login_operations(const AccountServices& services);
[[nodiscard]] Operations profile_operations(const AccountServices& services, ProfileShape shape = ProfileShape::enveloped);
[[nodiscard]] Operations people_operations(const AccountServices& services, PeopleShape shape = PeopleShape::plain);
/// Aliases of the above under seed 004's names.
[[nodiscard]] Operations seed_004_operations(const AccountServices& services);
/// Where Person::avatar leads if it is kept here.
[[nodiscard]] Operations avatar_operations(const AccountServices& services);

}  // namespace belfry::gateway
