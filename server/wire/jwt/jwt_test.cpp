#include "wire/jwt/jwt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/jwt/rfc7515_for_tests.hpp"

namespace belfry::jwt {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr WallTime kNow{1'700'000'000'000};
constexpr std::string_view kSecret = "a secret of the tests, long enough for HS256";

WallTime after(std::chrono::milliseconds time) { return kNow + time; }
std::vector<Key> our_keys() { return {must(Key::hs256(kSecret))}; }

/// The fault of a token with these claims; nullopt when it is accepted.
std::optional<Fault> fault_of(std::string_view claims, const Expectations& expected = {}, WallTime now = kNow) {
  const auto verdict = verify(sign_hs256(claims, kSecret), our_keys(), expected, now);
  return verdict ? std::nullopt : std::optional(verdict.error());
}

// RFC 7515 A.1
TEST(Jws, TheHs256ExampleOfTheStandardOpens) {
  EXPECT_EQ(open_jws(rfc7515::kHs256Token, std::vector{rfc7515::hs256_key()}), std::string(rfc7515::kPayload));
}

// RFC 7515 A.2
TEST(Jws, TheRs256ExampleOfTheStandardOpens) {
  EXPECT_EQ(open_jws(rfc7515::kRs256Token, std::vector{rfc7515::rs256_key()}), std::string(rfc7515::kPayload));
}

// RFC 7515 A.3
TEST(Jws, TheEs256ExampleOfTheStandardOpens) {
  EXPECT_EQ(open_jws(rfc7515::kEs256Token, std::vector{rfc7515::es256_key()}), std::string(rfc7515::kPayload));
}

// R-002-05
TEST(Jwt, OwnTokenReturnsItsClaims) {
  const auto token = sign_hs256(R"({"sub":"u1","jti":"j1","iat":1699999990,"nbf":1699999990.5,"exp":1700000100,"iss":"belfry",)"
                                R"("aud":["web","app"],"username":"zo\u00eb","role":7})",
                                kSecret);
  const auto claims = verify(token, our_keys(), {.issuer = "belfry", .audience = "app"}, kNow);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->subject, "u1");
  EXPECT_EQ(claims->id, "j1");
  EXPECT_EQ(claims->issuer, "belfry");
  EXPECT_THAT(claims->audience, ElementsAre("web", "app"));
  EXPECT_EQ(claims->expires, after(100s));
  EXPECT_EQ(claims->issued_at, after(-10s));
  EXPECT_EQ(claims->not_before, after(-9500ms));
  EXPECT_EQ(claims->text("username"), "zo\u00eb");
  EXPECT_EQ(claims->text("role"), std::nullopt);
  EXPECT_EQ(claims->text("email"), std::nullopt);
}

TEST(Jwt, TokenIsValidUntilItsExpiryPlusTheClockSkew) {
  constexpr std::string_view kClaims = R"({"sub":"u","exp":1700000000})";
  EXPECT_EQ(fault_of(kClaims, {}, after(59'999ms)), std::nullopt);
  EXPECT_EQ(fault_of(kClaims, {}, after(60s)), Fault::expired);
  EXPECT_EQ(fault_of(kClaims, {.clock_skew = 0s}, after(-1ms)), std::nullopt);
  EXPECT_EQ(fault_of(kClaims, {.clock_skew = 0s}, kNow), Fault::expired);
}

TEST(Jwt, TokenOfTheFutureIsNotYetValidBeyondTheClockSkew) {
  EXPECT_EQ(fault_of(R"({"sub":"u","exp":1800000000,"nbf":1700000061})"), Fault::not_yet_valid);
  EXPECT_EQ(fault_of(R"({"sub":"u","exp":1800000000,"iat":1700000061})"), Fault::not_yet_valid);
  EXPECT_EQ(fault_of(R"({"sub":"u","exp":1800000000,"nbf":1700000060,"iat":1700000060})"), std::nullopt);
}

TEST(Jwt, IssuerAndAudienceMustMatchOnlyWhenExpected) {
  constexpr std::string_view kClaims = R"({"sub":"u","exp":1800000000,"iss":"them","aud":"app"})";
  constexpr std::string_view kBare = R"({"sub":"u","exp":1800000000})";
  EXPECT_EQ(fault_of(kClaims), std::nullopt);
  EXPECT_EQ(fault_of(kClaims, {.issuer = "them", .audience = "app"}), std::nullopt);
  EXPECT_EQ(fault_of(kClaims, {.issuer = "us"}), Fault::wrong_issuer);
  EXPECT_EQ(fault_of(kClaims, {.audience = "web"}), Fault::wrong_audience);
  EXPECT_EQ(fault_of(kBare, {.issuer = "us"}), Fault::wrong_issuer);
  EXPECT_EQ(fault_of(kBare, {.audience = "web"}), Fault::wrong_audience);
}

TEST(Jwt, TokenWithoutASubjectIsRefused) {
  for (const auto claims : {R"({"exp":1800000000})", R"({"sub":"","exp":1800000000})", R"({"sub":7,"exp":1800000000})"})
    EXPECT_EQ(fault_of(claims), Fault::no_subject) << claims;
}

TEST(Jwt, ClaimsOfTheWrongKindAreMalformed) {
  for (const auto claims :
       {"", "[]", "{", R"({"sub":"u"})", R"({"sub":"u","exp":"soon"})", R"({"sub":"u","exp":1e300})", R"({"sub":"u","exp":null})",
        R"({"sub":"u","exp":1800000000,"iat":true})", R"({"sub":"u","exp":1800000000,"nbf":"x"})",
        R"({"sub":"u","exp":1800000000,"jti":1})", R"({"sub":"u","exp":1800000000,"iss":{}})",
        R"({"sub":"u","exp":1800000000,"aud":[1]})", R"({"sub":"u","exp":1800000000,"aud":null})"})
    EXPECT_EQ(fault_of(claims), Fault::malformed) << claims;
}

}  // namespace
}  // namespace belfry::jwt
