// The native dialect behind the real router and the real Socket.IO: handshakes, acknowledgements, recovery, as a client sees them
// on its WebSocket.
#include "base/silent_log_for_tests.hpp"
#include "gateway/dialects/scripted_dialect_for_tests.hpp"
#include "gateway/dialects/shard_ports.hpp"
#include "gateway/dialects/socket_router.hpp"
#include "gateway/native/native_stage_for_tests.hpp"
#include "protocol/world_for_tests.hpp"

namespace belfry::gateway {
namespace {

using protocol::testing::Peer;
using protocol::testing::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

/// One shard whose `/native/` is served by the router.
class OverTheWire : public ::testing::Test {
 protected:
  World world;
  SilentLog log;
  testing::FewTokens verifier;
  testing::ScriptedCalls core;
  testing::FewCalls kept;
  SocketRouterSettings router_settings;
  NativeSettings settings;
  protocol::testing::SeededRandom random;
  SocketRouter router{router_settings, {verifier, world.clock, random, log}};
  std::unique_ptr<protocol::Sockets> sockets;
  std::unique_ptr<SocketIoOut> out;
  std::unique_ptr<Native> native;
  std::vector<std::string> signaling_heard;
  testing::ScriptedDialect signaling{"signaling", signaling_heard};
  SessionAddress at{};

  void serve() {
    auto& shard = world.shard();
    sockets = std::make_unique<protocol::Sockets>(ShardIndex{0}, shard.endpoint->engine(), router, world, world.clock, random,
                                                  world.socket, world.shared);
    world.shared.on_shards().enter(0, *sockets);
    shard.endpoint->mount("/native/", *sockets);
    shard.endpoint->add_time_user(
        {[this] { return sockets->next_deadline(); }, [this](TimePoint now) { sockets->on_time(now); }});
    out = std::make_unique<SocketIoOut>(*sockets);
    native = std::make_unique<Native>(settings, NativePorts{core, router, *out, kept, kept, world.clock, {}});
    router.serve({{"native", *native, {}, Native::kStartingEvents}, {"signaling", signaling, {}}});
  }
  Peer& join(const std::string& auth) {
    Peer& peer = world.connect();
    world.open_websocket(peer, "/native/?EIO=4&transport=websocket");
    static_cast<void>(World::messages(peer));
    world.send_text(peer, "40" + auth);
    return peer;
  }
};

// R-003-46
TEST_F(OverTheWire, ABadTokenGetsAConnectErrorWithTheReason) {
  serve();
  EXPECT_THAT(World::messages(join(R"({"token":"guess"})")),
              ElementsAre(R"(44{"message":"Authentication error","data":{"code":"UNAUTHENTICATED"}})"));
}

// W-000-04: seed 000's app sends its credential bare; a header that names its scheme goes before it.
TEST_F(OverTheWire, HeaderNamedTokenCarriesTheCredential) {
  serve();
  const auto greeting = [&](std::string_view headers) {
    Peer& peer = world.connect();
    world.open_websocket(peer, "/native/?EIO=4&transport=websocket", headers);
    static_cast<void>(World::messages(peer));
    world.send_text(peer, "40");
    return World::messages(peer).front();
  };
  EXPECT_THAT(greeting("token: ann\r\n"), StartsWith(R"(40{"sid")"));
  EXPECT_THAT(greeting("token: guess\r\n"), HasSubstr("Authentication error"));
  EXPECT_THAT(greeting("token: ann\r\nAuthorization: Bearer guess\r\n"), HasSubstr("Authentication error"));
}

TEST_F(OverTheWire, AGoodTokenIsGreetedAndItsEventsAreAcknowledged) {
  serve();
  Peer& peer = join(R"({"token":"ann","dialect":"native"})");
  const auto greeting = World::messages(peer);
  ASSERT_EQ(greeting.size(), 2U);
  EXPECT_THAT(greeting[1], MatchesRegex(R"(42\["session\.ready",\{"v":1,"seq":1,.*"dialect":"native",.*\},"1"\])"));
  world.send_text(peer, R"(420["call.hold",{}])");
  EXPECT_THAT(World::messages(peer), ElementsAre(StartsWith(R"(430[{"success":false,"error":{"code":"NOT_FOUND")")));
}

// SPEC 0: what it missed comes with the numbers it would have had; X-16.
TEST_F(OverTheWire, ALostSocketReceivesWhatItMissed) {
  serve();
  Peer& peer = join(R"({"token":"ann","deviceId":"phone","dialect":"native"})");
  const std::string connected = World::messages(peer).front();
  const std::string pid =
      connected.substr(connected.find(R"("pid":")") + 7, connected.rfind('"') - connected.find(R"("pid":")") - 7);
  world.lose(peer);
  EXPECT_EQ(core.asked.back(), "suspended 01");
  native->drain();
  Peer& again = join(R"({"token":"ann","dialect":"native","pid":")" + pid + R"(","offset":"1"})");
  EXPECT_THAT(World::messages(again), ElementsAre(StartsWith("40{"), HasSubstr(R"(["server.draining",{"v":1,"seq":2,)")));
  EXPECT_THAT(core.asked.back(), StartsWith("recovered 01 "));
}

TEST_F(OverTheWire, TheEndOfALoginIsSentBeforeTheSocketCloses) {
  serve();
  Peer& peer = join(R"({"token":"ann"})");
  static_cast<void>(World::messages(peer));
  for (std::uint32_t generation = 1; generation < 8; ++generation)  // whichever it has
    router.notify({.shard = 0, .node = 0, .slot = 0, .generation = generation}, sessions::LoginEnded{});
  const auto last = World::messages(peer);
  ASSERT_GE(last.size(), 2U);
  EXPECT_THAT(last[0], HasSubstr("session.expiring"));
  EXPECT_EQ(last[1], "41");
  EXPECT_FALSE(peer.open);
  EXPECT_EQ(core.asked.back(), "gone 01 2");
}

// Slices travel as JSON between us and the codec: msgpack clients get the same values.
TEST_F(OverTheWire, MsgpackClientsAreGreetedToo) {
  serve();
  Peer& peer = world.connect();
  world.open_websocket(peer, "/native/?EIO=4&transport=websocket");
  static_cast<void>(World::messages(peer));
  // {type: 0, nsp: "/", data: {token: "ann"}}
  world.send_binary(peer, std::string("\x83\xA4type\x00\xA3nsp\xA1/\xA4"
                                      "data\x81\xA5token\xA3"
                                      "ann",
                                      29));
  const auto greeting = World::messages(peer);
  ASSERT_EQ(greeting.size(), 3U);  // a web session: it names no dialect
  EXPECT_THAT(greeting[1], HasSubstr("session.ready"));
  EXPECT_THAT(greeting[2], HasSubstr("authenticated"));
}

}  // namespace
}  // namespace belfry::gateway
