#include "wire/jwt/signing_key.hpp"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>

#include <array>

#include "wire/base64/base64.hpp"
#include "wire/jwt/jws.hpp"
#include "wire/jwt/openssl.hpp"

namespace belfry::jwt {
namespace {

std::string bytes(std::string_view url) { return base64::decode(url, base64::Form::url).value(); }

std::string pem_of(EVP_PKEY* key) {
  const Owned<BIO, BIO_free> out(BIO_new(BIO_s_mem()));
  EXPECT_EQ(PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr), 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}
OwnedPkey made(int bits) { return OwnedPkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits))); }
OwnedPkey made(const char* curve) { return OwnedPkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve)); }

std::string number_in(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  EXPECT_EQ(EVP_PKEY_get_bn_param(key, name, &number), 1);
  const OwnedBn owned(number);
  std::string text(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(text.data()));
  return text;
}
std::string point_of(EVP_PKEY* key) {
  std::array<unsigned char, 128> point{};
  std::size_t size = 0;
  EXPECT_EQ(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size), 1);
  return {reinterpret_cast<const char*>(point.data()), size};
}
Key verifier_of(std::string_view point) { return Key::es256(point.substr(1, 32), point.substr(33)).value(); }

// The pair of RFC 8291 5: the sender's.
const std::string kNumber = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
const std::string kPoint = bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");

TEST(SigningKey, PairOfP256SignsEs256UnderItsKeyId) {
  const auto key = SigningKey::es256(kNumber, kPoint, "key-1");
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->algorithm(), Algorithm::es256);
  // Several, because a number of a signature begins with a zero now and then.
  for (int i = 0; i < 300; ++i) {
    const std::string claims = R"({"n":)" + std::to_string(i) + "}";
    const auto token = sign_jws(claims, *key);
    EXPECT_EQ(key_id_of(token), "key-1");
    const std::array keys = {verifier_of(kPoint)};
    EXPECT_EQ(open_jws(token, keys), claims);
  }
}

TEST(SigningKey, PairThatDoesNotBelongTogetherIsNone) {
  std::string other = kNumber;
  other.back() ^= 1;
  EXPECT_FALSE(SigningKey::es256(other, kPoint));
  EXPECT_FALSE(SigningKey::es256(std::string(32, '\0'), kPoint));
  EXPECT_FALSE(SigningKey::es256(kNumber.substr(1), kPoint));
  EXPECT_FALSE(SigningKey::es256(kNumber, kPoint.substr(1)));
}

TEST(SigningKey, PemOfP256SignsEs256) {
  const auto pkey = made("P-256");
  const auto key = SigningKey::from_pem(pem_of(pkey.get()));
  ASSERT_TRUE(key.has_value());
  const std::array keys = {verifier_of(point_of(pkey.get()))};
  EXPECT_EQ(open_jws(sign_jws("{}", *key), keys), "{}");
}

TEST(SigningKey, PemOfRsaSignsRs256) {
  const auto pkey = made(2048);
  const auto key = SigningKey::from_pem(pem_of(pkey.get()), "abc");
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->algorithm(), Algorithm::rs256);
  const std::array keys = {
      Key::rs256(number_in(pkey.get(), OSSL_PKEY_PARAM_RSA_N), number_in(pkey.get(), OSSL_PKEY_PARAM_RSA_E)).value()};
  EXPECT_EQ(open_jws(sign_jws("{}", *key), keys), "{}");
}

TEST(SigningKey, OtherKeysAndOtherTextsAreNone) {
  EXPECT_FALSE(SigningKey::from_pem(pem_of(made("P-384").get())));
  EXPECT_FALSE(SigningKey::from_pem(pem_of(made(1024).get())));
  EXPECT_FALSE(SigningKey::from_pem(""));
  EXPECT_FALSE(SigningKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
}

}  // namespace
}  // namespace belfry::jwt
