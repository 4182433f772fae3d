// The token route of seed 002's client, whose answers are bare. SPEC W-002-01 to W-002-04.
#include "gateway/api/token_routes_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

class Seed002Token : public TokenRoutesStage {
 protected:
  protocol::HttpAnswer ask_as(const std::string& token, const std::string& query) {
    return ask({.path = "/api/token" + query, .token = token});
  }
};

// W-002-01
TEST_F(Seed002Token, AnswersAreBareAndTheNumberIsEchoed) {
  const auto answer = ask_as(ann.token, "?channel=call_x_y_1&uid=1099511627775&role=publisher");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text_in(answer, {"appId"}), "970CA35de60c44645bbae8a215061b33");
  EXPECT_TRUE(text_in(answer, {"token"}).starts_with("007"));
  EXPECT_EQ(text_in(answer, {"channel"}), "call_x_y_1");
  EXPECT_EQ(text_in(answer, {"uid"}), "1099511627775");
  EXPECT_EQ(text_in(answer, {"expiresAt"}), "2026-11-21T12:05:00.000Z");
  EXPECT_EQ(text_in(answer, {"ttl"}), "300");
  EXPECT_EQ(text_in(ask_as(ann.token, "?uid=7"), {"error"}), "Missing channel or uid parameter");
  EXPECT_EQ(ask_as(ann.token, "?channel=x&uid=0").status, 400) << "0 is anybody at Agora";
  EXPECT_EQ(ask_as(ann.token, "?channel=x&uid=7&role=host").status, 400);
  const auto without = ask_as("", "?channel=x&uid=7"), bad = ask_as("x", "?channel=x&uid=7");
  EXPECT_EQ(without.status, 401);
  EXPECT_EQ(text_in(without, {"error"}), "Missing or invalid Authorization header");
  EXPECT_EQ(bad.status, 401);
  EXPECT_EQ(text_in(bad, {"error"}), "Invalid or expired token");
}

// W-002-02
TEST_F(Seed002Token, ChannelOfTwoUsersOrOfAConversationIsRefusedToAThird) {
  const std::string pair = "call_" + ann.text() + "_" + bob.text() + "_1795262400000";
  EXPECT_EQ(ask_as(ann.token, "?channel=" + pair + "&uid=7").status, 200);
  for (const std::string& channel : {pair, room}) {
    const auto third = ask_as(dan.token, "?channel=" + channel + "&uid=7");
    EXPECT_EQ(third.status, 403);
    EXPECT_EQ(text_in(third, {"error"}), "You are not a participant in this call");
  }
}

// W-002-04
TEST_F(Seed002Token, AddressIsLimitedBeforeTheCredentialIsLookedAt) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask_as("", "").status, 401);
  const auto limited = ask_as(ann.token, "?channel=x&uid=7");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(header(limited, "RateLimit-Limit"), "10");
  EXPECT_EQ(header(limited, "Retry-After"), "60");
}

}  // namespace
}  // namespace belfry::gateway::testing
