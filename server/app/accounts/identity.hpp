// Identity: who a credential proves somebody to be. Verifier answers from memory, at once and on any thread: signature, expiry,
// revocation and status are all it looks at, so that no socket has to wait for a database to be let in (SPEC C-14, R-002-06).
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
  // Not issued by us, though maybe signed with our secret: the store has to say who that is (AccountStore::ensure_external).
  bool external = false;
  // And signed with a key that is not ours: such a token vouches for its issuer's people only (ExternalUsers).
  bool foreign = false;
  bool listed = false;  // issued by us: `login` is in the store, which knows whether it was ended

  /// SPEC X-30: joining a call needs a credential that is still valid; what has been joined goes on without one.
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
