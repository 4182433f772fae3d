// Each row of T-18, T-19, X-16 and X-17 for the seat in a leg.
#include "domain/call/seat.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "domain/call/leg_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;

const account::LoginId kLogin(Uuid{42});
const SessionId kWatch = session_numbered(3);

Leg joined(std::string device = {}) { return bobs_leg().joined_from(kPhone, std::move(device)); }
Leg joined_from_rest() { return bobs_leg().joined_from(SessionId(kLogin.value())); }
Leg lost(std::string device = {}) { return bobs_leg().joined_from(kPhone, std::move(device)).away(); }

const Session kPhoneHere{kPhone}, kTabletHere{kTablet}, kNamedPhone{kPhone, {}, "phone"}, kNamedTablet{kTablet, {}, "tablet"};
const Session kPhoneAnew{kTablet, {}, "phone"};
const std::string kOwnId = belfry::to_text(kPhone.value());
const Leg kBobWasBack = bobs_leg().held_by(kPhone, "phone");
const Leg kBobWasLostAgain = bobs_leg().held_by(kPhone, "phone").away();
const Leg kLostCaller = alices_leg().joined_from(kPhone, "phone").away();
using enum SeatClaim;
using enum Placement;

struct Case {
  const char* what;
  Leg leg;
  Session session;
  SeatClaim how;
  std::vector<Session> others;
  Placement placement;
};
using Cases = std::vector<Case>;

const Cases kReturns = {
    {"recovers as itself", lost(), kPhoneHere, recovered, {}, takes_seat},
    {"resumes by its id", lost("phone"), kNamedPhone, anew, {}, takes_seat},
    {"its device, a new session", lost("phone"), kPhoneAnew, anew, {}, takes_seat},
    {"its device, while another session is here", lost("phone"), kPhoneAnew, anew, {kNamedTablet}, takes_seat},
    {"a session of no known device", lost(), kTabletHere, anew, {}, takes_seat},
};
const Cases kOtherDevices = {
    {"another device", lost("phone"), kNamedTablet, anew, {}, waits},
    {"another device, that recovers", lost("phone"), kNamedTablet, recovered, {}, waits},
    {"another session that recovers, of no known device", lost(), kTabletHere, recovered, {}, waits},
};
const Cases kNamedByTheirSession = {
    {"after a session that bore its own id", lost(kOwnId), kNamedTablet, anew, {}, takes_seat},
    {"after it, one that recovers", lost(kOwnId), kNamedTablet, recovered, {}, waits},
};
const Cases kBeforeTheLoss = {
    {"itself, and nobody saw it go", joined(), kPhoneHere, recovered, {}, is_seated},
    {"a new socket of no known device", joined(), kTabletHere, anew, {}, takes_seat},
    {"its device, a new session", joined("phone"), kPhoneAnew, anew, {}, is_seated},
    {"another device", joined("phone"), kNamedTablet, anew, {}, waits},
    {"a second socket beside the one that talks", joined(), kTabletHere, anew, {kPhoneHere}, waits},
};
const Cases kDisplacing = {
    {"displacing the lost one", lost(), kTabletHere, displacing, {}, may_speak_up},
    {"displacing one that nobody saw go", joined(), kTabletHere, displacing, {}, may_speak_up},
    {"the same, speaking", lost(), kTabletHere, speaking, {}, takes_seat},
    {"speaking, of another device", lost("phone"), kNamedTablet, speaking, {}, waits},
    {"speaking, beside the one that talks", joined(), kTabletHere, speaking, {kPhoneHere}, waits},
};
const Cases kCalleeWhileItRings = {
    {"a device that is rung", bobs_leg(), kNamedTablet, anew, {}, waits},
    {"a device that comes when all were lost", bobs_leg().away(), kNamedTablet, anew, {}, takes_seat},
    {"another than the one that was back", kBobWasBack, kNamedTablet, anew, {}, waits},
    {"another than the one that was lost again", kBobWasLostAgain, kNamedTablet, anew, {}, takes_seat},
};
const Cases kCallerWhileItRings = {
    {"the caller's lost device", kLostCaller, kPhoneAnew, anew, {}, takes_seat},
    {"the caller's other device", kLostCaller, kNamedTablet, anew, {}, waits},
};

void expect_placements(const Cases& cases) {
  for (const Case& each : cases)
    EXPECT_EQ(placement_of(each.leg, each.session, each.how, each.others), each.placement) << each.what;
}

