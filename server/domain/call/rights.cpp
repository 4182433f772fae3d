#include "domain/call/rights.hpp"

namespace belfry::call {

Right right_to(Deed deed, const Legs& legs, UserId user) {
  const Leg* const leg = find_leg(legs, user);
  const bool is_caller = leg != nullptr && leg->role == Role::caller;
  const bool is_callee = leg != nullptr && leg->role == Role::callee;
  switch (deed) {
    case Deed::answer:
    case Deed::decline:
    case Deed::tell_that_it_rings:
      return is_callee ? Right::granted : Right::call_not_found;
    case Deed::tell_that_they_are_ready:
      return is_caller ? Right::granted : Right::not_participant;
    case Deed::hang_up:
    case Deed::report_media:
    case Deed::signal:
      break;
  }
  return leg != nullptr ? Right::granted : Right::not_participant;
}

}  // namespace belfry::call
