#include "domain/call/leg.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace belfry::call {
namespace {

using enum LegState;

/// Where each step takes a leg from one state.
struct Cells {
  LegState notified, rings, joins, lost, returns, declines, closes, kicked;
};

// A person who declined or was kicked cannot join again; one who was busy, missed the call or left can, while it lasts. A state
// without its row, a step without its column and a row without its last cell do not compile.
// clang-format off
Cells cells_of(LegState from) {
  switch (from) {
    //                        notified   rings      joins     lost       returns    declines   closes    kicked
    case invited:   return {  notified,  ringing,   joined,   invited,   invited,   declined,  missed,   kicked};
    case notified:  return {  notified,  ringing,   joined,   notified,  notified,  declined,  missed,   kicked};
    case ringing:   return {  ringing,   ringing,   joined,   ringing,   ringing,   declined,  missed,   kicked};
    case joined:    return {  joined,    joined,    joined,   suspended, joined,    joined,    left,     kicked};
    case suspended: return {  suspended, suspended, joined,   suspended, joined,    suspended, left,     kicked};
    case declined:  return {  declined,  declined,  declined, declined,  declined,  declined,  declined, declined};
    case busy:      return {  busy,      busy,      joined,   busy,      busy,      busy,      busy,     kicked};
    case missed:    return {  missed,    missed,    joined,   missed,    missed,    missed,    missed,   kicked};
    case left:      return {  left,      left,      joined,   left,      left,      left,      left,     kicked};
    case kicked:    return {  kicked,    kicked,    kicked,   kicked,    kicked,    kicked,    kicked,   kicked};
  }
  CHECK(false, "a leg in a state that there is not");
}
// clang-format on

/// Null: there is none. By their order, because a step looks for each of a thousand legs.
template <class SomeLegs>
auto* found_in(SomeLegs& legs, UserId user) {
  const auto leg =
      std::lower_bound(legs.begin(), legs.end(), user, [](const Leg& each, UserId wanted) { return each.user < wanted; });
  return leg == legs.end() || leg->user != user ? nullptr : &*leg;
}

template <class SomeLegs>
auto& leg_in(SomeLegs& legs, UserId user) {
  auto* const leg = found_in(legs, user);
  CHECK(leg != nullptr, "an event of somebody who has no part in the call");
  return *leg;
}

template <class SomeLegs>
auto& caller_in(SomeLegs& legs) {
  const auto leg = std::find_if(legs.begin(), legs.end(), [](const Leg& each) { return each.role == PartyRole::caller; });
  CHECK(leg != legs.end(), "a call that nobody started");
  return *leg;
}

}  // namespace

LegState after(LegState state, LegStep step) {
  const Cells to = cells_of(state);
  switch (step) {
    case LegStep::notified:
      return to.notified;
    case LegStep::rings:
      return to.rings;
    case LegStep::joins:
      return to.joins;
    case LegStep::lost:
      return to.lost;
    case LegStep::returns:
      return to.returns;
    case LegStep::declines:
      return to.declines;
    case LegStep::closes:
      return to.closes;
    case LegStep::kicked:
      return to.kicked;
  }
  CHECK(false, "a step that there is not");
}

Leg& leg_of(Legs& legs, UserId user) { return leg_in(legs, user); }
const Leg& leg_of(const Legs& legs, UserId user) { return leg_in(legs, user); }
const Leg* find_leg(const Legs& legs, UserId user) { return found_in(legs, user); }
Leg& caller_of(Legs& legs) { return caller_in(legs); }
const Leg& caller_of(const Legs& legs) { return caller_in(legs); }
void move(Leg& leg, LegStep step) { leg.state = after(leg.state, step); }

}  // namespace belfry::call