// T-19
TEST(Seat, IsTakenByTheLostSessionWhenItReturns) { expect_placements(kReturns); }
// T-19
TEST(Seat, OfALostSessionIsNotTakenByAnotherDevice) { expect_placements(kOtherDevices); }
// 2.8.12: a session's own id is no name of a device.
TEST(Seat, OfASessionThatNamedNoDeviceIsTakenByANewSession) { expect_placements(kNamedByTheirSession); }
//
TEST(Seat, IsKeptOnAReturnBeforeTheLossIsNoticed) { expect_placements(kBeforeTheLoss); }
// the new session pushed out the one that was in the call.
TEST(Seat, OfADisplacedSessionIsTakenByTheFirstEventOfTheNewOne) { expect_placements(kDisplacing); }
// any device of the callee may answer, and none takes the seat of one that is not lost.
TEST(Seat, OfTheCalleeIsTakenDuringTheRingOnlyIfAllDevicesWereLost) { expect_placements(kCalleeWhileItRings); }
// T-13, X-11
TEST(Seat, OfTheCallerIsTakenDuringTheRingByTheSameDeviceOnly) { expect_placements(kCallerWhileItRings); }

// A part taken by REST is its login's, where no device is named.
TEST(Seat, ThatWasTakenByRestIsHeldByTheSessionsOfThatLogin) {
  const Leg by_rest = joined_from_rest();
  EXPECT_TRUE(holds(by_rest, {kTablet, kLogin, {}}));
  EXPECT_TRUE(holds(by_rest, {kTablet, kLogin, "tablet"}));
  EXPECT_FALSE(holds(by_rest, {kTablet, account::LoginId(Uuid{43}), {}}));
  EXPECT_FALSE(holds(by_rest, {kTablet, {}, {}}));
  Leg for_the_phone = by_rest;
  for_the_phone.seat->device = "phone";
  EXPECT_TRUE(holds(for_the_phone, {kTablet, kLogin, "phone"}));
  EXPECT_FALSE(holds(for_the_phone, {kTablet, kLogin, "tablet"})) << "the device that is named, not all of the login";
}

TEST(Seat, ThatWasNeverTakenIsHeldByNoSession) { EXPECT_FALSE(holds(bobs_leg(), {SessionId{}, {}, {}})); }

std::vector<SessionId> speakers(const Leg& leg, const std::vector<Session>& here) {
  std::vector<SessionId> found;
  const Speakers all(leg, here);
  for (const Session& each : here)
    if (all.include(each)) found.push_back(each.id);
  return found;
}

// T-18
TEST(Speakers, AreAllDevicesDuringTheRingAndThenTheAnsweringOne) {
  const std::vector<Session> both{{kPhone, {}, {}}, {kTablet, {}, {}}};
  EXPECT_EQ(speakers(bobs_leg(), both), (std::vector{kPhone, kTablet}));
  EXPECT_EQ(speakers(joined(), both), std::vector{kPhone});
}

TEST(Speakers, OfALegTakenByRestAreAllSessionsUnlessOneHasItsLogin) {
  EXPECT_EQ(speakers(joined_from_rest(), {{kTablet, {}, {}}, {kWatch, {}, {}}}), (std::vector{kTablet, kWatch}));
  EXPECT_EQ(speakers(joined_from_rest(), {{kTablet, kLogin, {}}, {kWatch, {}, {}}}), std::vector{kTablet});
}

TEST(Speakers, AreNoneForAUserWhoIsAwayOrOutOfTheCall) {
  const std::vector<Session> here{{kPhone, {}, {}}};
  EXPECT_TRUE(speakers(lost(), here).empty());
  EXPECT_TRUE(speakers(bobs_leg().away(), here).empty());
  for (const LegState closed : {LegState::declined, LegState::busy, LegState::missed, LegState::left, LegState::kicked})
    EXPECT_TRUE(speakers(bobs_leg().held_by(kPhone).in_state(closed), here).empty()) << to_text(closed);
}

struct Going {
  const char* what;
  Leg leg;
  Status status;
  Session gone;
  std::vector<Session> here;
  bool spoken_for;
};

// T-13, T-14, T-18
TEST(Seat, IsLostWithItsDeviceOnceConnectedAndWithTheLastDeviceBefore) {
  const Session watch{kWatch};
  const Going cases[] = {
      {"rings on", bobs_leg(), Status::calling, kPhoneHere, {kTabletHere}, true},
      {"the last that rang", bobs_leg(), Status::calling, kPhoneHere, {}, false},
      {"the caller's other device stays", alices_leg().joined_from(kPhone), Status::calling, kPhoneHere, {kTabletHere}, true},
      {"the caller's only one", alices_leg().joined_from(kPhone), Status::calling, kPhoneHere, {}, false},
      {"the one that talks", joined(), Status::connected, kPhoneHere, {kTabletHere}, false},
      {"another than the one that talks", joined(), Status::connected, kTabletHere, {kPhoneHere}, true},
      {"another, while no session is known to hold it", joined(), Status::connected, kTabletHere, {watch}, true},
      {"the last, by REST", joined_from_rest(), Status::connected, kTabletHere, {}, false},
      {"lost already", lost(), Status::connected, kTabletHere, {watch}, false},
      {"rings on in a call of more", carols_leg(), Status::connected, kPhoneHere, {kTabletHere}, true},
  };
  for (const Going& each : cases)
    EXPECT_EQ(is_spoken_for(each.leg, each.status, each.gone, each.here), each.spoken_for) << each.what;
}

}  // namespace
}  // namespace belfry::call
