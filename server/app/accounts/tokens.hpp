// Tokens: issues our session tokens (HS256; claims iss, sub, jti, iat, exp, username, role), and checks them and those of an
// external issuer from memory, on any thread. Rotation: a token signed with a previous secret stays valid until that secret is
// removed from the settings (R-004-52). An external token's claims are taken as its issuer wrote them; a subject that is not a
// UUID is hashed to one with SHA-256 (R-002-05).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/accounts/identity.hpp"
#include "app/accounts/revocation_cache.hpp"
#include "wire/jwt/jwt.hpp"

namespace belfry::accounts {

struct TokenSettings {
  std::string secret;                           // signs and verifies
  std::vector<std::string> previous_secrets{};  // verify only
  Duration lifetime = std::chrono::hours{24 * 7};
  Duration refresh_lifetime = std::chrono::hours{24 * 30};  // of a refresh token; not less than `lifetime`
  std::string external_secret{};                            // HS256 of an external issuer; empty: none
  jwt::Expectations external{};                             // issuer, audience, skew of the external one
};

class Tokens final : public Verifier {
 public:
  using KeySet = std::shared_ptr<const std::vector<jwt::Key>>;
  /// The external issuer's current public keys, and a way to report that a key id is missing.
  struct KeySource {
    std::function<KeySet()> keys;
    std::function<void(const std::string& key_id)> want;
  };
  Tokens(const TokenSettings& settings, KeySource source, const RevocationCache& revocations);

  struct Issued {
    std::string token;
    WallTime expires;
  };
  [[nodiscard]] Issued issue(const account::User& user, account::LoginId login, WallTime now) const;
  /// When a refresh token that is issued now expires.
  [[nodiscard]] WallTime refresh_until(WallTime now) const;
  [[nodiscard]] Expected<Identity, CredentialFault> verify(std::string_view token, WallTime now) const override;

 private:
  [[nodiscard]] Expected<Identity, CredentialFault> verify_external(std::string_view token, WallTime now) const;
  [[nodiscard]] bool is_for_us(const jwt::Claims& claims) const;
  [[nodiscard]] Expected<Identity, CredentialFault> in_good_standing(Identity identity) const;

  TokenSettings settings_;
  std::vector<jwt::Key> own_;     // the first one signs
  std::vector<jwt::Key> shared_;  // the external secret
  KeySource source_;
  const RevocationCache& revocations_;
};

}  // namespace belfry::accounts
