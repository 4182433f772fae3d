// W-003-08: the end of a call says whether it ended because a participant left or logged out.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using ::testing::Pair;

class EndNotice : public CallsStage {
 protected:
  [[nodiscard]] static std::pair<std::string, PeerDeparture> last_of(const Phone& phone) {
    const Received& last = phone.notices->of(phone.me.at).back();
    return {last.what, last.departure};
  }
};

TEST_F(EndNotice, SaysWhetherThePeerOfAConnectedCallLeftOrLoggedOut) {
  for (const auto& [how, departure] :
       {std::pair{Departure::left, PeerDeparture::left}, {Departure::logged_out, PeerDeparture::logged_out}}) {
    connected_call();
    world.disconnect(bob, how);
    settle();
    EXPECT_THAT(last_of(alice), Pair("ended", departure));
    bob = world.phone(2);
  }
}

TEST_F(EndNotice, SaysWhetherThePeerOfARingingCallLeftOrLoggedOut) {
  ring();
  world.disconnect(bob, Departure::logged_out);
  settle();
  EXPECT_THAT(last_of(alice), Pair("missed", PeerDeparture::logged_out));
  bob = world.phone(2);
  ring();
  world.disconnect(alice, Departure::left);
  settle();
  EXPECT_THAT(last_of(bob), Pair("cancelled", PeerDeparture::left));
}

TEST_F(EndNotice, NamesNoDepartureAfterAHangUpOrALostConnection) {
  const CallId call = connected_call();
  world.end(bob, call);
  settle();
  EXPECT_THAT(last_of(alice), Pair("ended", PeerDeparture::none));
  connected_call();
  world.disconnect(bob, Departure::lost);
  world.pass(40s);
  EXPECT_THAT(last_of(alice), Pair("ended", PeerDeparture::none));
}

// R-003-17: for a page that was away when the call ended.
TEST_F(EndNotice, SentOnReturnStillSaysThatThePeerLoggedOut) {
  Phone page = world.phone(3, call::Dialect::signaling);
  world.start(page, 2);
  settle();
  world.disconnect(page, Departure::lost);
  settle();
  world.disconnect(bob, Departure::logged_out);
  settle();
  page = world.phone(3, call::Dialect::signaling);
  settle();
  EXPECT_THAT(last_of(page), Pair("missed", PeerDeparture::logged_out));
}

}  // namespace
}  // namespace belfry::calls::testing
