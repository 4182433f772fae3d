// A client that polls without a cookie, and brings it with its WebSocket (SPEC W-004-17).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/world_for_tests.hpp"

namespace belfry::protocol::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class CookieWait : public ::testing::Test {
 protected:
  World world;
  std::string sid, target;

  void SetUp() override {
    world.http.session_cookie = "session";
    world.http.cors.loopback = CorsPolicy::Loopback::own;
    listener().wants_cookie = "session=good";
    sid = text_member(world.get(world.connect(), "/socket.io/?EIO=4&transport=polling"), "sid");
    target = "/socket.io/?EIO=4&transport=polling&sid=" + sid;
  }
  Listener& listener() { return world.shard().listener; }
  void say_by_polling(std::string_view packet) { EXPECT_THAT(world.post(world.connect(), target, packet), HasSubstr("ok")); }
  std::string poll() {
    const std::string answer = world.get(world.connect(), target);
    const std::size_t end = answer.find("\r\n\r\n");
    return end == std::string::npos ? "" : answer.substr(end + 4);
  }
  Peer& open_websocket(const std::string& cookie) {
    Peer& peer = world.connect();
    const std::string headers =
        "Origin: http://localhost:5173\r\n" + (cookie.empty() ? "" : "Cookie: session=" + cookie + "\r\n");
    EXPECT_THAT(world.open_websocket(peer, "/socket.io/?EIO=4&transport=websocket&sid=" + sid, headers),
                StartsWith("HTTP/1.1 101"));
    return peer;
  }
};

TEST_F(CookieWait, ConnectIsAnsweredWhenTheWebSocketBringsTheCookie) {
  say_by_polling(R"(40{"a":1})");
  EXPECT_THAT(listener().events, IsEmpty());
  open_websocket("good");
  EXPECT_THAT(listener().events, ElementsAre(R"(connected {"a":1})"));
  EXPECT_EQ(listener().asked_from, "http://localhost:5173") << "its own origin counts";
  EXPECT_THAT(poll(), HasSubstr(R"(40{"sid":")"));
}

TEST_F(CookieWait, TheWebSocketMayComeFirst) {
  open_websocket("good");
  say_by_polling("40");
  EXPECT_THAT(listener().events, ElementsAre("connected "));
}

TEST_F(CookieWait, ABadCookieIsRefusedAtOnce) {
  say_by_polling("40");
  open_websocket("bad");
  EXPECT_THAT(poll(), HasSubstr(R"(44{"message":"no cookie"})"));
  EXPECT_THAT(listener().events, IsEmpty());
}

TEST_F(CookieWait, WithoutACookieItIsRefusedAfterFiveSeconds) {
  say_by_polling("40");
  open_websocket("");
  world.advance(4s);
  EXPECT_THAT(listener().events, IsEmpty());
  Peer& waiting = world.connect();
  EXPECT_THAT(world.get(waiting, target), IsEmpty()) << "not yet";
  world.advance(1s);
  EXPECT_THAT(waiting.take(), HasSubstr(R"(44{"message":"no cookie"})"));
}

TEST_F(CookieWait, WhoCannotUpgradeIsRefusedAtOnce) {
  world.joined_client();
  EXPECT_EQ(world.joined_answer, R"(44{"message":"no cookie"})");
  open_websocket("");
  say_by_polling("40");
  EXPECT_THAT(poll(), HasSubstr(R"(44{"message":"no cookie"})")) << "its WebSocket was there before";
}

TEST_F(CookieWait, ASecondConnectMeanwhileEndsTheSession) {
  say_by_polling("40");
  world.post(world.connect(), target, "40");
  EXPECT_THAT(world.get(world.connect(), target), HasSubstr("400"));
  world.advance(10s);
  EXPECT_THAT(listener().events, IsEmpty());
}

TEST_F(CookieWait, ASessionThatEndsMeanwhileIsForgotten) {
  say_by_polling("40");
  say_by_polling("1");
  world.advance(10s);
  EXPECT_THAT(listener().events, IsEmpty());
}

}  // namespace
}  // namespace belfry::protocol::testing
