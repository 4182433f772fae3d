#include <gtest/gtest.h>

#include "wire/jwt/jwt.hpp"
#include "wire/jwt/rfc7515_for_tests.hpp"

namespace belfry::jwt {
namespace {

constexpr WallTime kNow{1'700'000'000'000};
constexpr std::string_view kSecret = "a secret of the tests, long enough for HS256";
constexpr std::string_view kClaims = R"({"sub":"mallory","exp":1800000000})";

Fault fault_with(std::string_view token, const std::vector<Key>& keys) {
  const auto verdict = verify(token, keys, {}, kNow);
  EXPECT_FALSE(verdict) << token;
  return verdict ? Fault{} : verdict.error();
}

/// A token with this header, signed well with our secret.
std::string with_header(std::string_view header) {
  const std::string text = base64url(header) + "." + base64url(kClaims);
  return text + "." + base64url(must(Key::hs256(kSecret)).mac(text));
}

const std::vector<Key> kOurs = {must(Key::hs256(kSecret, "ours"))};

// RFC 8725 2.1: the public key's bytes are no secret, so anybody can make this HMAC.
TEST(JwtAttack, AnHs256TokenKeyedWithAPublicRsaKeyFailsAgainstThatKey) {
  const std::string modulus = must(decode_base64url(rfc7515::kRsaModulus));
  for (const std::string& secret : {modulus, std::string(rfc7515::kRsaModulus), rfc7515::rsa_jwk()}) {
    EXPECT_EQ(fault_with(sign_hs256(kClaims, secret), {rfc7515::rs256_key()}), Fault::wrong_algorithm);
    EXPECT_EQ(fault_with(sign_hs256(kClaims, secret, "k"), {rfc7515::rs256_key("k")}), Fault::wrong_algorithm);
    EXPECT_EQ(fault_with(sign_hs256(kClaims, secret), {rfc7515::rs256_key(), kOurs[0]}), Fault::bad_signature);
  }
}

TEST(JwtAttack, NoneIsRefusedInAnySpellingAndWithAnySignature) {
  for (const auto none : {"none", "None", "NONE", "nOnE", "", "hs256", "HS512", "RS256 "}) {
    const auto token = with_header(std::string(R"({"alg":")") + none + "\"}");
    EXPECT_EQ(fault_with(token, kOurs), Fault::wrong_algorithm);
    EXPECT_EQ(fault_with(token.substr(0, token.rfind('.') + 1), kOurs), Fault::wrong_algorithm);
  }
}

TEST(JwtAttack, TokenIsCheckedOnlyWithKeysOfItsKeyIdOrWithoutOne) {
  const auto token = sign_hs256(kClaims, kSecret, "theirs");
  EXPECT_EQ(fault_with(token, kOurs), Fault::unknown_key);
  EXPECT_EQ(fault_with(token, {}), Fault::unknown_key);
  EXPECT_TRUE(verify(token, std::vector{must(Key::hs256(kSecret))}, {}, kNow));
  EXPECT_TRUE(
      verify(token, std::vector{must(Key::hs256("another secret", "theirs")), must(Key::hs256(kSecret, "theirs"))}, {}, kNow));
  EXPECT_TRUE(verify(sign_hs256(kClaims, kSecret), kOurs, {}, kNow));
  EXPECT_EQ(key_id_of(token), "theirs");
  EXPECT_EQ(key_id_of(sign_hs256(kClaims, kSecret)), std::nullopt);
}

// RFC 7515 4.1.11
TEST(JwtAttack, HeadersWithUnknownRequirementsAreRefused) {
  EXPECT_TRUE(verify(with_header(R"({"alg":"HS256","typ":"jwt","cty":"x"})"), kOurs, {}, kNow));
  for (const auto header :
       {R"({"alg":"HS256","crit":["exp"],"exp":1})", R"({"alg":"HS256","crit":[]})", R"({"alg":"HS256","typ":"at+jwt"})",
        R"({"alg":"HS256","typ":7})", R"({"alg":"HS256","kid":7})", R"({"alg":7})", "{}", "[]", "\"HS256\"", "", "{\"alg\":"})
    EXPECT_EQ(fault_with(with_header(header), kOurs), Fault::malformed) << header;
}

TEST(JwtAttack, OtherTextThanACompactTokenIsMalformed) {
  const auto token = sign_hs256(kClaims, kSecret);
  for (const auto& text : {std::string(), std::string("."), std::string(".."), std::string("a.b"), token + ".", "." + token,
                           token + "=", " " + token, token + "\n", std::string(kMaxTokenSize + 1, 'a')})
    EXPECT_EQ(fault_with(text, kOurs), Fault::malformed) << text;
}

TEST(JwtAttack, ATokenLargerThanTheLimitIsNotEvenDecoded) {
  const auto token_of = [](std::size_t filler) {
    return sign_hs256(R"({"sub":"u","exp":1800000000,"x":")" + std::string(filler, 'x') + "\"}", kSecret);
  };
  EXPECT_TRUE(verify(token_of(6000), kOurs, {}, kNow));
  EXPECT_EQ(fault_with(token_of(6100), kOurs), Fault::malformed);
}

TEST(JwtAttack, AnyChangedByteIsDetected) {
  const std::vector<Key> keys = {must(Key::hs256(kSecret)), rfc7515::es256_key()};
  for (const std::string& good : {sign_hs256(kClaims, kSecret), std::string(rfc7515::kEs256Token)}) {
    ASSERT_TRUE(open_jws(good, keys));
    for (std::size_t at = 0; at < good.size(); ++at) {
      const int step =
          good[0] == rfc7515::kEs256Token[0] && good.size() == rfc7515::kEs256Token.size() ? 37 : 1;  // ES256 is slow
      for (int change = 1; change < 256; change += step) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ change);
        ASSERT_FALSE(open_jws(bad, keys)) << "byte " << at << " changed by " << change;
      }
      ASSERT_FALSE(open_jws(good.substr(0, at), keys));
    }
  }
}

TEST(JwtAttack, SignaturesOfOtherShapesFail) {
  const auto with_signature = [](std::string_view token, std::string_view signature) {
    return std::string(token.substr(0, token.rfind('.') + 1)) + base64url(signature);
  };
  for (const std::size_t size : {0U, 1U, 63U, 64U, 65U, 256U}) {
    const std::string zeros(size, '\0');
    EXPECT_FALSE(open_jws(with_signature(rfc7515::kEs256Token, zeros), std::vector{rfc7515::es256_key()}));  // CVE-2022-21449
    EXPECT_FALSE(open_jws(with_signature(rfc7515::kRs256Token, zeros), std::vector{rfc7515::rs256_key()}));
    EXPECT_FALSE(open_jws(with_signature(rfc7515::kHs256Token, zeros), std::vector{rfc7515::hs256_key()}));
  }
}

}  // namespace
}  // namespace belfry::jwt
