#include <gtest/gtest.h>

#include "wire/turn/rest_credential.hpp"
#include "wire/turn/twilio_token.hpp"

namespace belfry::turn {
namespace {

// J-4.1; computed with: printf %s 1795263000:018f3c1e-… | openssl dgst -sha1 -hmac north -binary | base64
TEST(RestCredential, PasswordIsTheHmacOfTheNameThatSaysUntilWhen) {
  const RestCredential made = rest_credential("north", "018f3c1e-7b2a-7cde-9abc-0123456789ab", {1'795'263'000'999});
  EXPECT_EQ(made.username, "1795263000:018f3c1e-7b2a-7cde-9abc-0123456789ab");
  EXPECT_EQ(made.password, "/eIYPWv/oPWYmMvHJVtfzTypL6c=");
}

constexpr std::string_view kAnswer =
    R"({"username":"dc2d","ice_servers":[{"url":"stun:global.stun.twilio.com:3478","urls":"stun:global.stun.twilio.com:3478"},)"
    R"({"url":"turn:global.turn.twilio.com:3478?transport=udp","username":"dc2d","urls":"turn:global.turn.twilio.com:3478?transport=udp",)"
    R"("credential":"tE2D"}],"date_updated":"Fri, 01 May 2020 01:42:57 +0000","account_sid":"ACX","ttl":"86400","password":"tE2D"})";

// J-4.2
TEST(TwilioToken, ServersAndTheirLifeAreRead) {
  const auto token = parse_twilio_token(kAnswer);
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(token->life, std::chrono::hours{24});
  EXPECT_EQ(token->servers, (std::vector<IceServer>{{"stun:global.stun.twilio.com:3478", "", ""},
                                                    {"turn:global.turn.twilio.com:3478?transport=udp", "dc2d", "tE2D"}}));
}

TEST(TwilioToken, OtherAnswersAreNone) {
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"ttl":"60"})"), std::string(R"({"ice_servers":[]})"),
        std::string(R"({"ttl":"0","ice_servers":[]})"), std::string(R"({"ttl":"1e3","ice_servers":[]})"),
        std::string(R"({"ttl":"86401","ice_servers":[]})"), std::string(R"({"ttl":"60","ice_servers":{}})"),
        std::string(R"({"ttl":"60","ice_servers":["stun:x"]})"), std::string(R"({"ttl":"60","ice_servers":[{}]})"),
        std::string(R"({"ttl":"60","ice_servers":[{"urls":"javascript:x"}]})"),
        std::string(R"({"ttl":"60","ice_servers":[{"urls":"turn:"}]})"),
        std::string(R"({"ttl":"60","ice_servers":[{"urls":["turn:x"]}]})"),
        std::string(R"({"ttl":"60","ice_servers":[{"urls":"turn:x","username":7}]})"),
        R"({"ttl":"60","ice_servers":[{"urls":"turn:)" + std::string(2000, 'x') + R"("}]})", std::string(20'000, ' ') + "{}"})
    EXPECT_FALSE(parse_twilio_token(text).has_value()) << text.substr(0, 100);
}

}  // namespace
}  // namespace belfry::turn
