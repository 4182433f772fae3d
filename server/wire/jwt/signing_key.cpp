#include "wire/jwt/signing_key.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <utility>

#include "base/check.hpp"
#include "wire/jwt/openssl.hpp"

namespace belfry::jwt {
namespace {

// RFC 7518 6.2.2.1: of P-256.
constexpr std::size_t kNumberSize = 32;
// SEC 1 2.3.3: uncompressed, a byte and two coordinates.
constexpr std::size_t kPointSize = 1 + 2 * 32;
// RFC 7518 3.3
constexpr int kMinRsaBits = 2048;
// RFC 7518 6.2.1.1 calls it P-256, OpenSSL so.
constexpr std::string_view kCurve = "prime256v1";

using OwnedBio = Owned<BIO, BIO_free>;

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::optional<Algorithm> algorithm_of(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1)
    return EVP_PKEY_get_bits(key) >= kMinRsaBits ? std::optional(Algorithm::rs256) : std::nullopt;
  std::array<char, 64> curve{};
  std::size_t size = 0;
  if (EVP_PKEY_is_a(key, "EC") != 1 || EVP_PKEY_get_group_name(key, curve.data(), curve.size(), &size) != 1) return std::nullopt;
  return std::string_view(curve.data(), size) == kCurve ? std::optional(Algorithm::es256) : std::nullopt;
}

/// RFC 7518 3.4 has r||s where OpenSSL gives the DER of RFC 3279 2.2.3.
std::string raw_of(std::string_view der) {
  const unsigned char* from = octets(der);
  const OwnedEcdsaSig signature(d2i_ECDSA_SIG(nullptr, &from, static_cast<long>(der.size())));
  CHECK(signature != nullptr, "OpenSSL reads the signature that it wrote");
  std::string raw(2 * kNumberSize, '\0');
  auto* const to = reinterpret_cast<unsigned char*>(raw.data());
  const int kept = kNumberSize;
  CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), to, kept) == kept &&
            BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), to + kNumberSize, kept) == kept,
        "both numbers of a P-256 signature have at most 32 bytes");
  return raw;
}

OwnedPkey p256_pair(std::string_view number, std::string_view point) {
  const OwnedBn secret(BN_bin2bn(octets(number), static_cast<int>(number.size()), nullptr));
  const OwnedBuilder builder(OSSL_PARAM_BLD_new());
  CHECK(secret && builder, "memory for a key");
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, kCurve.data(), 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret.get());
  const OwnedParams params(OSSL_PARAM_BLD_to_param(builder.get()));
  const OwnedPkeyCtx maker(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  if (params && maker && EVP_PKEY_fromdata_init(maker.get()) == 1)
    EVP_PKEY_fromdata(maker.get(), &made, EVP_PKEY_KEYPAIR, params.get());
  OwnedPkey key(made);
  if (key) {
    const OwnedPkeyCtx checker(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    if (!checker || EVP_PKEY_check(checker.get()) != 1) key.reset();
  }
  return key;
}

}  // namespace

struct SigningKey::Material {
  OwnedPkey pkey{};
};

SigningKey::SigningKey(Algorithm algorithm, Key::Id id, std::shared_ptr<const Material> material)
    : algorithm_(algorithm),
      id_(std::move(id)),
      material_(std::move(material)) {}

std::optional<SigningKey> SigningKey::from_pem(std::string_view pem, Key::Id id) {
  const OwnedBio source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CHECK(source != nullptr, "memory for a key");
  // An encrypted key is refused: OpenSSL would ask for its password on the terminal.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  OwnedPkey key(PEM_read_bio_PrivateKey(source.get(), nullptr, no_password, nullptr));
  const auto algorithm = key ? algorithm_of(key.get()) : std::nullopt;
  ERR_clear_error();
  if (!algorithm) return std::nullopt;
  return SigningKey(*algorithm, std::move(id), std::make_shared<const Material>(Material{std::move(key)}));
}

std::optional<SigningKey> SigningKey::es256(std::string_view number, std::string_view point, Key::Id id) {
  if (number.size() != kNumberSize || point.size() != kPointSize) return std::nullopt;
  OwnedPkey key = p256_pair(number, point);
  ERR_clear_error();
  if (!key) return std::nullopt;
  return SigningKey(Algorithm::es256, std::move(id), std::make_shared<const Material>(Material{std::move(key)}));
}

std::string SigningKey::sign(std::string_view message) const {
  EVP_PKEY* const key = material_->pkey.get();
  const OwnedMdCtx context(EVP_MD_CTX_new());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
  std::size_t size = signature.size();
  CHECK(context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
            EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, octets(message),
                           message.size()) == 1,
        "a checked key signs");
  signature.resize(size);
  return algorithm_ == Algorithm::es256 ? raw_of(signature) : signature;
}

}  // namespace belfry::jwt
