// Identity: the user that a credential proves. Verifier checks signature, expiry, revocation and status from memory, at once and
// on any thread, so a connecting socket never waits for the database (SPEC C-14, R-002-06).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "base/time.hpp"
#include "domain/account/user.hpp"

namespace belfry::accounts {

struct Identity {
  account::UserId user{};
  std::string username{};
  account::Role role = account::Role::user;
  account::LoginId login{};  // the token's jti; of an external token, derived from the token
  WallTime issued{}, expires{};
  // Not issued by us, though possibly signed with our secret: the store finds or creates the user
  // (AccountStore::ensure_external).
  bool external = false;
  // Also signed with a key that is not ours: accepted only for users of that issuer (ExternalUsers).
  bool foreign = false;
  bool listed = false;  // issued by us: the store has a row for `login`, which says whether it was ended

  /// SPEC X-30: joining a call requires a credential that is still valid. A call already joined continues without one.
  [[nodiscard]] bool may_join(WallTime now) const { return expires == WallTime{} || now < expires; }
};

/// SPEC 2.1: UNAUTHENTICATED, SESSION_EXPIRED, TOKEN_REVOKED, and a user who is not active.
enum class CredentialFault : std::uint8_t { missing, invalid, expired, revoked, not_active };

class Verifier {
 public:
  virtual ~Verifier() = default;
  [[nodiscard]] virtual Expected<Identity, CredentialFault> verify(std::string_view token, WallTime now) const = 0;
};

/// The cookie that carries the session token (R-004-08).
constexpr std::string_view kCookieName = "belfry_session";

}  // namespace belfry::accounts
