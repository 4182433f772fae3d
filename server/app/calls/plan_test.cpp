// Plans of group calls: who gets which part, and what a plan for many costs.
#include "app/calls/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <span>

namespace belfry::calls {
namespace {

using call::Reach;
using ::testing::ElementsAre;
using ::testing::Pair;
using Why = PartsRefused::Why;

UserId user_numbered(std::uint32_t number) {
  Uuid id{};
  for (std::size_t byte = 0; byte < 4; ++byte) id[15 - byte] = static_cast<std::uint8_t>(number >> (8 * byte));
  return UserId(id);
}

/// User 0 calls the users 1 to `callees` as a group. No one has a session.
struct GroupStart {
  explicit GroupStart(std::uint32_t callees) {
    request.form = Form::group;
    request.caller.user = user_numbered(0);
    request.callee = user_numbered(1);
    for (std::uint32_t number = 2; number <= callees; ++number) request.more.push_back(user_numbered(number));
  }
  [[nodiscard]] Present present() const {
    const People people = people_of(request);
    return {sessions, std::span<const UserId>(people.data(), people.size()), MediaTopology::mesh};
  }
  sessions::Sessions sessions;
  StartCall request{};
  PartsRefused::Parts refused{};
};

// J-1.5, J-1.7, J-2.3
TEST(PlanOfAGroup, EachMembersPartFollowsFromTheListsThatNameThem) {
  GroupStart start(6);
  start.request.silent = {user_numbered(5), user_numbered(2)};
  start.refused = {{user_numbered(6), Why::not_active},
                   {user_numbered(4), Why::blocked},
                   {user_numbered(3), Why::busy},
                   {user_numbered(4), Why::busy}};
  const auto planned = plan(start.request, start.refused, default_settings(), start.present());
  ASSERT_TRUE(planned);
  std::map<std::uint8_t, Reach> parts;
  for (const call::Invitation& callee : planned->callees) parts.emplace(callee.user.value().back(), callee.reach);
  EXPECT_THAT(parts, ElementsAre(Pair(1, Reach::nowhere), Pair(2, Reach::silent), Pair(3, Reach::busy), Pair(4, Reach::silent),
                                 Pair(5, Reach::silent)));
}

// C-10, T-04
TEST(PlanOfTwo, IsRefusedIfNoUserHasTheNameThatWasDialled) {
  GroupStart start(1);
  start.request.form = Form::of_two;
  start.request.callee.reset();
  const auto refusal_in = [&](call::Dialect dialect) {
    start.request.caller.dialect = dialect;
    const auto planned = plan(start.request, {}, default_settings(), start.present());
    return planned ? std::nullopt : std::optional(planned.error().why);
  };
  EXPECT_EQ(refusal_in(call::Dialect::signaling), Refusal::unreachable);
  EXPECT_EQ(refusal_in(call::Dialect::native), Refusal::recipient_unknown);
}

/// All are silent, and every second one is refused. The least processor time of three tries, in seconds.
double seconds_to_plan_for(std::uint32_t callees) {
  GroupStart start(callees);
  const People people = called_by(start.request);
  start.request.silent.assign(people.begin(), people.end());
  for (std::size_t i = 0; i < people.size(); i += 2) start.refused.push_back({people[i], Why::blocked});
  const Present here = start.present();
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    const std::clock_t before = std::clock();
    EXPECT_TRUE(plan(start.request, start.refused, default_settings(), here));
    least = std::min(least, static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
  }
  return least;
}

// R-000-38: eight times the people cost 64 times as much if each is looked for among all.
TEST(PlanOfAGroup, TakesTimeThatGrowsWithItsMembersAndNotWithTheirSquare) {
  EXPECT_LT(seconds_to_plan_for(16'000), 25 * std::max(seconds_to_plan_for(2'000), 1e-4));
}

}  // namespace
}  // namespace belfry::calls
