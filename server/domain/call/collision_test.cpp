// A start that meets a call which its caller is in: T-02, T-25, X-05 to X-07.
#include "domain/call/collision.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "domain/call/leg_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;

const Session kPhoneHere{kPhone, {}, {}};

template <class Call>
State with(Call call, Legs legs) {
  call.legs = std::move(legs);
  return call;
}
State calling(Legs legs) { return with(Calling{}, std::move(legs)); }
State connected(Legs legs) { return with(Connected{}, std::move(legs)); }
Legs two(Leg alice, Leg bob) { return {std::move(alice), std::move(bob)}; }
Legs ringing() { return two(alices_leg().joined_from(kPhone), bobs_leg()); }
Legs talking() { return two(alices_leg().joined_from(kPhone), bobs_leg().joined_from(kTablet)); }
Start from_alice(SessionId session = kPhone) { return {.caller = kAlice, .callee = kBob, .session = session}; }
Start from_bob(OnGlare glare = OnGlare::fail) { return {.caller = kBob, .callee = kAlice, .session = kTablet, .glare = glare}; }

TEST(Collision, WithAnEndedCallIsNone) { EXPECT_EQ(decide(with(Ended{}, ringing()), from_alice(), {}), Collision::clear); }

// T-02
TEST(Collision, OfAStartToAThirdUserIsBusy) {
  Start to_carol = from_alice();
  to_carol.callee = kCarol;
  EXPECT_EQ(decide(calling(ringing()), to_carol, std::vector{kPhoneHere}), Collision::busy);
  Legs three = two(alices_leg().joined_from(kPhone), bobs_leg().joined_from(kTablet).away());
  three.push_back(carols_leg());
  Start met_three = from_alice();
  met_three.met = Met::group_call;
  EXPECT_EQ(decide(connected(three), met_three, std::vector{kPhoneHere}), Collision::busy) << "nor do two of three begin anew";
}

// J-2.4
TEST(Collision, InAConversationTheCallThatItHasIsMet) {
  Legs three = two(alices_leg().joined_from(kPhone), bobs_leg());
  three.push_back(carols_leg());
  Start start = from_alice();
  start.met = Met::of_conversation;
  EXPECT_EQ(decide(calling(three), start, {}), Collision::takes_place) << "the caller's own";
  start.dialect = Dialect::token;
  EXPECT_EQ(decide(calling(three), start, {}), Collision::repeats) << "whose page dials again to be sure";
  EXPECT_EQ(decide(connected(three), start, {}), Collision::takes_place);
  start.caller = kBob;
  EXPECT_EQ(decide(calling(three), start, {}), Collision::rings_here);
  leg_of(three, kBob).bell = Bell::silent;
  EXPECT_EQ(decide(calling(three), start, {}), Collision::takes_place);
  leg_of(three, kBob).state = LegState::declined;
  EXPECT_EQ(decide(calling(three), start, {}), Collision::takes_place);
  start.caller = user_numbered(4);
  EXPECT_EQ(decide(calling(three), start, {}), Collision::takes_place) << "a member since";
}

//
TEST(Glare, JoinsTheOtherCallIfTheDialectAsksForIt) {
  EXPECT_EQ(decide(calling(ringing()), from_bob(OnGlare::connect), {}), Collision::joins);
}

//
TEST(Glare, RingsHereAgainIfTheDialectDoesNotAskForIt) {
  EXPECT_EQ(decide(calling(ringing()), from_bob(), {}), Collision::rings_here);
}

// C-05: until the caller is ready nobody is notified of the call.
TEST(Glare, WithACallThatHasNotRungYetIsBusy) {
  Calling made;
  made.ring_start = RingStart::awaits_caller;
  const State quiet = with(made, ringing());
  EXPECT_EQ(decide(quiet, from_bob(), {}), Collision::busy);
  EXPECT_EQ(decide(quiet, from_bob(OnGlare::connect), {}), Collision::busy);
}

//
TEST(Glare, HasVideoOnlyIfBothAskedForIt) {
  EXPECT_EQ(agreed(CallType::video, CallType::video), CallType::video);
  EXPECT_EQ(agreed(CallType::video, CallType::audio), CallType::audio);
  EXPECT_EQ(agreed(CallType::audio, CallType::video), CallType::audio);
}

// T-25, R-003-12: a page of the signaling dialect knows no call ids; what it dials twice is one call.
TEST(Repeat, IsADialOfTheSameSessionInTheSignalingDialectDuringTheRing) {
  Start again = from_alice();
  again.dialect = Dialect::signaling;
  EXPECT_EQ(decide(calling(ringing()), again, std::vector{kPhoneHere}), Collision::repeats);
  EXPECT_EQ(decide(calling(ringing()), from_alice(), std::vector{kPhoneHere}), Collision::busy);
  EXPECT_EQ(decide(connected(talking()), again, std::vector{kPhoneHere}), Collision::busy);
}

// J-2.4: an app of the token dialect names a conversation, not a call, and starts it again to be sure.
TEST(Repeat, IsASecondStartInTheTokenDialectDuringTheRingFromWhicheverSession) {
  for (const SessionId& session : {kPhone, kTablet}) {
    Start again = from_alice(session);
    again.dialect = Dialect::token;
    EXPECT_EQ(decide(calling(ringing()), again, {}), Collision::repeats);
    EXPECT_EQ(decide(connected(talking()), again, std::vector{kPhoneHere}), Collision::busy);
  }
}

