#include "wire/webpush/vapid.hpp"

#include <gtest/gtest.h>

#include <array>

#include "wire/base64/base64.hpp"
#include "wire/jwt/jws.hpp"

namespace belfry::webpush {
namespace {

std::string bytes(std::string_view url) { return base64::decode(url, base64::Form::url).value(); }
jwt::Key verifier_of(const std::string& point) { return jwt::Key::es256(point.substr(1, 32), point.substr(33)).value(); }

// A signature of ES256 has chance in it, so the vector can be checked, not made again.
TEST(Vapid, VectorOfRfc8292Section24IsOneThatWeVerify) {
  const std::array keys = {
      verifier_of(bytes("BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"))};
  EXPECT_EQ(
      jwt::open_jws(
          "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6I"
          "m1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHz"
          "voD1oA",
          keys),
      R"({"aud":"https://push.example.net","exp":1453523768,"sub":"mailto:push@example.com"})");
}

TEST(Vapid, HeaderCarriesTheSignedClaimsAndTheKey) {
  const std::string point = bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
  const auto key = jwt::SigningKey::es256(bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), point);
  const std::string header =
      vapid_header(key.value(), point, "https://push.example.net", "mailto:push@example.com", {1453523768000});
  const auto end = header.find(", k=");
  ASSERT_NE(end, header.npos);
  EXPECT_TRUE(header.starts_with("vapid t="));
  const std::array keys = {verifier_of(point)};
  EXPECT_EQ(jwt::open_jws(header.substr(8, end - 8), keys),
            R"({"aud":"https://push.example.net","exp":1453523768,"sub":"mailto:push@example.com"})");
  EXPECT_EQ(bytes(header.substr(end + 4)), point);
}

TEST(Vapid, OriginIsSchemeHostAndPort) {
  EXPECT_EQ(origin_of("https://push.example/send/abc?x"), "https://push.example");
  EXPECT_EQ(origin_of("https://push.example:8443"), "https://push.example:8443");
  EXPECT_EQ(origin_of("http://127.0.0.1:9/x"), "http://127.0.0.1:9");
  EXPECT_EQ(origin_of("https://push.example?x=/"), "https://push.example");
  EXPECT_EQ(origin_of("https:///x"), "");
  EXPECT_EQ(origin_of("ftp://push.example/"), "");
}

}  // namespace
}  // namespace belfry::webpush
