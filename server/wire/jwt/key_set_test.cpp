#include "wire/jwt/key_set.hpp"

#include <gtest/gtest.h>

#include "wire/jwt/jws.hpp"
#include "wire/jwt/rfc7515_for_tests.hpp"

namespace belfry::jwt {
namespace {

using rfc7515::ec_jwk;
using rfc7515::jwk_set;
using rfc7515::rsa_jwk;

std::size_t usable(const std::string& jwk) { return parse_key_set(jwk_set({jwk}))->size(); }

// R-002-05
TEST(KeySet, RsaAndP256KeysOfAnIssuerVerifyItsTokens) {
  const auto keys =
      parse_key_set(jwk_set({rsa_jwk(R"(,"kid":"r","use":"sig","alg":"RS256")"), ec_jwk(R"(,"kid":"e","key_ops":["verify"])")}));
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ(keys->at(0).algorithm(), Algorithm::rs256);
  EXPECT_EQ(keys->at(0).id(), "r");
  EXPECT_EQ(keys->at(1).algorithm(), Algorithm::es256);
  EXPECT_EQ(keys->at(1).id(), "e");
  EXPECT_TRUE(open_jws(rfc7515::kRs256Token, *keys));
  EXPECT_TRUE(open_jws(rfc7515::kEs256Token, *keys));
}

TEST(KeySet, KeysForOtherPurposesAreSkipped) {
  EXPECT_EQ(usable(rsa_jwk()), 1U);
  EXPECT_EQ(usable(rsa_jwk(R"(,"use":"enc")")), 0U);
  EXPECT_EQ(usable(rsa_jwk(R"(,"alg":"RSA-OAEP")")), 0U);
  EXPECT_EQ(usable(rsa_jwk(R"(,"alg":"PS256")")), 0U);
  EXPECT_EQ(usable(rsa_jwk(R"(,"key_ops":["encrypt"])")), 0U);
  EXPECT_EQ(usable(ec_jwk(R"(,"crv":"P-384")")), 0U);
  EXPECT_EQ(usable(R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"), 0U);
  EXPECT_EQ(usable("7"), 0U);
}

TEST(KeySet, SecretKeyInAPublicDocumentIsSkipped) { EXPECT_EQ(usable(R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qz"})"), 0U); }

TEST(KeySet, WeakOrBrokenKeysAreSkipped) {
  const auto rsa = [](const std::string& n, const std::string& e) {
    return R"({"kty":"RSA","n":")" + base64url(n) + R"(","e":")" + base64url(e) + "\"}";
  };
  const std::string n = must(decode_base64url(rfc7515::kRsaModulus));
  EXPECT_EQ(usable(rsa(n, "\x03")), 1U);
  EXPECT_EQ(usable(rsa(n.substr(1), "\x03")), 0U) << "2040 bits";
  EXPECT_EQ(usable(rsa(n, "\x01")), 0U);
  EXPECT_EQ(usable(rsa(n, "\x04")), 0U);
  EXPECT_EQ(usable(rsa(n, "")), 0U);
  EXPECT_EQ(usable(rsa(n, std::string(9, '\x01'))), 0U);
  EXPECT_EQ(usable(rsa(n + std::string(2048, '\x01'), "\x03")), 0U);
  EXPECT_EQ(usable(R"({"kty":"RSA","n":"A+/=","e":"AQAB"})"), 0U);
  EXPECT_EQ(usable(R"({"kty":"RSA"})"), 0U);
  const std::string off_curve = base64url(std::string(32, '\x02'));
  EXPECT_EQ(usable(R"({"kty":"EC","crv":"P-256","x":")" + off_curve + R"(","y":")" + off_curve + "\"}"), 0U);
  EXPECT_EQ(usable(R"({"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"})"), 0U);
}

TEST(KeySet, DocumentsHaveLimits) {
  EXPECT_EQ(parse_key_set(std::string(kMaxKeySetSize + 1, ' ')).error(), KeySetFault::too_large);
  EXPECT_EQ(parse_key_set(jwk_set(std::vector<std::string>(kMaxKeys, ec_jwk())))->size(), kMaxKeys);
  EXPECT_EQ(parse_key_set(jwk_set(std::vector<std::string>(kMaxKeys + 1, "{}"))).error(), KeySetFault::too_many_keys);
  for (const auto document : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[)", "<html>"})
    EXPECT_EQ(parse_key_set(document).error(), KeySetFault::malformed) << document;
  EXPECT_TRUE(parse_key_set(R"({"keys":[]})")->empty());
  EXPECT_EQ(explain(KeySetFault::too_many_keys), "too many keys");
}

}  // namespace
}  // namespace belfry::jwt
