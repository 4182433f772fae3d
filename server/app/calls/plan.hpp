// Plan: the decision about a start before it is stored: whom it calls, who of them can be reached, by which rules; or why not.
// Pure: who is here has been looked up.
#pragma once

#include <boost/container/small_vector.hpp>

#include "app/calls/policy.hpp"
#include "app/calls/present.hpp"
#include "app/calls/result.hpp"
#include "domain/call/advance.hpp"

namespace belfry::calls {

using People = boost::container::small_vector<UserId, 2>;
[[nodiscard]] People called_by(const StartCall& request);
/// The caller first.
[[nodiscard]] People people_of(const StartCall& request);

struct Plan {
  call::Policy policy;
  call::Caller caller;
  boost::container::small_vector<call::Invitation, 1> callees;
};

/// `unreachable`: none of them is here, and the caller's dialect does not wait for who is not (C-10, T-04).
[[nodiscard]] Expected<Plan, Refusal> plan(const StartCall& request, const CallSettings& settings, const Present& here);
/// Whether anybody rings.
[[nodiscard]] bool anybody_is_reached(const Plan& plan);

}  // namespace belfry::calls
