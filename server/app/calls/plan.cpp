#include "app/calls/plan.hpp"

#include <algorithm>

#include "app/calls/record.hpp"

namespace belfry::calls {

People called_by(const StartCall& wish) {
  People people{wish.callee};
  people.insert(people.end(), wish.more.begin(), wish.more.end());
  return people;
}

People people_of(const StartCall& wish) {
  People people = called_by(wish);
  people.insert(people.begin(), wish.caller.user);
  return people;
}

Expected<Plan, Refusal> plan(const StartCall& wish, const CallSettings& settings, const Present& here) {
  const DialectPolicy& policy = settings.of(wish.caller.dialect);
  Plan plan{policy.call, {wish.caller.user, {wish.caller.session, wish.caller.device}, enclosed_in(wish.offer)}, {}};
  for (const UserId user : called_by(wish))
    plan.callees.push_back({user, here.online(user) ? call::Reach::here : call::Reach::nowhere});
  if (policy.unreachable == Unreachable::fails && !anybody_is_reached(plan)) return unexpected(Refusal::unreachable);
  if (wish.ring_seconds) plan.policy.ring_time = std::chrono::seconds{*wish.ring_seconds};
  if (wish.ring) plan.policy.ring = *wish.ring;
  return plan;
}

bool anybody_is_reached(const Plan& plan) {
  return std::any_of(plan.callees.begin(), plan.callees.end(),
                     [](const call::Invitation& each) { return each.reach == call::Reach::here; });
}

}  // namespace belfry::calls
