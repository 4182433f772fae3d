// Events that come too early: the router queues them while a socket is held, and a start while a hang-up before it is undecided.
#include "gateway/dialects/router_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using protocol::DisconnectReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HeldSocket : public RouterStage {
 protected:
  void SetUp() override {
    RouterStage::SetUp();
    (void)connect(kHere, R"({"token":"ann"})");
    router.hold(kHere);
    received.clear();
  }
};

TEST_F(HeldSocket, EventsWaitInOrderUntilItIsReleased) {
  receive(kHere, "first");
  receive(kHere, "second");
  EXPECT_THAT(received, IsEmpty());
  router.release(kHere);
  receive(kHere, "third");
  EXPECT_THAT(received, ElementsAre("native event first", "native event second", "native event third"));
  router.release(kHere);
  EXPECT_EQ(received.size(), 3U) << "there is nothing left";
}

TEST_F(HeldSocket, QueuedEventThatHoldsItAgainKeepsTheRestQueued) {
  for (const char* event : {"first", "second", "third"}) receive(kHere, event);
  native.during_event = [&](std::string_view event) {
    if (event == "second") router.hold(kHere);
  };
  router.release(kHere);
  receive(kHere, "fourth");
  EXPECT_THAT(received, ElementsAre("native event first", "native event second"));
  received.clear();
  router.release(kHere);
  EXPECT_THAT(received, ElementsAre("native event third", "native event fourth"));
}

TEST_F(HeldSocket, EventsThatCannotBeQueuedAreRefusedByItsDialect) {
  const std::string attachments[] = {"bytes"};
  router.on_event(kHere, {.name = "picture", .arguments = {}, .ack_id = {}, .attachments = attachments});
  EXPECT_THAT(received, ElementsAre("native cannot queue picture"));
  for (std::size_t n = 0; n < EventQueue::kMaxEvents; ++n) receive(kHere, "one");
  receive(kHere, "more");
  EXPECT_EQ(received.back(), "native has no room for more");
  EXPECT_EQ(received.size(), 2U);
}

TEST_F(HeldSocket, QueuedEventsAreDroppedWhenItCloses) {
  receive(kHere, "first");
  receive(kHere, "second");
  native.during_event = [&](std::string_view) { router.on_disconnected(kHere, DisconnectReason::server_left); };
  router.release(kHere);
  EXPECT_THAT(received, ElementsAre("native event first", "native gone 2"));
}

TEST_F(HeldSocket, QueuedEventsDoNotReachTheNextSocketAtItsAddress) {
  receive(kHere, "first");
  router.on_disconnected(kHere, DisconnectReason::client_left);
  (void)connect(kHere, R"({"token":"ann"})");
  received.clear();
  router.hold(kHere);
  receive(kHere, "other");
  router.release(kHere);
  EXPECT_THAT(received, ElementsAre("native event other"));
}

// After a move or a change of dialect, the dialect looks the user up again.
TEST_F(HeldSocket, LosesItsQueuedEventsWhenItMovesOrChangesItsDialect) {
  receive(kHere, "first");
  receive(kHere, "register_user");
  router.release(kHere);
  EXPECT_THAT(received, ElementsAre("native gone 2", "signaling socket ann", "signaling event register_user"));
  router.hold(kHere);
  receive(kHere, "second");
  router.on_recovered(kThere, kHere, router.on_detached(kHere, 0, ""));
  received.clear();
  router.release(kHere);
  router.release(kThere);
  EXPECT_THAT(received, IsEmpty());
}

class HeldStart : public RouterStage {
 protected:
  void SetUp() override {
    RouterStage::SetUp();
    (void)connect(kHere, R"({"token":"ann"})");
    router.hang_up_begins(kHere);
    received.clear();
  }
};

// R-003-34
TEST_F(HeldStart, WaitsWithTheEventsAfterItUntilTheHangUpIsDecided) {
  for (const char* event : {"call.signal", "call.start", "call.signal"}) receive(kHere, event);
  EXPECT_THAT(received, ElementsAre("native event call.signal"));
  received.clear();
  router.hang_up_decided(kHere);
  EXPECT_THAT(received, ElementsAre("native event call.start", "native event call.signal"));
  receive(kHere, "call.start");
  EXPECT_EQ(received.back(), "native event call.start");
  EXPECT_EQ(received.size(), 3U);
}

TEST_F(HeldStart, WaitsForTheLastOfSeveralHangUps) {
  router.hang_up_begins(kHere);
  receive(kHere, "call.start");
  router.hang_up_decided(kHere);
  EXPECT_THAT(received, IsEmpty());
  router.hang_up_decided(kHere);
  EXPECT_THAT(received, ElementsAre("native event call.start"));
  router.hang_up_decided(kHere);
  EXPECT_EQ(received.size(), 1U) << "one too many is none";
}

TEST_F(HeldStart, WaitsAgainForAHangUpAmongTheQueuedEvents) {
  native.during_event = [&](std::string_view event) {
    if (event == "call.end") router.hang_up_begins(kHere);
  };
  for (const char* event : {"call.start", "call.end", "call.start"}) receive(kHere, event);
  router.hang_up_decided(kHere);
  EXPECT_THAT(received, ElementsAre("native event call.start", "native event call.end"));
  router.hang_up_decided(kHere);
  EXPECT_EQ(received.back(), "native event call.start");
  EXPECT_EQ(received.size(), 3U);
}

TEST_F(HeldStart, OfAHeldSocketWaitsForTheReleaseToo) {
  receive(kHere, "call.start");
  router.hold(kHere);
  receive(kHere, "call.end");
  router.hang_up_decided(kHere);
  EXPECT_THAT(received, IsEmpty());
  router.release(kHere);
  EXPECT_THAT(received, ElementsAre("native event call.start", "native event call.end"));
  received.clear();
  router.hang_up_begins(kHere);
  router.hold(kHere);
  for (const char* event : {"call.signal", "call.start"}) receive(kHere, event);
  router.release(kHere);
  EXPECT_THAT(received, ElementsAre("native event call.signal"));
  router.hang_up_decided(kHere);
  EXPECT_THAT(received, ElementsAre("native event call.signal", "native event call.start"));
}

TEST_F(HeldStart, IsDroppedWhenTheSocketCloses) {
  receive(kHere, "call.start");
  router.on_disconnected(kHere, DisconnectReason::client_left);
  router.hang_up_decided(kHere);
  (void)connect(kHere, R"({"token":"ann"})");
  received.clear();
  router.hang_up_begins(kHere);
  receive(kHere, "call.start");
  router.hang_up_decided(kHere);
  EXPECT_THAT(received, ElementsAre("native event call.start"));
}

}  // namespace
}  // namespace belfry::gateway::testing
