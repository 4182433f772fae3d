// Engine.IO as a client sees it: the behaviour which the official protocol suite asserts, and what it leaves out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/world_for_tests.hpp"

namespace belfry::protocol::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}
constexpr std::string_view kPolling = "/socket.io/?EIO=4&transport=polling";

class EngineIo : public ::testing::Test {
 protected:
  World world;
  std::string sid;
  std::string target;
  void open_polling(std::string_view version = "4") {
    const std::string base = "/socket.io/?EIO=" + std::string(version) + "&transport=polling";
    sid = text_member(world.get(world.connect(), base), "sid");
    target = base + "&sid=" + sid;
  }
  /// A WebSocket that wants to take over.
  Peer& probe() {
    Peer& peer = world.connect();
    EXPECT_THAT(world.open_websocket(peer, "/socket.io/?EIO=4&transport=websocket&sid=" + sid), StartsWith("HTTP/1.1 101"));
    return peer;
  }
};

TEST_F(EngineIo, HandshakeByPollingOffersTheUpgrade) {
  const std::string answer = world.get(world.connect(), kPolling);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(body_of(answer), StartsWith(R"(0{"sid":")"));
  EXPECT_THAT(answer, HasSubstr(R"("upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})"));
}

// R-003-57
TEST_F(EngineIo, AWrongVersionIsRefusedWithTheRightOne) {
  for (const char* asked :
       {"/socket.io/?transport=polling", "/socket.io/?EIO=abc&transport=polling", "/socket.io/?EIO=5&transport=polling"}) {
    const std::string answer = world.get(world.connect(), asked);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400")) << asked;
    EXPECT_THAT(answer, HasSubstr("EIO=4")) << asked;
  }
}

TEST_F(EngineIo, AnUnknownTransportMethodOrSessionIsRefused) {
  EXPECT_THAT(world.get(world.connect(), "/socket.io/?EIO=4"), HasSubstr(R"("code":0)"));
  EXPECT_THAT(world.get(world.connect(), "/socket.io/?EIO=4&transport=abc"), HasSubstr(R"("code":0)"));
  EXPECT_THAT(world.post(world.connect(), kPolling, ""), HasSubstr(R"("code":2)"));
  EXPECT_THAT(world.get(world.connect(), std::string(kPolling) + "&sid=nobody"), HasSubstr(R"("code":1)"));
}

TEST_F(EngineIo, AForgedSessionIdIsRefused) {
  open_polling();
  std::string forged = target;
  forged.back() = forged.back() == 'A' ? 'E' : 'A';
  EXPECT_THAT(world.get(world.connect(), forged), HasSubstr(R"("code":1)"));
}

TEST_F(EngineIo, APollWaitsForPacketsAndTakesThemAllTogether) {
  open_polling();
  Peer& poll = world.connect();
  EXPECT_EQ(world.get(poll, target), "");
  world.post(world.connect(), target, "40");
  const std::string answer = body_of(poll.take());
  EXPECT_THAT(answer, StartsWith("40{\"sid\""));
}

TEST_F(EngineIo, TwoPollsAtOnceEndTheSession) {
  open_polling();
  Peer& first = world.connect();
  world.get(first, target);
  EXPECT_THAT(world.get(world.connect(), target), StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(body_of(first.take()), "1");
  EXPECT_THAT(world.get(world.connect(), target), StartsWith("HTTP/1.1 400"));
}

TEST_F(EngineIo, ACancelledPollEndsTheSession) {
  open_polling();
  Peer& poll = world.connect();
  world.get(poll, target);
  world.lose(poll);
  EXPECT_THAT(world.get(world.connect(), target), StartsWith("HTTP/1.1 400"));
}

TEST_F(EngineIo, AnInvalidPacketEndsTheSession) {
  open_polling();
  EXPECT_THAT(world.post(world.connect(), target, "abc"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(world.get(world.connect(), target), StartsWith("HTTP/1.1 400"));
}

TEST_F(EngineIo, AClientThatClosesReleasesItsPollWithANoop) {
  open_polling();
  Peer& poll = world.connect();
  world.get(poll, target);
  EXPECT_EQ(body_of(world.post(world.connect(), target, "1")), "ok");
  EXPECT_EQ(body_of(poll.take()), "6");
  EXPECT_THAT(world.get(world.connect(), target), StartsWith("HTTP/1.1 400"));
}

TEST_F(EngineIo, SilenceForIntervalAndTimeoutEndsAPollingSession) {
  open_polling();
  world.advance(45s - 1ms);
  EXPECT_EQ(body_of(world.get(world.connect(), target)), "2");
  world.advance(1ms);
  EXPECT_THAT(world.get(world.connect(), target), StartsWith("HTTP/1.1 400"));
}

TEST_F(EngineIo, PingsOverWebSocketKeepThePhaseOfTheHandshake) {
  Peer& client = world.joined_client();
  for (int i = 0; i < 3; ++i) {
    world.advance(25s);
    EXPECT_THAT(World::messages(client), ElementsAre("2"));
    world.send_text(client, "3");
  }
  world.advance(25s + 20s);
  EXPECT_FALSE(client.open) << "no pong, no session";
}

TEST_F(EngineIo, AProtocol4ClientMustNotPing) {
  Peer& client = world.joined_client();
  world.send_text(client, "2");
  EXPECT_THAT(World::messages(client), ElementsAre("close 1002"));
  EXPECT_FALSE(client.open);
}

TEST_F(EngineIo, UpgradeKeepsEveryPacketAndItsOrder) {
  open_polling();
  world.post(world.connect(), target, "40");
  world.get(world.connect(), target);  // takes the CONNECT answer
  Peer& socket = probe();
  world.send_text(socket, "2probe");
  EXPECT_THAT(World::messages(socket), ElementsAre("3probe"));
  EXPECT_EQ(body_of(world.get(world.connect(), target)), "6") << "a poll during the probe is let go at once";
  const std::string_view x[] = {R"("x")"};
  for (int i = 0; i < 3; ++i) world.shard().sockets->emit(world.shard().listener.last, "e" + std::to_string(i), x, Keep::no);
  world.send_text(socket, "5");
  EXPECT_THAT(World::messages(socket), ElementsAre(R"(42["e0","x"])", R"(42["e1","x"])", R"(42["e2","x"])"));
  EXPECT_THAT(world.get(world.connect(), target), StartsWith("HTTP/1.1 400")) << "the old transport is closed for good";
}

TEST_F(EngineIo, AProbeThatNeverUpgradesIsDroppedAndPollingGoesOn) {
  open_polling();
  world.post(world.connect(), target, "40");
  Peer& socket = probe();
  world.advance(10s);
  EXPECT_FALSE(socket.open);
  EXPECT_THAT(body_of(world.get(world.connect(), target)), StartsWith("40"));
}

TEST_F(EngineIo, AnUpgradeWithoutAProbeIsRefusedAndAnotherProbeMayCome) {
  open_polling();
  Peer& hasty = probe();
  world.send_text(hasty, "5");
  EXPECT_THAT(World::messages(hasty), ElementsAre("close 1008"));
  Peer& lost = probe();
  world.send_text(lost, "2probe");
  world.lose(lost);
  Peer& last = probe();
  world.send_text(last, "2probe");
  world.send_text(last, "5");
  world.advance(10s);
  EXPECT_TRUE(last.open) << "it upgraded in time";
}

TEST_F(EngineIo, ASessionThatEndsClosesItsProbe) {
  open_polling();
  Peer& socket = probe();
  world.send_text(socket, "2probe");
  EXPECT_EQ(body_of(world.post(world.connect(), target, "1")), "ok");
  EXPECT_THAT(World::messages(socket), ElementsAre("3probe", "close 1008"));
}

TEST_F(EngineIo, ASecondWebSocketOfASessionIsClosedAndTheFirstGoesOn) {
  open_polling();
  Peer& first = probe();
  Peer& second = probe();
  EXPECT_THAT(World::messages(second), ElementsAre("close 1008"));
  world.send_text(first, "2probe");
  world.send_text(first, "5");
  Peer& third = probe();
  EXPECT_FALSE(third.open);
  EXPECT_TRUE(first.open);
}

/// A client that asks for a page and leaves it unread, though it is more than may wait.
class EngineIoOverflow : public EngineIo {
 protected:
  EngineIoOverflow() {
    world.engine.max_buffered = 1000;
    open_polling("3");
  }
  void ask_for_page(const std::function<void()>& before, const std::function<void()>& after) {
    listener().on_event_do = [this, before, after](SessionAddress socket, const IncomingEvent&) {
      if (before) before();
      const std::string page = '"' + std::string(2000, 'x') + '"';
      const std::string_view pieces[] = {page};
      world.shard().sockets->emit(socket, "page", pieces, Keep::no);
      if (after) after();
    };
    EXPECT_EQ(body_of(world.post(world.connect(), target, R"(9:42["get"])")), "ok");
  }
  Listener& listener() { return world.shard().listener; }
};

// The handler uses the socket after it has emitted. When the emit closed it, a client without credentials could crash the server.
TEST_F(EngineIoOverflow, EndsTheSessionAfterTheEventAndNotInsideIt) {
  std::string last;
  ask_for_page({}, [&] { last = listener().events.back(); });
  EXPECT_EQ(last, "event get");
  EXPECT_THAT(listener().events.back(), StartsWith("disconnected"));
  EXPECT_THAT(world.get(world.connect(), target), StartsWith("HTTP/1.1 400"));
}

TEST_F(EngineIoOverflow, EndsThePollThatWaits) {
  Peer& poll = world.connect();
  EXPECT_EQ(world.get(poll, target), "");
  ask_for_page({}, {});
  EXPECT_THAT(poll.take(), HasSubstr("\"page\""));
  EXPECT_THAT(listener().events.back(), StartsWith("disconnected"));
}

TEST_F(EngineIoOverflow, MayLoseItsPollFirst) {
  Peer& poll = world.connect();
  EXPECT_EQ(world.get(poll, target), "");
  ask_for_page([&] { world.post(0, [&] { world.lose(poll); }); }, {});
  EXPECT_THAT(listener().events.back(), StartsWith("disconnected"));
}

TEST_F(EngineIoOverflow, MayLoseItsProbeFirst) {
  Peer& socket = probe();
  world.send_text(socket, "2probe");
  ask_for_page([&] { world.post(0, [&] { world.lose(socket); }); }, {});
  EXPECT_THAT(listener().events.back(), StartsWith("disconnected"));
}

TEST_F(EngineIoOverflow, EndsTheWebSocketThatTakesOverMeanwhile) {
  Peer& socket = probe();
  world.send_text(socket, "2probe");
  ask_for_page([&] { world.post(0, [&] { world.send_text(socket, "5"); }); }, {});
  EXPECT_FALSE(socket.open);
  EXPECT_THAT(listener().events.back(), StartsWith("disconnected"));
}

// R-003-45: a load balancer may bring any request to any shard
TEST(EngineIoAcrossShards, RequestsFollowTheirSessionToItsShard) {
  World world(3);
  const std::string sid = text_member(world.get(world.connect(2), kPolling), "sid");
  const std::string target = std::string(kPolling) + "&sid=" + sid;
  Peer& post = world.connect(0);
  world.post(post, target, "40");
  EXPECT_EQ(post.shard->index, 2) << "the connection moved";
  EXPECT_THAT(body_of(post.received.empty() ? world.get(world.connect(1), target) : post.take()),
              ::testing::AnyOf("ok", StartsWith("40")));
}

// R-004-60: "Invalid frame header" is what a client says when an upgrade is half handled
TEST_F(EngineIo, AnIncompleteHandshakeIsRefusedWithAnExplanation) {
  const std::string no_upgrade = world.get(world.connect(), "/socket.io/?EIO=4&transport=websocket");
  EXPECT_THAT(no_upgrade, HasSubstr("goes with a WebSocket upgrade"));
  const std::string old_version = world.get(world.connect(), "/socket.io/?EIO=4&transport=websocket",
                                            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n");
  EXPECT_THAT(old_version, StartsWith("HTTP/1.1 426"));
}

// Without a limit one keep-alive connection can open thousands of sessions.
TEST_F(EngineIo, SessionsOpenedByPollingAreLimited) {
  world.shard().sessions_admitted = 2;
  Peer& client = world.connect();
  EXPECT_THAT(world.get(client, kPolling), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(world.get(client, kPolling), StartsWith("HTTP/1.1 200"));
  const std::string refused = world.get(client, kPolling);
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 429"));
  EXPECT_THAT(refused, HasSubstr("Retry-After: 91")) << "when one may be opened again, whatever the window is";
  EXPECT_EQ(world.shard().endpoint->engine().count(), 2U);
  EXPECT_THAT(world.open_websocket(world.connect(), "/socket.io/?EIO=4&transport=websocket"), StartsWith("HTTP/1.1 101"))
      << "its connection has been counted";
}

TEST_F(EngineIo, AHandshakeKeepsOneCookieAndRefusesLongHeaders) {
  world.http.cors.mode = CorsPolicy::Mode::echo_any;
  world.http.session_cookie = "session";
  const std::string other = "Cookie: other=" + std::string(9'000, 'x') + "; session=s\r\n";
  EXPECT_THAT(world.get(world.connect(), kPolling, other), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(world.get(world.connect(), kPolling, "Cookie: session=" + std::string(9'000, 'x') + "\r\n"),
              StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(world.get(world.connect(), kPolling, "Authorization: Bearer " + std::string(9'000, 'x') + "\r\n"),
              StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(world.get(world.connect(), "/socket.io/?EIO=4&transport=websocket&x=" + std::string(8'000, 'x'),
                        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://" +
                            std::string(200, 'x') + "\r\n"),
              StartsWith("HTTP/1.1 431"));
  EXPECT_EQ(world.shard().endpoint->engine().count(), 1U);
}

TEST_F(EngineIo, AMessageBeyondMaxPayloadClosesWith1009) {
  Peer& client = world.joined_client();
  world.send_text(client, "42" + std::string(1'000'001, 'x'));
  EXPECT_THAT(World::messages(client), ElementsAre("close 1009"));
  open_polling();
  EXPECT_THAT(world.post(world.connect(), target, std::string(1'000'001, 'x')), StartsWith("HTTP/1.1 413"));
}

TEST_F(EngineIo, FramesBeyondATurnAreReadInTheNextOne) {
  Peer& client = world.connect();
  world.open_websocket(client, "/socket.io/?EIO=3&transport=websocket");
  static_cast<void>(World::messages(client));
  world.shard().messages_a_turn = 3;
  std::string frames;
  for (int i = 0; i < 10; ++i) websocket::append_masked(frames, websocket::Opcode::text, as_bytes("2"), 0x01020304);
  world.send(client, frames);
  EXPECT_EQ(world.shard().turns_over, 3);
  EXPECT_EQ(World::messages(client), std::vector<std::string>(10, "3"));
}

TEST_F(EngineIo, Protocol3ClientsAreJoinedWithoutAskingAndSendThePings) {
  Peer& client = world.connect();
  world.open_websocket(client, "/socket.io/?EIO=3&transport=websocket");
  const auto first = World::messages(client);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_THAT(first[0], StartsWith("0{"));
  EXPECT_EQ(first[1], "40");
  world.advance(40s);
  world.send_text(client, "2");
  EXPECT_THAT(World::messages(client), ElementsAre("3"));
  world.advance(44s);
  EXPECT_TRUE(client.open);
  world.advance(2s);
  EXPECT_FALSE(client.open);
}

}  // namespace
}  // namespace belfry::protocol::testing
