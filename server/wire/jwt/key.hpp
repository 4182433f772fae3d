// A Key checks signatures with the one algorithm it was made for (RFC 7518 3.1). That the key, and never the token, chooses
// the algorithm is what stops the attack that signs HS256 with the bytes of a public RSA key. Immutable and cheap to copy;
// any thread may check with the same key. Secrets are wiped when the last copy goes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace belfry::jwt {

/// RFC 7518 3.1: one that both sides keep secret, and the two that issuers use. `none` is not among them.
enum class Algorithm : std::uint8_t { hs256, rs256, es256 };

[[nodiscard]] std::string_view name_of(Algorithm algorithm);

class Key {
 public:
  using Id = std::optional<std::string>;  // `kid`, RFC 7515 4.1.4

  /// nullopt when empty. RFC 7518 3.2 wants 32 bytes; we accept less, since operators bring secrets of other systems.
  /// Which secrets are too weak for production is configuration's to say.
  [[nodiscard]] static std::optional<Key> hs256(std::string_view secret, Id id);
  [[nodiscard]] static std::optional<Key> hs256(std::string_view secret);
  /// Big-endian modulus and exponent. nullopt below 2048 bits (RFC 7518 3.3) or when the numbers are no RSA key.
  [[nodiscard]] static std::optional<Key> rs256(std::string_view modulus, std::string_view exponent, Id id = {});
  /// Coordinates of a P-256 point, 32 bytes each (RFC 7518 6.2.1). nullopt when the point is not on the curve.
  [[nodiscard]] static std::optional<Key> es256(std::string_view x, std::string_view y, Id id = {});

  [[nodiscard]] Algorithm algorithm() const { return algorithm_; }
  [[nodiscard]] const Id& id() const { return id_; }

  /// `signature` is the raw JWS signature: HMAC, PKCS #1 v1.5, or r||s (RFC 7518 3.2-3.4).
  [[nodiscard]] bool verifies(std::string_view message, std::string_view signature) const;
  /// HS256 keys only: the 32 bytes.
  [[nodiscard]] std::string mac(std::string_view message) const;

 private:
  struct Material;
  Key(Algorithm algorithm, Id id, std::shared_ptr<const Material> material);

  Algorithm algorithm_;
  Id id_;
  std::shared_ptr<const Material> material_;
};

}  // namespace belfry::jwt
