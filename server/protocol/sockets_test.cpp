// Socket.IO as a client sees it: the official suite's behaviour, acknowledgements, rooms, and connection state recovery.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/world_for_tests.hpp"

namespace belfry::protocol::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::string_view kX[] = {R"({"x":1})"};

class SocketIo : public ::testing::Test {
 protected:
  World world;
  Listener& listener() { return world.shard().listener; }
  Sockets& sockets() { return *world.shard().sockets; }
};

TEST_F(SocketIo, ConnectAnswersASidAndAPid) {
  world.joined_client();
  EXPECT_THAT(world.joined_answer, StartsWith(R"(40{"sid":")"));
  EXPECT_NE(text_member(world.joined_answer, "sid"), text_member(world.joined_answer, "pid"));
}

TEST_F(SocketIo, AnUnknownNamespaceIsRefusedAndTheSessionStays) {
  Peer& client = world.joined_client();
  world.send_text(client, "40/nope,");
  EXPECT_THAT(World::messages(client), ElementsAre(R"(44/nope,{"message":"Invalid namespace"})"));
  EXPECT_TRUE(client.open);
}

TEST_F(SocketIo, MiddlewareMayRefuseWithMessageAndData) {
  world.shard().listener.refuse_with = ConnectRefusal{"Authentication error", R"({"code":401})"};
  world.joined_client();
  EXPECT_EQ(world.joined_answer, R"(44{"message":"Authentication error","data":{"code":401}})");
}

TEST_F(SocketIo, TheAuthPayloadReachesTheMiddleware) {
  world.joined_client(0, R"({"token":"t"})");
  EXPECT_THAT(listener().events, ElementsAre(R"(connected {"token":"t"})"));
}

TEST_F(SocketIo, ASessionThatJoinsNothingIsClosedAfterTheConnectTimeout) {
  Peer& client = world.websocket_client();
  for (int i = 0; i < 44; ++i) {
    world.advance(1s);
    world.send_text(client, "3");
  }
  EXPECT_TRUE(client.open);
  world.advance(1s);
  EXPECT_FALSE(client.open);
}

TEST_F(SocketIo, InvalidPacketsCloseTheSession) {
  for (const char* text : {"4abc", "42{}", R"(42abc["x",1])", "42[]", "42[5]", "41{}", R"(42/nope,["x"])", "40"}) {
    Peer& client = world.joined_client();
    world.send_text(client, text);
    EXPECT_FALSE(client.open) << text;
  }
}

// R-003-37: after a malformed payload the sender keeps its connection and other clients keep their calls.
TEST_F(SocketIo, AnEventNestedTooDeepIsReportedAndTheSessionStays) {
  Peer& client = world.joined_client();
  world.send_text(client, R"(42["make_call",)" + std::string(100'000, '[') + std::string(100'000, ']') + "]");
  EXPECT_TRUE(client.open);
  EXPECT_EQ(listener().events.back(), "unreadable make_call");
}

TEST_F(SocketIo, ALoneSurrogateIsReportedAndTheSessionStays) {
  Peer& client = world.joined_client();
  world.send_text(client, R"(42["make_call",{"to":"\ud800"}])");
  EXPECT_TRUE(client.open);
  EXPECT_EQ(listener().events.back(), "unreadable make_call");
}

TEST_F(SocketIo, AnUnreadableEventIsReportedWithTheAcknowledgementThatItAsksFor) {
  Peer& client = world.joined_client();
  world.send_text(client, R"(4217["make_call","\ud800"])");
  EXPECT_EQ(listener().events.back(), "unreadable make_call ack 17");
  world.send_text(client, R"(451-18["make_call","\ud800",{"_placeholder":true,"num":0}])");
  EXPECT_EQ(listener().events.back(), "unreadable make_call ack 18");
}

TEST_F(SocketIo, AttachmentsAreCollectedBeforeTheEventIsDelivered) {
  Peer& client = world.joined_client();
  world.send_text(client, R"(452-["m",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  world.send_binary(client, "one");
  EXPECT_THAT(listener().events, ::testing::SizeIs(1));
  world.send_binary(client, "two");
  EXPECT_THAT(listener().events.back(), HasSubstr("+one +two"));
}

TEST_F(SocketIo, AnUnreadableBinaryEventConsumesItsAttachments) {
  Peer& client = world.joined_client();
  listener().events.clear();
  world.send_text(client, R"(452-["a","\ud800",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  world.send_binary(client, "one");
  world.send_binary(client, "two");
  world.send_text(client, R"(42["b"])");
  EXPECT_THAT(listener().events, ElementsAre("unreadable a", "event b"));
  EXPECT_TRUE(client.open);
}

TEST_F(SocketIo, AttachmentsOfOneEventAreBoundedTogether) {
  Peer& client = world.joined_client();
  world.send_text(client, R"(4516-["a",{"_placeholder":true,"num":15}])");
  for (int i = 0; i < 3; ++i) world.send_binary(client, std::string(900'000, 'x'));
  EXPECT_THAT(World::messages(client), ElementsAre("close 1002"));
  EXPECT_FALSE(client.open);
}

TEST_F(SocketIo, AnUnannouncedAttachmentClosesTheSession) {
  Peer& client = world.joined_client();
  world.send_binary(client, "surprise");
  EXPECT_FALSE(client.open);
}

TEST_F(SocketIo, AnEventThatCannotBePackedIsLeftOutAndItsReceiverStays) {
  Peer& client = world.websocket_client();
  world.send_binary(client, std::string("\x82\xa4type\x00\xa3nsp\xa1/", 13));  // CONNECT by socket.io-msgpack-parser
  World::messages(client);
  const std::string nested = std::string(json::kMaxDepth, '[') + std::string(json::kMaxDepth, ']');
  const std::string_view too_deep[] = {nested};
  sockets().emit(listener().last, "deep", too_deep);
  sockets().emit(listener().last, "ask", kX);
  EXPECT_THAT(World::messages(client), ElementsAre(HasSubstr("ask")));
  EXPECT_TRUE(client.open);
}

TEST_F(SocketIo, AnAcknowledgementReachesItsCallbackOnce) {
  Peer& client = world.joined_client();
  int answers = 0;
  sockets().emit_with_ack(listener().last, "ask", kX, 5s, [&](auto arguments) { answers += arguments ? 1 : 100; });
  EXPECT_THAT(World::messages(client), ElementsAre(R"(420["ask",{"x":1}])"));
  world.send_text(client, "430[\"yes\"]");
  world.send_text(client, "430[\"again\"]");
  world.advance(10s);
  EXPECT_EQ(answers, 1);
}

TEST_F(SocketIo, AnAcknowledgementThatDoesNotComeInTimeIsReportedAsMissing) {
  world.joined_client();
  int missing = 0;
  sockets().emit_with_ack(listener().last, "ask", kX, 5s, [&](auto arguments) { missing += arguments ? 0 : 1; });
  world.advance(5s);
  EXPECT_EQ(missing, 1);
}

TEST_F(SocketIo, BroadcastReachesTheRoomExceptTheExcludedMember) {
  Peer& a = world.joined_client();
  const SessionAddress first = listener().last;
  sockets().join(first, "room");
  Peer& b = world.joined_client();
  sockets().join(listener().last, "room");
  Peer& c = world.joined_client();
  sockets().broadcast("room", "hi", kX, first);
  EXPECT_THAT(World::messages(a), IsEmpty());
  EXPECT_THAT(World::messages(b), ::testing::SizeIs(1));
  EXPECT_THAT(World::messages(c), IsEmpty());
}

TEST_F(SocketIo, ADisconnectPacketIsAnExplicitLeave) {
  Peer& client = world.joined_client();
  world.send_text(client, "41");
  EXPECT_EQ(listener().events.back(), "disconnected " + std::to_string(static_cast<int>(DisconnectReason::client_left)));
}

class Recovery : public SocketIo {
 protected:
  std::string pid;
  Peer& lost_client() {
    Peer& client = world.joined_client();
    pid = text_member(world.joined_answer, "pid");
    return client;
  }
  Peer& return_with(const std::string& offset) { return world.returning_client(pid, offset); }
};

TEST_F(Recovery, BringsBackTheSameSocketWithWhatItMissed) {
  Peer& client = lost_client();
  const std::string sid = text_member(world.joined_answer, "sid");
  sockets().emit(listener().last, "seen", kX);
  world.lose(client);
  sockets().emit(listener().last, "missed", kX);
  EXPECT_THAT(World::messages(return_with("1")),
              ElementsAre(R"(40{"sid":")" + sid + R"(","pid":")" + pid + R"("})", R"(42["missed",{"x":1},"2"])"));
  EXPECT_EQ(listener().events.back(), "recovered state");
}

// Where socket.io on Node gives up: no event yet, and more than once.
TEST_F(Recovery, WorksWithZeroPriorEventsAndAnyNumberOfTimes) {
  world.lose(lost_client());
  for (int i = 0; i < 5; ++i) {
    Peer& client = return_with("");
    EXPECT_THAT(World::messages(client), ElementsAre(HasSubstr(pid))) << i;
    world.lose(client);
  }
  EXPECT_EQ(sockets().recovered_count(), 5U);
}

TEST_F(Recovery, EndsWithItsWindow) {
  world.lose(lost_client());
  world.advance(120s);
  EXPECT_EQ(listener().events.back(), "disconnected " + std::to_string(static_cast<int>(DisconnectReason::window_expired)));
  EXPECT_THAT(World::messages(return_with("")), ElementsAre(::testing::Not(HasSubstr(pid))));
}

TEST_F(Recovery, AWrongPidOrAnUnknownOffsetGetsANewSocket) {
  Peer& client = lost_client();
  sockets().emit(listener().last, "seen", kX);
  world.lose(client);
  EXPECT_THAT(World::messages(return_with("77")), ElementsAre(::testing::Not(HasSubstr(pid))));
  pid.back() = pid.back() == 'A' ? 'E' : 'A';
  EXPECT_THAT(World::messages(return_with("")), ElementsAre(::testing::Not(HasSubstr(pid))));
}

// Found by black-box acceptance. The new socket gets the event's content from the application, as each new one does.
TEST_F(Recovery, OfAClientThatMissedALargerEventThanIsKeptGivesItANewSocket) {
  const std::string large = '"' + std::string(SocketSettings{}.recovery_bytes, 'x') + '"';
  const std::string_view pieces[] = {large};
  for (const bool arrived : {true, false}) {
    Peer& client = lost_client();
    sockets().emit(listener().last, "seen", kX);
    sockets().emit(listener().last, "snapshot", pieces);
    world.lose(client);
    sockets().emit(listener().last, "missed", kX);
    const auto messages = World::messages(return_with(arrived ? "2" : "1"));
    if (arrived)
      EXPECT_THAT(messages, ElementsAre(HasSubstr(pid), R"(42["missed",{"x":1},"3"])"));
    else
      EXPECT_THAT(messages, ElementsAre(::testing::Not(HasSubstr(pid))));
  }
}

// C-14: found by black-box acceptance. A pid opens nothing to one who brings another credential, or none.
TEST_F(Recovery, IsForTheOwnerOnly) {
  world.lose(lost_client());
  listener().owner = "\"ann\"";
  EXPECT_THAT(World::messages(return_with("")), ElementsAre(::testing::Not(HasSubstr(pid))));
  listener().refuse_with = ConnectRefusal{.message = "Authentication error"};
  EXPECT_THAT(World::messages(return_with("")), ElementsAre(R"(44{"message":"Authentication error"})"));
  listener().refuse_with = {};
  listener().owner = "";
  EXPECT_THAT(World::messages(return_with("")), ElementsAre(HasSubstr(pid)));
}

// X-16
TEST_F(Recovery, ReplacesATransportThatIsNotYetNoticedAsDead) {
  Peer& old = lost_client();
  EXPECT_THAT(World::messages(return_with("")), ElementsAre(HasSubstr(pid)));
  EXPECT_FALSE(old.open);
  EXPECT_EQ(listener().events.back(), "recovered state") << "and no disconnect from the old one afterwards";
}

TEST_F(Recovery, AnExplicitLeaveCannotBeRecovered) {
  Peer& client = lost_client();
  world.send_text(client, "41");
  EXPECT_THAT(World::messages(return_with("")), ElementsAre(::testing::Not(HasSubstr(pid))));
}

TEST_F(Recovery, FindsTheSocketFromAnyShardAndAfterItHasMoved) {
  World many(3);
  Peer& client = many.joined_client(0);
  pid = text_member(many.joined_answer, "pid");
  many.lose(client);
  for (const std::size_t shard : {2U, 1U, 0U, 2U}) {
    Peer& back = many.returning_client(pid, "", shard);
    EXPECT_THAT(World::messages(back), ElementsAre(HasSubstr(pid))) << shard;
    many.lose(back);
  }
}

/// On three shards, where mail waits until it is asked for: a client whose attempts to return overtake each other.
class ImpatientRecovery : public Recovery {
 protected:
  ImpatientRecovery() {
    Peer& client = many.joined_client(0);
    pid = text_member(many.joined_answer, "pid");
    const SessionAddress socket = many.shard(0).listener.last;
    many.shard(0).sockets->emit(socket, "seen", kX);
    many.lose(client);
    many.shard(0).sockets->emit(socket, "missed", kX);
  }
  /// What it asks for is on its way, and nothing else moves.
  void ask(Peer& client) {
    websocket::append_masked(client.unread, websocket::Opcode::text, as_bytes(R"(40{"pid":")" + pid + R"(","offset":"1"})"),
                             0x01020304);
    client.shard->deliver(client);
    many.clock.set(many.clock.now() + 1s);
  }
  static void break_off(Peer& client) {
    client.open = false;
    client.shard->endpoint->on_closed(client.id);
  }
  void expect_recovered(Peer& client) {
    EXPECT_THAT(World::messages(client), ElementsAre(HasSubstr(pid), R"(42["missed",{"x":1},"2"])"));
  }
  std::size_t sockets_in_all() {
    std::size_t count = 0;
    for (std::size_t shard = 0; shard < 3; ++shard) count += many.shard(shard).sockets->count();
    return count;
  }

  World many{3};
};

// The first attempt takes the socket along to a connection that is gone by then.
TEST_F(ImpatientRecovery, SecondAttemptFollowsTheSocketThatTheFirstTookAlong) {
  for (const auto& [first, second] : {std::pair{1U, 2U}, {2U, 0U}, {0U, 0U}, {1U, 1U}}) {
    Peer& lost = many.websocket_client(first);
    Peer& back = many.websocket_client(second);
    ask(lost);
    break_off(lost);
    ask(back);
    many.run_tasks();
    expect_recovered(back);
    EXPECT_EQ(sockets_in_all(), 1U) << "no second one waits for its window to end";
    many.lose(back);
  }
}

TEST_F(ImpatientRecovery, SecondAttemptReplacesTheFirstThatStillStands) {
  Peer& first = many.websocket_client(1);
  Peer& second = many.websocket_client(2);
  ask(first);
  ask(second);
  many.run_tasks();
  expect_recovered(second);
  EXPECT_FALSE(first.open);
}

TEST_F(ImpatientRecovery, AttemptThatArrivesBehindALaterOneTakesNothingFromIt) {
  Peer& first = many.websocket_client(1);
  Peer& second = many.websocket_client(2);
  ask(first);
  ask(second);
  auto& mail = many.shard(0).mail;
  ASSERT_EQ(mail.size(), 2U);
  std::swap(mail.front(), mail.back());
  many.run_tasks();
  expect_recovered(second);
  EXPECT_TRUE(second.open);
  EXPECT_THAT(World::messages(first), ElementsAre(::testing::Not(HasSubstr(pid))));
}

}  // namespace
}  // namespace belfry::protocol::testing