// T-25
TEST(RecallRule, EndsACallWhosePeerIsAway) {
  const Legs alone = two(alices_leg().joined_from(kPhone), bobs_leg().joined_from(kTablet).away());
  EXPECT_EQ(decide(connected(alone), from_alice(), std::vector{kPhoneHere}), Collision::supersedes);
  const Legs ring = two(alices_leg().joined_from(kPhone), bobs_leg().away());
  EXPECT_EQ(decide(calling(ring), from_alice(), std::vector{kPhoneHere}), Collision::busy) << "but rings on";
}

// T-25
TEST(RecallRule, FromANewSessionEndsTheCallOfItsLostSession) {
  EXPECT_EQ(decide(connected(talking()), from_alice(kTablet), {}), Collision::supersedes);
  EXPECT_EQ(decide(calling(ringing()), from_alice(kTablet), {}), Collision::supersedes);
  EXPECT_EQ(decide(connected(talking()), from_alice(kTablet), std::vector{kPhoneHere}), Collision::busy)
      << "the session that is in the call is here";
  EXPECT_EQ(decide(connected(talking()), from_bob(), {}), Collision::busy) << "it is the one that answered";
}

// T-25: a new page registers, takes the seat of the one before, and dials: it knows nothing of the call.
TEST(RecallRule, FromAPageThatTookOverTheSeatStartsANewCall) {
  Leg taken = alices_leg().joined_from(kPhone);
  taken.seat = Seat{kTablet, {}};
  Start page = from_alice(kTablet);
  EXPECT_EQ(decide(calling(two(taken, bobs_leg())), page, {}), Collision::busy);
  page.dialect = Dialect::signaling;
  EXPECT_EQ(decide(calling(two(taken, bobs_leg())), page, {}), Collision::supersedes);
}

/// Alice's tablet, a page, has taken the seat of her phone.
Leg alices_leg_taken_over() {
  Leg leg = alices_leg().joined_from(kPhone);
  leg.seat = Seat{kTablet, {}};
  return leg;
}
Start page_dials_carol(OnTakenOver rule = OnTakenOver::hang_up) {
  return {.caller = kAlice, .callee = kCarol, .session = kTablet, .dialect = Dialect::signaling, .taken_over = rule};
}

TEST(TakenOverCall, IsHungUpByAPageThatDialsAThirdUserIfItsDialectAsksForIt) {
  const Legs ring = two(alices_leg_taken_over(), bobs_leg());
  const Legs talk = two(alices_leg_taken_over(), bobs_leg().joined_from(kTablet));
  EXPECT_EQ(decide(calling(ring), page_dials_carol(), {}), Collision::hangs_up);
  EXPECT_EQ(decide(connected(talk), page_dials_carol(), {}), Collision::hangs_up);
  EXPECT_EQ(decide(connected(talk), page_dials_carol(OnTakenOver::fail), {}), Collision::busy);
  Start native = page_dials_carol();
  native.dialect = Dialect::native;
  EXPECT_EQ(decide(connected(talk), native, {}), Collision::busy);
}

TEST(TakenOverCall, IsNotOneThatThePageDialledOrAnsweredOrThatAnotherDeviceHolds) {
  Leg answered = alices_leg_taken_over();
  answered.acted = kTablet;
  EXPECT_EQ(decide(connected(two(answered, bobs_leg().joined_from(kPhone))), page_dials_carol(), {}), Collision::busy);
  EXPECT_EQ(decide(connected(talking()), page_dials_carol(), std::vector{kPhoneHere}), Collision::busy);
}

TEST(TakenOverCall, IsNotOneThatRingsForThePage) {
  Leg rung = bobs_leg();
  rung.seat = Seat{kTablet, {}};
  Start to_carol = page_dials_carol();
  to_carol.caller = kBob;
  EXPECT_EQ(decide(calling(two(alices_leg().joined_from(kPhone), rung)), to_carol, {}), Collision::busy);
}

TEST(TakenOverCall, IsNotOneOfThree) {
  Legs three = two(alices_leg_taken_over(), bobs_leg().joined_from(kPhone));
  three.push_back(carols_leg());
  Start to_dave = page_dials_carol();
  to_dave.callee = user_numbered(4);
  to_dave.met = Met::group_call;
  EXPECT_EQ(decide(connected(three), to_dave, {}), Collision::busy);
}

// T-25: by REST there is no session that could be here; only one who is away begins anew.
TEST(RecallRule, ByRestEndsTheCallOnlyIfTheCallerIsAway) {
  Start rest = from_alice(kTablet);
  rest.via = Via::request;
  EXPECT_EQ(decide(connected(talking()), rest, {}), Collision::busy);
  const Legs away = two(alices_leg().joined_from(kPhone).away(), bobs_leg().joined_from(kTablet));
  EXPECT_EQ(decide(connected(away), rest, {}), Collision::supersedes);
}

}  // namespace
}  // namespace belfry::call
