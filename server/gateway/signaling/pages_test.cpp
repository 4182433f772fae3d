// A page of the signaling dialect that is lost, recovers, or closes.
#include "gateway/signaling/signaling_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

class SignalingPages : public SignalingStage {
 protected:
  /// The page leaves its address and comes back at slot 9, as from another shard.
  void move() {
    const std::string state = router.on_detached(at, 1, "");
    const SessionAddress before = std::exchange(at, {.shard = 0, .node = 0, .slot = 9, .generation = 3});
    router.on_recovered(at, before, state);
  }
};

// X-16, C-21
TEST_F(SignalingPages, ARecoveredPageIsRegisteredAsBefore) {
  enter();
  router.on_suspended(at);
  move();
  EXPECT_THAT(take_asked(), ElementsAre("suspended 01", "moves 4 to shard 1", "recovered 01 4>9"));
  say("make_call", to("ben", with_offer()));
  EXPECT_THAT(core.asked, ElementsAre(StartsWith("start 01/phone 02 ")));
  EXPECT_THAT(take(), IsEmpty()) << "it has been confirmed before";
}

TEST_F(SignalingPages, ARecoveredPageLeavesNothingAtItsOldAddress) {
  enter();
  const SessionAddress before = at;
  move();
  take_asked();
  router.notify(before, sessions::Replaced{});
  router.on_disconnected(before, protocol::DisconnectReason::window_expired);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(core.asked, IsEmpty());
}

// Its calls stay behind, and are found by their peers.
TEST_F(SignalingPages, ARecoveredPageGoesOnWithItsCall) {
  enter();
  notify_incoming(call(kBen, kAnn, 7), kOffer);
  router.on_suspended(at);
  move();
  take_asked();
  core.under_way = {{"ben", calls::CallId(uuid(7))}};
  say("decline_call", to("ben"));
  EXPECT_THAT(core.asked, ElementsAre("reject 01/phone 07"));
}

TEST_F(SignalingPages, AnUnregisteredPageConnectsAndClosesUnnoticed) {
  connect();
  router.on_suspended(at);
  move();
  say("make_call", to("ben", with_offer()));
  EXPECT_THAT(take(), ElementsAre(failed("Register with register_user first", "ben")));
  router.on_disconnected(at, protocol::DisconnectReason::client_left);
  EXPECT_THAT(core.asked, IsEmpty());
}

TEST_F(SignalingPages, TheReasonOfADisconnectReachesTheCalls) {
  for (const auto& [reason, departure] :
       {std::pair<protocol::DisconnectReason, std::string>{protocol::DisconnectReason::client_left, "gone 01 1"},
        {protocol::DisconnectReason::server_left, "gone 01 2"},
        {protocol::DisconnectReason::transport_lost, "gone 01 0"},
        {protocol::DisconnectReason::window_expired, "gone 01 0"}}) {
    enter();
    router.on_disconnected(at, reason);
    EXPECT_THAT(take_asked(), ElementsAre(departure));
  }
}

// An answer of app/calls that comes after the page has gone is dropped.
TEST_F(SignalingPages, AnAnswerForAPageThatHasGoneReachesNoOtherPage) {
  enter();
  notify_incoming(call(kBen, kAnn, 7), kOffer);
  say("make_call", to("ben", with_offer()));
  say("decline_call", to("ben"));
  router.on_disconnected(at, protocol::DisconnectReason::client_left);
  ++at.generation;
  enter();
  refused(calls::Refusal::store_unavailable);
  done(call(kAnn, kBen, 0x70), 0);  // a repeat: its page would go on with that call
  take();
  say("end_call", to("ben"), 1);
  EXPECT_THAT(take(), ElementsAre(no_call(1)));
}

}  // namespace
}  // namespace belfry::gateway::testing
