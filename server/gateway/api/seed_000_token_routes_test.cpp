// The token routes of seed 000's app, which has answers of its own. SPEC W-000-01.
#include <string>
#include <tuple>

#include "gateway/api/token_routes_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;

class Seed000Token : public TokenRoutesStage {};

// W-000-01
TEST_F(Seed000Token, Seed000sAppGetsItsOwnAnswers) {
  const std::string request = R"({"channelName":")" + room + R"(","role":"publisher","userId":7})";
  const auto answer = post(ann, "/api/v1/call/token", request);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text_in(answer, {"code"}), "200");
  EXPECT_EQ(text_in(answer, {"success"}), "true");
  EXPECT_EQ(text_in(answer, {"data", "attributes", "channelName"}), room);
  EXPECT_EQ(text_in(answer, {"data", "attributes", "appId"}), "belfry");
  EXPECT_EQ(join(ann, text_in(answer, {"data", "attributes", "token"})).status, 200);
  const auto stranger = post(dan, "/api/call/token", request);
  EXPECT_EQ(stranger.status, 400);
  EXPECT_EQ(text_in(stranger, {"code"}), "400");
  EXPECT_EQ(text_in(stranger, {"message"}), "You are not a participant in this conversation");
  EXPECT_THAT(text_in(stranger, {"error"}), HasSubstr(R"([{"path":"channelName","message":)"));
  EXPECT_EQ(post(ann, "/api/call/token", "{}").status, 400);
  EXPECT_EQ(fetch(ann, room).status, 200);
  EXPECT_EQ(post(ann, "/api/call/token", request).status, 200);
  const auto limited = post(ann, "/api/call/token", request);
  EXPECT_EQ(limited.status, 429) << "the limit of the GET";
  EXPECT_EQ(header(limited, "Retry-After"), "60") << "as of the GET";
}

// W-000-01, C-16: it reads all refusals alike.
TEST_F(Seed000Token, Seed000sAppGetsRefusalsOfTheRouterInItsOwnFormToo) {
  const std::string issue = "channelName must be the id of a conversation";
  for (const auto& [body, path, message] :
       {std::tuple{R"({"channelName":"x"})", "channelName", issue}, std::tuple{R"({"channelName":5})", "channelName", issue},
        std::tuple{R"({"channelName":null})", "channelName", issue}, std::tuple{"[]", "body", std::string("body is malformed")},
        std::tuple{R"({"channelName")", "body", std::string("body is malformed")}})
    for (const std::string route : {"/api/call/token", "/api/v1/call/token"}) {
      const auto refused = post(ann, route, body);
      EXPECT_EQ(refused.status, 400) << body;
      EXPECT_EQ(refused.body, R"({"success":false,"code":400,"message":")" + message + R"(","error":[{"path":")" + path +
                                  R"(","message":")" + message + R"("}]})");
    }
  const auto unknown = ask({.method = "POST", .path = "/api/call/token", .body = "{}"});
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(text_in(unknown, {"code"}), "401");
  EXPECT_EQ(header(unknown, "WWW-Authenticate"), "Bearer");
}

}  // namespace
}  // namespace belfry::gateway::testing
