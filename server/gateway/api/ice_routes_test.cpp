// SPEC J-4.1 over HTTP, in the form of each client.
#include "gateway/api/token_routes_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::HasSubstr;

class IceRoutes : public TokenRoutesStage {};

// J-4.1, W-004-18, W-001-04
TEST_F(IceRoutes, EachClientGetsTheSameServersInItsOwnForm) {
  EXPECT_THAT(get(ann, "/api/ice-servers").body, HasSubstr(R"("data":{"iceServers":[],"ttl":600})"));
  ice_settings_ = {.stun_urls = {"stun:a"}, .turn_urls = {"turn:b"}, .turn_secret = "north"};
  const auto ours = get(ann, "/api/ice-servers");
  const std::string credential = R"("username":"1795263000:)" + ann.text() + R"(","credential":")";
  EXPECT_THAT(ours.body, HasSubstr(R"([{"urls":"stun:a"},{"urls":"turn:b",)" + credential));
  EXPECT_THAT(get(ann, "/api/ice").body,
              HasSubstr(R"({"iceServers":[{"urls":"stun:a","url":"stun:a"},{"urls":"turn:b","url":"turn:b",)" + credential));
  const auto turn = get(ann, "/api/calls/turn-credentials");
  EXPECT_EQ(text_in(turn, {"data", "iceServers"}), text_in(ours, {"data", "iceServers"}));
  EXPECT_EQ(text_in(turn, {"data", "expiresAt"}), "1795263000");
  EXPECT_EQ(text_in(fetch(ann, room), {"data", "iceServers"}), text_in(ours, {"data", "iceServers"}));
  for (const std::string path : {"/api/ice-servers", "/api/ice"}) EXPECT_EQ(ask({.path = path}).status, 401);
}

}  // namespace
}  // namespace belfry::gateway::testing
