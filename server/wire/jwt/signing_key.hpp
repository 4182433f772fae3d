// SigningKey: a private key with which we sign tokens for others, such as a push provider that knows us by the public half. Its
// kind decides the algorithm: RSA signs RS256, P-256 signs ES256 (RFC 7518 3.1). Immutable and cheap to copy; any thread may
// sign.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "wire/jwt/key.hpp"

namespace belfry::jwt {

class SigningKey {
 public:
  /// PKCS #8, as Google and Apple give it: an RSA key of at least 2048 bits, or a P-256 key. nullopt: it is neither.
  [[nodiscard]] static std::optional<SigningKey> from_pem(std::string_view pem, Key::Id id = {});
  /// A P-256 key as RFC 8292 has it: the private number, 32 bytes, and the uncompressed public point, 65 bytes. nullopt: they do
  /// not belong together.
  [[nodiscard]] static std::optional<SigningKey> es256(std::string_view number, std::string_view point, Key::Id id = {});

  [[nodiscard]] Algorithm algorithm() const { return algorithm_; }
  [[nodiscard]] const Key::Id& id() const { return id_; }
  /// The raw JWS signature: PKCS #1 v1.5, or r||s (RFC 7518 3.3, 3.4).
  [[nodiscard]] std::string sign(std::string_view message) const;

 private:
  struct Material;
  SigningKey(Algorithm algorithm, Key::Id id, std::shared_ptr<const Material> material);

  Algorithm algorithm_;
  Key::Id id_;
  std::shared_ptr<const Material> material_;
};

}  // namespace belfry::jwt
