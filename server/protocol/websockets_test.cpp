// Plain WebSockets beside Engine.IO: handshake, messages, their ends, and the shard where one lives.
#include "protocol/websockets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/world_for_tests.hpp"
#include "wire/websocket/frame_builder_for_tests.hpp"

namespace belfry::protocol::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// Writes down what it gets, and answers "say X" with X and "close" with an end.
class Echo final : public WebSocketApp {
 public:
  explicit Echo(Shard& shard) : websockets_(shard.endpoint->websockets()) {
    shard.endpoint->mount("/plain", *this);
    shard.endpoint->mount("/plain/too", *this);
  }
  ShardIndex shard_of(const http::Request& request) override { return request.query == "shard=1" ? 1 : 0; }
  void on_websocket_open(ConnectionId socket, const Handshake& handshake) override {
    last = socket;
    events.push_back("open " + handshake.query + " " + handshake.cookie);
    websockets_.send_text(socket, "welcome");
  }
  void on_websocket_text(ConnectionId socket, std::string_view text) override {
    events.push_back("text " + std::string(text.substr(0, 20)));
    if (text.starts_with("say ")) websockets_.send_text(socket, text.substr(4));
    if (text == "close") websockets_.close(socket, websocket::CloseCode::policy_violation, "as you like");
  }
  void on_websocket_closed(ConnectionId) override { events.emplace_back("closed"); }

  ConnectionId last;
  std::vector<std::string> events;

 private:
  WebSockets& websockets_;
};

class PlainWebSockets : public ::testing::Test {
 protected:
  Peer& open(std::string_view target = "/plain?x=1") {
    Peer& client = world.connect();
    EXPECT_THAT(world.open_websocket(client, target), StartsWith("HTTP/1.1 101"));
    EXPECT_THAT(World::messages(client), ElementsAre("welcome"));
    app.events.clear();
    return client;
  }
  World world{2};
  Echo app{world.shard(0)};
  Echo app_of_1{world.shard(1)};
};

