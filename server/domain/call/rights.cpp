#include "domain/call/rights.hpp"

namespace belfry::call {

Right right_to(Action action, const State& state, UserId user) {
  const Leg* const leg = find_leg(legs_of(state), user);
  const bool is_caller = leg != nullptr && leg->role == PartyRole::caller;
  const bool is_callee = leg != nullptr && leg->role == PartyRole::callee;
  switch (action) {
    case Action::answer: {
      const auto* const connected = std::get_if<Connected>(&state);
      const bool may = is_callee || (is_caller && connected != nullptr && may_answer(*connected, *leg));
      return may ? Right::granted : Right::call_not_found;
    }
    case Action::decline:
    case Action::report_ringing:
      return is_callee ? Right::granted : Right::call_not_found;
    case Action::report_ready:
      return is_caller ? Right::granted : Right::not_participant;
    case Action::hang_up:
    case Action::report_media:
    case Action::signal:
      break;
  }
  return leg != nullptr ? Right::granted : Right::not_participant;
}

}  // namespace belfry::call
