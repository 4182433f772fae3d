// What PeerJS clients GET (SPEC W-004-09, K51, K59).
#include "gateway/peerjs/peer_routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/uuid.hpp"
#include "protocol/world_for_tests.hpp"

namespace belfry::gateway {
namespace {

using ::testing::HasSubstr;

class NoSockets final : public peers::PeerOutput {
 public:
  void send(peers::PeerSocket, std::string_view) override {}
  void close(peers::PeerSocket) override {}
};

class PeerAddresses : public ::testing::Test {
 protected:
  protocol::HttpAnswer ask(const std::string& line) {
    const std::string head = line + " HTTP/1.1\r\nHost: h\r\n\r\n";
    http::Request request;
    const auto read = http::read_head(as_bytes(head), {}, request);
    EXPECT_TRUE(read && *read) << line;
    EXPECT_TRUE(routes.serves(request.path)) << line;
    std::optional<protocol::HttpAnswer> answer;
    routes.serve(request, "request-1", [&](protocol::HttpAnswer given) { answer = std::move(given); });
    world.run_tasks();
    return answer.value_or(protocol::HttpAnswer{.status = 0});
  }

  protocol::testing::World world;
  NoSockets sockets;
  PeerJsSettings settings;
  peers::SharedPeers shared{1, {}};
  peers::Peers peers{0, shared, {world, world.clock, sockets}};
  protocol::testing::SeededRandom random;
  PeerRoutes routes{settings, peers, world.clock, random};
};

TEST_F(PeerAddresses, GiveANewIdUnderBothMounts) {
  const auto one = ask("GET /peerjs/id?ts=17&version=1.5.5");
  EXPECT_EQ(one.status, 200);
  EXPECT_TRUE(parse_uuid(one.body)) << one.body;
  const auto other = ask("GET /peerjs/peerjs/id");
  EXPECT_TRUE(parse_uuid(other.body)) << other.body;
  EXPECT_NE(one.body, other.body);
}

TEST_F(PeerAddresses, StandUnderTheKeyThatIsSet) {
  settings.key = "secret";
  EXPECT_TRUE(parse_uuid(ask("GET /secret/id").body));
  EXPECT_TRUE(parse_uuid(ask("GET /peerjs/secret/id").body));
  for (const char* path : {"/peerjs/id", "/peerjs/peerjs/id", "/id", "/secret", "/secret/", "/secret/id/", "/secretid"})
    EXPECT_FALSE(routes.serves(path)) << path;
}

TEST_F(PeerAddresses, TellWhatIsHere) {
  EXPECT_THAT(ask("GET /peerjs").body, HasSubstr(R"("name":"PeerJS Server")"));
  EXPECT_THAT(ask("GET /peerjs/").body, HasSubstr(R"("name":"PeerJS Server")"));
}

TEST_F(PeerAddresses, DoNotListThePeersUnlessTheOperatorWantsIt) {
  ASSERT_TRUE(peers.open({.slot = 1, .generation = 1}, {.id = "al\"ice", .token = "t"}));
  EXPECT_EQ(ask("GET /peerjs/peers").status, 401);
  EXPECT_EQ(ask("GET /peerjs/peerjs/peers").body, "Unauthorized");
  settings.discovery = Discovery::on;
  EXPECT_EQ(ask("GET /peerjs/peers").body, R"(["al\"ice"])");
}

TEST_F(PeerAddresses, AnswerNothingButGetAndHead) {
  EXPECT_EQ(ask("HEAD /peerjs/id").status, 200);
  const auto answer = ask("POST /peerjs/id");
  EXPECT_EQ(answer.status, 405);
  EXPECT_THAT(answer.body, HasSubstr("request-1"));
}

}  // namespace
}  // namespace belfry::gateway
