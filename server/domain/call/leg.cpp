#include "domain/call/leg.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/check.hpp"

namespace belfry::call {
namespace {

using enum LegState;

constexpr std::size_t kStates = static_cast<std::size_t>(kicked) + 1;
constexpr std::size_t kSteps = static_cast<std::size_t>(LegStep::kicked) + 1;

// A person who declined or was kicked cannot join again; one who was busy, missed the call or left can, while it lasts.
// clang-format off
constexpr std::array<std::array<LegState, kSteps>, kStates> kAfter{{
    // notified   rings      joins     lost       returns    declines   closes    kicked
    {notified,  ringing,   joined,   invited,   invited,   declined,  missed,   kicked},    // invited
    {notified,  ringing,   joined,   notified,  notified,  declined,  missed,   kicked},    // notified
    {ringing,   ringing,   joined,   ringing,   ringing,   declined,  missed,   kicked},    // ringing
    {joined,    joined,    joined,   suspended, joined,    joined,    left,     kicked},    // joined
    {suspended, suspended, joined,   suspended, joined,    suspended, left,     kicked},    // suspended
    {declined,  declined,  declined, declined,  declined,  declined,  declined, declined},  // declined
    {busy,      busy,      joined,   busy,      busy,      busy,      busy,     kicked},    // busy
    {missed,    missed,    joined,   missed,    missed,    missed,    missed,   kicked},    // missed
    {left,      left,      joined,   left,      left,      left,      left,     kicked},    // left
    {kicked,    kicked,    kicked,   kicked,    kicked,    kicked,    kicked,   kicked},    // kicked
}};
// clang-format on

constexpr std::array<std::string_view, kSteps> kStepWords = {"notified", "rings",    "joins",  "lost",
                                                             "returns",  "declines", "closes", "kicked"};

template <class SomeLegs>
auto& leg_in(SomeLegs& legs, UserId user) {
  const auto leg = std::find_if(legs.begin(), legs.end(), [&](const Leg& each) { return each.user == user; });
  CHECK(leg != legs.end(), "an event of somebody who has no part in the call");
  return *leg;
}

template <class SomeLegs>
auto& caller_in(SomeLegs& legs) {
  const auto leg = std::find_if(legs.begin(), legs.end(), [](const Leg& each) { return each.role == Role::caller; });
  CHECK(leg != legs.end(), "a call that nobody started");
  return *leg;
}

}  // namespace

LegState after(LegState state, LegStep step) { return kAfter[static_cast<std::size_t>(state)][static_cast<std::size_t>(step)]; }
std::string_view to_text(LegStep step) { return kStepWords[static_cast<std::size_t>(step)]; }

Leg& leg_of(Legs& legs, UserId user) { return leg_in(legs, user); }
const Leg& leg_of(const Legs& legs, UserId user) { return leg_in(legs, user); }
const Leg* find_leg(const Legs& legs, UserId user) {
  const auto leg = std::find_if(legs.begin(), legs.end(), [&](const Leg& each) { return each.user == user; });
  return leg == legs.end() ? nullptr : &*leg;
}
Leg& caller_of(Legs& legs) { return caller_in(legs); }
const Leg& caller_of(const Legs& legs) { return caller_in(legs); }
void move(Leg& leg, LegStep step) { leg.state = after(leg.state, step); }

}  // namespace belfry::call
