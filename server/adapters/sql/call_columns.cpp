#include "adapters/sql/call_columns.hpp"

namespace belfry::sql {

std::vector<const store::Leg*> changed_legs(const store::Transition& transition) {
  std::vector<const store::Leg*> legs;
  const auto add = [&](const store::Leg* leg) {
    if (leg != nullptr) legs.push_back(leg);
  };
  if (transition.changed_legs)
    for (const auto& user : *transition.changed_legs) add(find_leg(transition.row, user));
  else
    for (const auto& leg : transition.row.legs) add(&leg);
  return legs;
}

store::Leg bare_leg(const store::CallRow& row, const account::UserId& user) {
  const bool calls = user == row.caller;
  store::Leg leg{.user = user, .invited = row.created, .joined = row.started, .left = row.ended};
  switch (row.status) {
    case call::Status::calling:
      leg.state = calls ? call::LegState::joined : call::LegState::invited;
      break;
    case call::Status::connected:
      leg.state = call::LegState::joined;
      break;
    case call::Status::rejected:
      leg.state = calls ? call::LegState::left : call::LegState::declined;
      break;
    case call::Status::missed:
      leg.state = calls ? call::LegState::left : call::LegState::missed;
      break;
    case call::Status::ended:
      leg.state = call::LegState::left;
      break;
  }
  return leg;
}

}  // namespace belfry::sql
