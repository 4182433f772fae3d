#include "adapters/sql/call_columns.hpp"

namespace belfry::sql {

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
