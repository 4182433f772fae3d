#include "wire/jwt/key.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

#include <array>
#include <utility>

#include "base/check.hpp"
#include "wire/jwt/openssl.hpp"

namespace belfry::jwt {
namespace {

// RFC 7518 3.1, in the order of Algorithm. Compared with letters as they stand (RFC 7515 4.1.1).
constexpr std::array<std::string_view, 3> kNames = {"HS256", "RS256", "ES256"};
// RFC 7518 3.2: HS256 is all of HMAC-SHA-256. A shorter code would be easier to guess, and is no signature here.
constexpr std::size_t kMacSize = 32;
constexpr std::size_t kCoordinateSize = 32;  // P-256: RFC 7518 6.2.1.2
constexpr int kMinRsaBits = 2048;            // RFC 7518 3.3
// A larger modulus only makes each check slower; nobody issues such keys.
constexpr int kMaxRsaBits = 8192;
// 65537 needs three; long exponents make a public-key check as slow as signing.
constexpr std::size_t kMaxExponentSize = 8;

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

OwnedBn number(std::string_view big_endian) {
  return OwnedBn(BN_bin2bn(octets(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

/// nullptr when the parameters are no such key. OpenSSL's error queue is left empty: others read it too.
OwnedPkey public_key(const char* type, OSSL_PARAM_BLD* builder) {
  const OwnedParams params(OSSL_PARAM_BLD_to_param(builder));
  const OwnedPkeyCtx maker(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (params && maker && EVP_PKEY_fromdata_init(maker.get()) == 1)
    EVP_PKEY_fromdata(maker.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get());
  OwnedPkey key(made);
  if (key) {
    const OwnedPkeyCtx checker(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    if (!checker || EVP_PKEY_public_check(checker.get()) != 1) key.reset();
  }
  ERR_clear_error();
  return key;
}

/// RFC 7518 3.4 has r||s where OpenSSL wants the DER of RFC 3279 2.2.3. Empty when `raw` is not 64 bytes.
std::string der_of(std::string_view raw) {
  if (raw.size() != 2 * kCoordinateSize) return {};
  const OwnedEcdsaSig signature(ECDSA_SIG_new());
  OwnedBn r = number(raw.substr(0, kCoordinateSize));
  OwnedBn s = number(raw.substr(kCoordinateSize));
  CHECK(signature && r && s, "memory for a signature");
  ECDSA_SIG_set0(signature.get(), r.release(), s.release());
  unsigned char* bytes = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &bytes);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

bool verified_by(EVP_PKEY* key, std::string_view message, std::string_view signature) {
  const OwnedMdCtx check(EVP_MD_CTX_new());
  const bool good = check && EVP_DigestVerifyInit(check.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                    EVP_DigestVerify(check.get(), octets(signature), signature.size(), octets(message), message.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

}  // namespace

std::string_view name_of(Algorithm algorithm) { return kNames.at(static_cast<std::size_t>(algorithm)); }

/// One of the two: a keyed HMAC that is copied for each message, or a public key.
struct Key::Material {
  OwnedMacCtx hmac{};
  OwnedPkey pkey{};
};

Key::Key(Algorithm algorithm, Id id, std::shared_ptr<const Material> material)
    : algorithm_(algorithm),
      id_(std::move(id)),
      material_(std::move(material)) {}

std::optional<Key> Key::hs256(std::string_view secret, Id id) {
  if (secret.empty()) return std::nullopt;
  const OwnedMac hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  OwnedMacCtx keyed(EVP_MAC_CTX_new(hmac.get()));
  std::string digest = "SHA256";
  const std::array params = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                             OSSL_PARAM_construct_end()};
  CHECK(keyed && EVP_MAC_init(keyed.get(), octets(secret), secret.size(), params.data()) == 1, "OpenSSL has HMAC-SHA256");
  return Key(Algorithm::hs256, std::move(id), std::make_shared<const Material>(Material{.hmac = std::move(keyed)}));
}

std::optional<Key> Key::hs256(std::string_view secret) { return hs256(secret, std::nullopt); }

std::optional<Key> Key::rs256(std::string_view modulus, std::string_view exponent, Id id) {
  if (modulus.size() > kMaxRsaBits / 8 + 1 || exponent.size() > kMaxExponentSize) return std::nullopt;
  const OwnedBn n = number(modulus);
  const OwnedBn e = number(exponent);
  CHECK(n && e, "memory for a key");
  const int bits = BN_num_bits(n.get());
  if (bits < kMinRsaBits || bits > kMaxRsaBits || BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1) return std::nullopt;
  const OwnedBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  OwnedPkey key = public_key("RSA", builder.get());
  if (!key) return std::nullopt;
  return Key(Algorithm::rs256, std::move(id), std::make_shared<const Material>(Material{.pkey = std::move(key)}));
}

std::optional<Key> Key::es256(std::string_view x, std::string_view y, Id id) {
  if (x.size() != kCoordinateSize || y.size() != kCoordinateSize) return std::nullopt;
  const std::string point = std::string("\x04").append(x).append(y);  // SEC 1 2.3.3, uncompressed
  const OwnedBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  OwnedPkey key = public_key("EC", builder.get());
  if (!key) return std::nullopt;
  return Key(Algorithm::es256, std::move(id), std::make_shared<const Material>(Material{.pkey = std::move(key)}));
}

bool Key::verifies(std::string_view message, std::string_view signature) const {
  switch (algorithm_) {
    case Algorithm::hs256: {
      const std::string ours = mac(message);
      return signature.size() == ours.size() && CRYPTO_memcmp(ours.data(), signature.data(), ours.size()) == 0;
    }
    case Algorithm::rs256:
      return verified_by(material_->pkey.get(), message, signature);
    case Algorithm::es256: {
      const std::string der = der_of(signature);
      return !der.empty() && verified_by(material_->pkey.get(), message, der);
    }
  }
  return false;
}

std::string Key::mac(std::string_view message) const {
  CHECK(algorithm_ == Algorithm::hs256, "only a secret makes MACs");
  // A copy of the keyed context spares hashing the secret's two blocks and looking HMAC up for every token.
  const OwnedMacCtx context(EVP_MAC_CTX_dup(material_->hmac.get()));
  std::string code(kMacSize, '\0');
  std::size_t size = 0;
  CHECK(context && EVP_MAC_update(context.get(), octets(message), message.size()) == 1 &&
            EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(code.data()), &size, code.size()) == 1 &&
            size == kMacSize,
        "HMAC of bytes in memory");
  return code;
}

}  // namespace belfry::jwt
