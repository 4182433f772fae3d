// Events that come too early: the router keeps them while a socket is held, and a start while a hang-up before it is undecided.
#include "gateway/dialects/router_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using session::DisconnectReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HeldSocket : public RouterStage {
 protected:
  void SetUp() override {
    RouterStage::SetUp();
    (void)connect(kHere, R"({"token":"ann"})");
    router.hold(kHere);
    heard.clear();
  }
};

TEST_F(HeldSocket, ItsEventsWaitInOrderUntilItIsReleased) {
  hear(kHere, "first");
  hear(kHere, "second");
  EXPECT_THAT(heard, IsEmpty());
  router.release(kHere);
  hear(kHere, "third");
  EXPECT_THAT(heard, ElementsAre("native event first", "native event second", "native event third"));
  router.release(kHere);
  EXPECT_EQ(heard.size(), 3U) << "there is nothing left";
}

TEST_F(HeldSocket, HeldAgainByAQueuedEventKeepsTheRestQueued) {
  for (const char* event : {"first", "second", "third"}) hear(kHere, event);
  native.during_event = [&](std::string_view event) {
    if (event == "second") router.hold(kHere);
  };
  router.release(kHere);
  hear(kHere, "fourth");
  EXPECT_THAT(heard, ElementsAre("native event first", "native event second"));
  heard.clear();
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native event third", "native event fourth"));
}

TEST_F(HeldSocket, EventsThatCannotBeQueuedAreRefusedByItsDialect) {
  const std::string attachments[] = {"bytes"};
  router.on_event(kHere, {.name = "picture", .arguments = {}, .ack_id = {}, .attachments = attachments});
  EXPECT_THAT(heard, ElementsAre("native cannot keep picture"));
  for (std::size_t n = 0; n < EventQueue::kMaxEvents; ++n) hear(kHere, "one");
  hear(kHere, "more");
  EXPECT_EQ(heard.back(), "native has no room for more");
  EXPECT_EQ(heard.size(), 2U);
}

TEST_F(HeldSocket, ThatGoesIsHeardNoMore) {
  hear(kHere, "first");
  hear(kHere, "second");
  native.during_event = [&](std::string_view) { router.on_disconnected(kHere, DisconnectReason::server_left); };
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native event first", "native gone 2"));
}

TEST_F(HeldSocket, LeavesNothingBehindForTheNextAtItsAddress) {
  hear(kHere, "first");
  router.on_disconnected(kHere, DisconnectReason::client_left);
  (void)connect(kHere, R"({"token":"ann"})");
  heard.clear();
  router.hold(kHere);
  hear(kHere, "other");
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native event other"));
}

// After a move or a change of dialect, the dialect looks the user up again.
TEST_F(HeldSocket, LosesItsQueuedEventsWhenItMovesOrChangesItsDialect) {
  hear(kHere, "first");
  hear(kHere, "register_user");
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native gone 2", "signaling socket ann", "signaling event register_user"));
  router.hold(kHere);
  hear(kHere, "second");
  router.on_recovered(kThere, kHere, router.on_detached(kHere, 0, ""));
  heard.clear();
  router.release(kHere);
  router.release(kThere);
  EXPECT_THAT(heard, IsEmpty());
}

class SocketThatHangsUp : public RouterStage {
 protected:
  void SetUp() override {
    RouterStage::SetUp();
    (void)connect(kHere, R"({"token":"ann"})");
    router.hang_up_begins(kHere);
    heard.clear();
  }
};

// R-003-34
TEST_F(SocketThatHangsUp, ItsNextStartWaitsUntilThatIsDecidedAndWhatFollowsWaitsBehindIt) {
  for (const char* event : {"call.signal", "call.start", "call.signal"}) hear(kHere, event);
  EXPECT_THAT(heard, ElementsAre("native event call.signal"));
  heard.clear();
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.start", "native event call.signal"));
  hear(kHere, "call.start");
  EXPECT_EQ(heard.back(), "native event call.start");
  EXPECT_EQ(heard.size(), 3U);
}

TEST_F(SocketThatHangsUp, SeveralTimesWaitsForTheLast) {
  router.hang_up_begins(kHere);
  hear(kHere, "call.start");
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, IsEmpty());
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.start"));
  router.hang_up_decided(kHere);
  EXPECT_EQ(heard.size(), 1U) << "one too many is none";
}

TEST_F(SocketThatHangsUp, WithAHangUpAmongTheQueuedEventsWaitsAgain) {
  native.during_event = [&](std::string_view event) {
    if (event == "call.end") router.hang_up_begins(kHere);
  };
  for (const char* event : {"call.start", "call.end", "call.start"}) hear(kHere, event);
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.start", "native event call.end"));
  router.hang_up_decided(kHere);
  EXPECT_EQ(heard.back(), "native event call.start");
  EXPECT_EQ(heard.size(), 3U);
}

TEST_F(SocketThatHangsUp, AndIsHeldWaitsForBothInEitherOrder) {
  hear(kHere, "call.start");
  router.hold(kHere);
  hear(kHere, "call.end");
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, IsEmpty());
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.start", "native event call.end"));
  heard.clear();
  router.hang_up_begins(kHere);
  router.hold(kHere);
  for (const char* event : {"call.signal", "call.start"}) hear(kHere, event);
  router.release(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.signal"));
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.signal", "native event call.start"));
}

TEST_F(SocketThatHangsUp, AndGoesStartsNothingAndLeavesNothingBehind) {
  hear(kHere, "call.start");
  router.on_disconnected(kHere, DisconnectReason::client_left);
  router.hang_up_decided(kHere);
  (void)connect(kHere, R"({"token":"ann"})");
  heard.clear();
  router.hang_up_begins(kHere);
  hear(kHere, "call.start");
  router.hang_up_decided(kHere);
  EXPECT_THAT(heard, ElementsAre("native event call.start"));
}

}  // namespace
}  // namespace belfry::gateway::testing
