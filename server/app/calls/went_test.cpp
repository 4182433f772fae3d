// W-003-08: whether a call ended because somebody went, and how, is told with its end.
#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using ::testing::Pair;

class WhoWent : public CallsStage {
 protected:
  [[nodiscard]] static std::pair<std::string, Went> last_of(const Phone& phone) {
    const Received& last = phone.notices->of(phone.me.at).back();
    return {last.what, last.went};
  }
};

TEST_F(WhoWent, OfAConversationTheOtherHearsThatTheyLeftOrLoggedOut) {
  for (const auto& [how, went] : {std::pair{Departure::left, Went::left}, {Departure::logged_out, Went::logged_out}}) {
    connected_call();
    world.disconnect(bob, how);
    settle();
    EXPECT_THAT(last_of(alice), Pair("ended", went));
    bob = world.phone(2);
  }
}

TEST_F(WhoWent, OfARingToo) {
  ring();
  world.disconnect(bob, Departure::logged_out);
  settle();
  EXPECT_THAT(last_of(alice), Pair("missed", Went::logged_out));
  bob = world.phone(2);
  ring();
  world.disconnect(alice, Departure::left);
  settle();
  EXPECT_THAT(last_of(bob), Pair("cancelled", Went::left));
}

TEST_F(WhoWent, AHangUpAndALossAreNotThat) {
  const CallId call = connected_call();
  world.end(bob, call);
  settle();
  EXPECT_THAT(last_of(alice), Pair("ended", Went::no));
  connected_call();
  world.disconnect(bob, Departure::lost);
  world.pass(40s);
  EXPECT_THAT(last_of(alice), Pair("ended", Went::no));
}

// R-003-17: a page that was away when it ended is told the same when it comes.
TEST_F(WhoWent, ItIsToldLaterToo) {
  Phone page = world.phone(3, call::Dialect::signaling);
  world.start(page, 2);
  settle();
  world.disconnect(page, Departure::lost);
  settle();
  world.disconnect(bob, Departure::logged_out);
  settle();
  page = world.phone(3, call::Dialect::signaling);
  settle();
  EXPECT_THAT(last_of(page), Pair("missed", Went::logged_out));
}

}  // namespace
}  // namespace belfry::calls::testing
