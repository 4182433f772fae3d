// Who follows the rows of calls finds each ring and its end, whichever server brings them about (R-000-10, R-000-13).
#include <gmock/gmock.h>

#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RowChanged : public ::testing::Test {
 protected:
  const std::vector<std::string>& rings(std::size_t node) { return world.nodes[node]->rings; }

  World world{{.nodes = 2}};
  Phone alice = world.phone(1), bob = world.phone(2);
};

// R-000-16
TEST_F(RowChanged, RingEndsWithTheFirstAccept) {
  const CallId call = world.start(alice, 2);
  world.settle();
  EXPECT_THAT(rings(0), ElementsAre("began"));
  world.accept(bob, call);
  world.settle();
  world.end(alice, call);
  world.settle();
  EXPECT_THAT(rings(0), ElementsAre("began", "ended"));
}

TEST_F(RowChanged, RingEndsWithTheTimeOut) {
  world.start(alice, 2);
  world.settle();
  world.pass(120s);
  EXPECT_THAT(rings(0), ElementsAre("began", "ended"));
}

TEST_F(RowChanged, StartThatCannotBeStoredChangesNoRow) {
  world.store.down = true;
  world.start(alice, 2);
  world.settle();
  EXPECT_THAT(rings(0), IsEmpty());
}

TEST_F(RowChanged, ServerThatAnswersAnothersCallReportsIt) {
  const CallId call = world.start(alice, 2);
  world.settle();
  world.end(world.rest(1, 1), call);
  world.settle();
  EXPECT_THAT(rings(1), ElementsAre("began", "ended"));
  EXPECT_THAT(rings(0), ElementsAre("began")) << "it has not heard of it";
  world.nodes[0]->calls[0]->catch_up(call);
  world.settle();
  EXPECT_THAT(rings(0), ElementsAre("began", "ended"));
}

// POST /test/reset
TEST_F(RowChanged, RingEndsWhenAllIsForgotten) {
  world.start(alice, 2);
  world.settle();
  for (auto& calls : world.nodes[0]->calls) calls->forget_all();
  EXPECT_THAT(rings(0), ElementsAre("began", "ended"));
}

}  // namespace
}  // namespace belfry::calls::testing
