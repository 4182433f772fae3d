#include "app/calls/plan.hpp"

#include <algorithm>

#include "app/calls/record.hpp"

namespace belfry::calls {

People called_by(const StartCall& request) {
  People people{request.callee};
  people.insert(people.end(), request.more.begin(), request.more.end());
  return people;
}

People people_of(const StartCall& request) {
  People people = called_by(request);
  people.insert(people.begin(), request.caller.user);
  return people;
}

Expected<Plan, Refusal> plan(const StartCall& request, const CallSettings& settings, const Present& here) {
  const DialectPolicy& policy = settings.of(request.caller.dialect);
  Plan plan{policy.call, {request.caller.user, {request.caller.session, request.caller.device}, enclosed_in(request.offer)}, {}};
  for (const UserId user : called_by(request))
    plan.callees.push_back({user, here.online(user) ? call::Reach::here : call::Reach::nowhere});
  if (policy.unreachable == Unreachable::fails && !anybody_is_reached(plan)) return unexpected(Refusal::unreachable);
  if (request.ring_seconds) plan.policy.ring_time = std::chrono::seconds{*request.ring_seconds};
  if (request.ring) plan.policy.ring = *request.ring;
  return plan;
}

bool anybody_is_reached(const Plan& plan) {
  return std::any_of(plan.callees.begin(), plan.callees.end(),
                     [](const call::Invitation& each) { return each.reach == call::Reach::here; });
}

}  // namespace belfry::calls
