// Each row of T-18, T-19, X-16 and X-17 for the seat in a leg.
#include "domain/call/seat.hpp"

#include <gtest/gtest.h>

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

struct Case {
  const char* what;
  Leg leg;
  Session session;
  SeatClaim how;
  std::vector<Session> others;
  Placement placement;
};

TEST(Seat, IsTakenKeptOrWaitedForAsTheTableSays) {
  const Session phone{kPhone}, tablet{kTablet}, named_phone{kPhone, {}, "phone"}, named_tablet{kTablet, {}, "tablet"};
  const Session phone_anew{kTablet, {}, "phone"};
  const std::string own_id = belfry::to_text(kPhone.value());
  const Case cases[] = {
      // T-19: the one that was lost returns
      {"recovers as itself", lost(), phone, SeatClaim::recovered, {}, Placement::takes_seat},
      {"resumes by its id", lost("phone"), named_phone, SeatClaim::anew, {}, Placement::takes_seat},
      {"its device, a new session", lost("phone"), phone_anew, SeatClaim::anew, {}, Placement::takes_seat},
      {"its device, while another session is here",
       lost("phone"),
       phone_anew,
       SeatClaim::anew,
       {named_tablet},
       Placement::takes_seat},
      {"a session of no known device", lost(), tablet, SeatClaim::anew, {}, Placement::takes_seat},
      // T-19: another device is no return
      {"another device", lost("phone"), named_tablet, SeatClaim::anew, {}, Placement::waits},
      {"another device, that recovers", lost("phone"), named_tablet, SeatClaim::recovered, {}, Placement::waits},
      {"another session that recovers, of no known device", lost(), tablet, SeatClaim::recovered, {}, Placement::waits},
      // 2.8.12: the session's own id is no name
      {"after a session that bore its own id", lost(own_id), named_tablet, SeatClaim::anew, {}, Placement::takes_seat},
      {"after it, one that recovers", lost(own_id), named_tablet, SeatClaim::recovered, {}, Placement::waits},
      // back before the loss was heard of
      {"itself, and nobody saw it go", joined(), phone, SeatClaim::recovered, {}, Placement::is_seated},
      {"a new socket of no known device", joined(), tablet, SeatClaim::anew, {}, Placement::takes_seat},
      {"its device, a new session", joined("phone"), phone_anew, SeatClaim::anew, {}, Placement::is_seated},
      {"another device", joined("phone"), named_tablet, SeatClaim::anew, {}, Placement::waits},
      {"a second socket beside the one that talks", joined(), tablet, SeatClaim::anew, {phone}, Placement::waits},
      // it pushed out the session that was in the call
      {"displacing the lost one", lost(), tablet, SeatClaim::displacing, {}, Placement::may_speak_up},
      {"displacing one that nobody saw go", joined(), tablet, SeatClaim::displacing, {}, Placement::may_speak_up},
      {"the same, speaking", lost(), tablet, SeatClaim::speaking, {}, Placement::takes_seat},
      {"speaking, of another device", lost("phone"), named_tablet, SeatClaim::speaking, {}, Placement::waits},
      {"speaking, beside the one that talks", joined(), tablet, SeatClaim::speaking, {phone}, Placement::waits},
      // while it rings, any device of the callee's is as good, and none takes what nobody lost
      {"a device that is rung", bobs_leg(), named_tablet, SeatClaim::anew, {}, Placement::waits},
      {"a device that comes when all were lost", bobs_leg().away(), named_tablet, SeatClaim::anew, {}, Placement::takes_seat},
      {"another than the one that was back",
       bobs_leg().held_by(kPhone, "phone"),
       named_tablet,
       SeatClaim::anew,
       {},
       Placement::waits},
      {"another than the one that was lost again",
       bobs_leg().held_by(kPhone, "phone").away(),
       named_tablet,
       SeatClaim::anew,
       {},
       Placement::takes_seat},
      // T-13, X-11: the caller, while it rings
      {"the caller's lost device",
       alices_leg().joined_from(kPhone, "phone").away(),
       phone_anew,
       SeatClaim::anew,
       {},
       Placement::takes_seat},
      {"the caller's other device",
       alices_leg().joined_from(kPhone, "phone").away(),
       named_tablet,
       SeatClaim::anew,
       {},
       Placement::waits},
  };
  for (const Case& each : cases) EXPECT_EQ(place(each.leg, each.session, each.how, each.others), each.placement) << each.what;
}

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

TEST(Seat, ThatNobodyTookIsHeldByNobody) { EXPECT_FALSE(holds(bobs_leg(), {SessionId{}, {}, {}})); }

std::vector<SessionId> speakers(const Leg& leg, const std::vector<Session>& here) {
  std::vector<SessionId> found;
  const Speakers all(leg, here);
  for (const Session& each : here)
    if (all.include(each)) found.push_back(each.id);
  return found;
}

// T-18
TEST(Speakers, AreAllDevicesWhileItRingsAndThenTheOneThatAnswered) {
  const std::vector<Session> both{{kPhone, {}, {}}, {kTablet, {}, {}}};
  EXPECT_EQ(speakers(bobs_leg(), both), (std::vector{kPhone, kTablet}));
  EXPECT_EQ(speakers(joined(), both), std::vector{kPhone});
}

TEST(Speakers, OfALegTakenByRestAreAllSessionsUnlessOneHasItsLogin) {
  EXPECT_EQ(speakers(joined_from_rest(), {{kTablet, {}, {}}, {kWatch, {}, {}}}), (std::vector{kTablet, kWatch}));
  EXPECT_EQ(speakers(joined_from_rest(), {{kTablet, kLogin, {}}, {kWatch, {}, {}}}), std::vector{kTablet});
}

TEST(Speakers, AreNoneOfOneWhoIsAwayOrOutOfTheCall) {
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
TEST(Seat, IsLostWithItsDeviceOnceTheCallIsConnectedAndWithTheLastOneBefore) {
  const Session phone{kPhone}, tablet{kTablet}, watch{kWatch};
  const Going cases[] = {
      {"rings on", bobs_leg(), Status::calling, phone, {tablet}, true},
      {"the last that rang", bobs_leg(), Status::calling, phone, {}, false},
      {"the caller's other device stays", alices_leg().joined_from(kPhone), Status::calling, phone, {tablet}, true},
      {"the caller's only one", alices_leg().joined_from(kPhone), Status::calling, phone, {}, false},
      {"the one that talks", joined(), Status::connected, phone, {tablet}, false},
      {"another than the one that talks", joined(), Status::connected, tablet, {phone}, true},
      {"another, while no session is known to hold it", joined(), Status::connected, tablet, {watch}, true},
      {"the last, by REST", joined_from_rest(), Status::connected, tablet, {}, false},
      {"lost already", lost(), Status::connected, tablet, {watch}, false},
      {"rings on in a call of more", carols_leg(), Status::connected, phone, {tablet}, true},
  };
  for (const Going& each : cases)
    EXPECT_EQ(is_spoken_for(each.leg, each.status, each.gone, each.here), each.spoken_for) << each.what;
}

}  // namespace
}  // namespace belfry::call
