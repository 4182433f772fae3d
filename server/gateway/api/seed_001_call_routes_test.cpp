// What the call service of seed 001's clients asks by REST (SPEC W-001-04, W-001-07 to W-001-10).
#include "gateway/api/api_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;

class Seed001Calls : public ApiStage {};

// W-001-04
TEST_F(Seed001Calls, TurnCredentialsAreAnEmptyListThatExpires) {
  const auto answer = get(person("ann"), "/api/calls/turn-credentials");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text_in(answer, {"data", "iceServers"}), "[]");
  EXPECT_EQ(text_in(answer, {"data", "ttl"}), "600");
  EXPECT_EQ(text_in(answer, {"data", "expiresAt"}), std::to_string(clock_.wall().unix_ms / 1000 + 600));
  EXPECT_EQ(ask({.path = "/api/calls/turn-credentials"}).status, 401);
}

// W-001-07
TEST_F(Seed001Calls, DurationSecondsIsZeroUntilThereIsADuration) {
  const auto ann = person("ann"), bob = person("bob");
  const std::string id = call(ann, bob);
  EXPECT_EQ(text_in(get(ann, "/api/calls/" + id), {"data", "durationSeconds"}), "0");
  post(bob, "/api/calls/" + id + "/accept");
  pass(std::chrono::seconds{7});
  const auto ended = post(ann, "/api/calls/" + id + "/end");
  EXPECT_EQ(text_in(ended, {"data", "durationSeconds"}), "7");
  EXPECT_EQ(text_in(ended, {"data", "duration"}), "7");
}

// W-001-08, W-001-10
TEST_F(Seed001Calls, CommandsAreAnsweredWithTheSeedsMessagesAndActionMeansResponse) {
  const auto ann = person("ann"), bob = person("bob");
  const auto respond = [&](const std::string& id, const std::string& how) {
    return post(bob, "/api/calls/respond", R"({"callId":")" + id + "\"," + how + "}");
  };
  const std::string first = call(ann, bob);
  EXPECT_EQ(text_in(respond(first, R"("action":"accept")"), {"message"}), "Call accepted successfully");
  EXPECT_EQ(text_in(post(ann, "/api/calls/" + first + "/end"), {"message"}), "Call ended successfully");
  const std::string second = call(ann, bob);
  EXPECT_EQ(respond(second, R"("response":"reject","action":"accept")").status, 400) << "one of the two";
  EXPECT_EQ(respond(second, R"("action":"maybe")").status, 400);
  EXPECT_EQ(text_in(respond(second, R"("response":"reject")"), {"message"}), "Call rejected successfully");
}

// W-001-09
TEST_F(Seed001Calls, TheListOfCallsIsTheHistoryWithTheCallsAtTheTopLevelToo) {
  const auto ann = person("ann"), bob = person("bob");
  for (int i = 0; i < 3; ++i) post(ann, "/api/calls/" + call(ann, bob) + "/end");
  const auto answer = get(ann, "/api/calls?page=2&limit=2");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text_in(answer, {"data", "pagination", "total"}), "3");
  EXPECT_EQ(text_in(answer, {"calls"}), text_in(answer, {"data", "calls"}));
  EXPECT_THAT(text_in(answer, {"calls"}), HasSubstr("durationSeconds"));
  EXPECT_EQ(get(ann, "/api/calls?page=x").status, 400);
}

}  // namespace
}  // namespace belfry::gateway::testing
