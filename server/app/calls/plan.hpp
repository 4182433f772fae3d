// Plan: the decision about a start before it is stored: the callees, which of them can be reached, and the policy; or a refusal.
// Pure: the caller has looked up the sessions.
#pragma once

#include <boost/container/small_vector.hpp>

#include "app/calls/policy.hpp"
#include "app/calls/present.hpp"
#include "app/calls/result.hpp"
#include "domain/call/advance.hpp"

namespace belfry::calls {

using People = boost::container::small_vector<UserId, 2>;
[[nodiscard]] People called_by(const StartCall& request);
/// All participants, the caller first.
[[nodiscard]] People people_of(const StartCall& request);

struct Plan {
  call::Policy policy;
  call::Caller caller;
  boost::container::small_vector<call::Invitation, 1> callees;
};

/// Refuses with `unreachable` if no callee has a session and the caller's dialect does not ring absent users (C-10, T-04).
[[nodiscard]] Expected<Plan, Refusal> plan(const StartCall& request, const CallSettings& settings, const Present& here);
/// Whether at least one callee can be reached.
[[nodiscard]] bool anybody_is_reached(const Plan& plan);

}  // namespace belfry::calls