TEST_F(PlainWebSockets, AreOpenedAtTheirPathsWithTheirHandshake) {
  world.http.session_cookie = "session";
  Peer& client = world.connect();
  EXPECT_THAT(world.open_websocket(client, "/plain/too?x=1", "Cookie: session=s\r\n"),
              HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
  EXPECT_THAT(app.events, ElementsAre("open x=1 session=s"));
  EXPECT_THAT(World::messages(client), ElementsAre("welcome"));
}

TEST_F(PlainWebSockets, PassTextBothWays) {
  Peer& client = open();
  world.send_text(client, "say hello");
  EXPECT_THAT(World::messages(client), ElementsAre("hello"));
}

TEST_F(PlainWebSockets, AMessageRightBehindTheHandshakeIsRead) {
  Peer& client = world.connect();
  std::string bytes =
      "GET /plain HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  websocket::append_masked(bytes, websocket::Opcode::text, as_bytes("early"), 7);
  world.send(client, bytes);
  EXPECT_THAT(app.events, ElementsAre("open  ", "text early"));
}

TEST_F(PlainWebSockets, AMessageInFragmentsIsOneMessage) {
  Peer& client = open();
  using websocket::Opcode;
  using websocket::testing::FrameBuilder;
  world.send(client, FrameBuilder(Opcode::text, "say one").not_final().bytes());
  world.send(client, FrameBuilder(Opcode::continuation, " two").bytes());
  EXPECT_THAT(World::messages(client), ElementsAre("one two"));
}

TEST_F(PlainWebSockets, AreOpenedOnTheShardThatTheAppNames) {
  Peer& client = world.connect(0);
  world.open_websocket(client, "/plain?shard=1");
  EXPECT_THAT(app.events, IsEmpty());
  EXPECT_THAT(app_of_1.events, ElementsAre("open shard=1 "));
  world.send_text(client, "say there");
  EXPECT_THAT(client.take(), HasSubstr("there"));
}

TEST_F(PlainWebSockets, APingIsAnswered) {
  Peer& client = open();
  std::string ping;
  websocket::append_masked(ping, websocket::Opcode::ping, as_bytes("now"), 7);
  world.send(client, ping);
  EXPECT_EQ(client.take(), "\x8A\x03now");
}

TEST_F(PlainWebSockets, EndWhenThePeerClosesThem) {
  Peer& client = open();
  std::string frame;
  websocket::append_masked(frame, websocket::Opcode::close, as_bytes("\x03\xe9"), 7);
  world.send(client, frame);
  EXPECT_THAT(World::messages(client), ElementsAre("close 1001"));
  EXPECT_FALSE(client.open);
  EXPECT_THAT(app.events, ElementsAre("closed"));
}

TEST_F(PlainWebSockets, EndWhenTheConnectionIsLost) {
  Peer& client = open();
  world.lose(client);
  EXPECT_THAT(app.events, ElementsAre("closed"));
}

TEST_F(PlainWebSockets, EndWithoutANoticeWhenTheAppClosesThem) {
  Peer& client = open();
  world.send_text(client, "close");
  EXPECT_THAT(World::messages(client), ElementsAre("close 1008"));
  EXPECT_FALSE(client.open);
  EXPECT_THAT(app.events, ElementsAre("text close"));
}

TEST_F(PlainWebSockets, EndWhenTheServerDrains) {
  Peer& client = open();
  world.shard().endpoint->on_drain();
  EXPECT_THAT(World::messages(client), ElementsAre("close 1001"));
  EXPECT_THAT(app.events, ElementsAre("closed"));
}

TEST_F(PlainWebSockets, RefuseBinaryMessages) {
  Peer& client = open();
  world.send_binary(client, "x");
  EXPECT_THAT(World::messages(client), ElementsAre("close 1003"));
  EXPECT_THAT(app.events, ElementsAre("closed"));
}

TEST_F(PlainWebSockets, RefuseMessagesBeyondTheLimit) {
  world.engine.max_payload = 1000;
  Peer& client = open();
  world.send_text(client, std::string(1001, 'x'));
  EXPECT_THAT(World::messages(client), ElementsAre("close 1009"));
}

TEST_F(PlainWebSockets, GiveWayAfterATurn) {
  Peer& client = open();
  world.shard().messages_a_turn = 2;
  std::string frames;
  for (int i = 0; i < 5; ++i) websocket::append_masked(frames, websocket::Opcode::text, as_bytes("x"), 7);
  world.send(client, frames);
  EXPECT_EQ(app.events.size(), 5U);
  EXPECT_EQ(world.shard().turns_over, 2);
}

TEST_F(PlainWebSockets, SendNothingToASocketThatIsGone) {
  open();
  const ConnectionId gone = app.last;
  world.shard().endpoint->on_closed(gone);
  world.shard().endpoint->websockets().send_text(gone, "x");
  world.shard().endpoint->websockets().close(gone, websocket::CloseCode::normal, "");
  EXPECT_THAT(app.events, ElementsAre("closed"));
}

TEST_F(PlainWebSockets, OfAForeignOriginAreRefused) {
  Peer& client = world.connect();
  EXPECT_THAT(world.open_websocket(client, "/plain", "Origin: https://evil.example\r\n"), StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(app.events, IsEmpty());
}

TEST_F(PlainWebSockets, WantAProperHandshake) {
  Peer& client = world.connect();
  EXPECT_THAT(world.get(client, "/plain", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"),
              StartsWith("HTTP/1.1 400"));
  EXPECT_FALSE(client.open);
  Peer& other = world.connect();
  EXPECT_THAT(world.get(other, "/plain", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"),
              StartsWith("HTTP/1.1 426"));
}

TEST_F(PlainWebSockets, ARequestWithoutUpgradeGoesToTheHandler) {
  Peer& client = world.connect();
  EXPECT_THAT(world.get(client, "/plain"), HasSubstr("GET /plain"));
}

}  // namespace
}  // namespace belfry::protocol::testing
