// Whatever happens to a call of two, or of three, in whatever order.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "domain/call/a_call_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;

struct Happening {
  Event event;
  TimePoint at;
};

/// Any event, with its weight: losses and returns make the most of a call's life.
Event any_event(UserId by) {
  const UserId callee = by == kAlice ? kBob : by;
  const std::pair<std::size_t, Event> events[] = {{1, answers(by)},
                                                  {1, answers(by, kTablet)},
                                                  {1, Declined{callee, kPhone}},
                                                  {1, HungUp{by, kPhone}},
                                                  {1, Left{by}},
                                                  {1, StartedAnew{by}},
                                                  {1, Kicked{by}},
                                                  {1, Forced{EndReason::admin}},
                                                  {3, CallerReady{}},
                                                  {2, DeviceRang{callee}},
                                                  {2, RingDeadlinePassed{}},
                                                  {6, Lost{by}},
                                                  {6, returns(by, kPhone)},
                                                  {6, GraceEnded{by}},
                                                  {1, ServerRestarted{kStart, 30s}},
                                                  {2, MediaReported{by, true}},
                                                  {1, MediaTimedOut{}},
                                                  {1, MaxDurationReached{}}};
  static_assert(std::size(events) == std::variant_size_v<Event> + 1);
  std::size_t all = 0;
  for (const auto& [weight, event] : events) all += weight;
  std::size_t place = *rc::gen::inRange<std::size_t>(0, all);
  const auto* chosen = events;
  while (place >= chosen->first) place -= chosen++->first;
  return chosen->second;
}

using Users = std::vector<UserId>;

struct World {
  State state;
  Effects effects;
};

World any_beginning(const Users& callees) {
  Policy policy = a_policy();
  policy.ring = *rc::gen::element(RingPolicy::immediate, RingPolicy::on_caller_ready);
  policy.end_while_ringing = *rc::gen::element(EndWhileRinging::cancels, EndWhileRinging::refused);
  std::vector<Invitation> invitations;
  for (const UserId user : callees) invitations.push_back({user, *rc::gen::element(Reach::here, Reach::nowhere)});
  Step begun = begin(policy, alice_dials(), invitations, kStart);
  return {std::move(begun.next), std::move(begun.effects)};
}

std::vector<Happening> any_history(const Users& callees) {
  Users everybody = callees;
  everybody.push_back(kAlice);
  std::vector<Happening> history;
  TimePoint now = kStart;
  const auto length = *rc::gen::inRange(0, 40);
  for (int i = 0; i < length; ++i) {
    now += std::chrono::milliseconds(*rc::gen::inRange(0, 6000));
    history.push_back({any_event(*rc::gen::elementOf(everybody)), now});
  }
  return history;
}

Users any_callees() { return *rc::gen::element(Users{kBob}, Users{kBob, kCarol}); }

bool is_over(const State& state) { return std::holds_alternative<Ended>(state); }
bool ends_it_for(const Effect& effect, UserId user) {
  const bool end =
      effect.kind == EffectKind::rejected || (effect.kind >= EffectKind::declined_elsewhere && effect.kind <= EffectKind::ended);
  return end && effect.to == user;
}

/// The rule of the whole: two are in it, or one who waits for somebody.
bool holds_together(const State& state) {
  const Legs& legs = legs_of(state);
  const auto in = std::count_if(legs.begin(), legs.end(), [](const Leg& leg) { return is_in(leg.state); });
  const auto pending = std::count_if(legs.begin(), legs.end(), [](const Leg& leg) { return is_pending(leg.state); });
  if (is_over(state)) return in == 0 && pending == 0;
  if (std::holds_alternative<Calling>(state)) return in == 1 && pending > 0 && caller_of(legs).state == LegState::joined;
  return in > 1 || (in == 1 && pending > 0);
}

RC_GTEST_PROP(CallProperties, GoesOnExactlyWhileSomebodyIsInItAndNotAlone, ()) {
  const Users callees = any_callees();
  State state = any_beginning(callees).state;
  for (const auto& [event, at] : any_history(callees)) {
    if (auto step = advance(state, event, at)) state = std::move(step->next);
    RC_ASSERT(holds_together(state));
    for (const Leg& leg : legs_of(state)) {
      if (!is_open(leg.state)) RC_ASSERT(!leg.away);
      if (std::holds_alternative<Connected>(state) && is_in(leg.state))
        RC_ASSERT((leg.state == LegState::suspended) == leg.away.has_value());
    }
  }
}

RC_GTEST_PROP(CallProperties, EndsOnceForACallOfTwoAndThenNeverChanges, ()) {
  auto [state, effects] = any_beginning({kBob});
  for (const auto& [event, at] : any_history({kBob})) {
    const bool was_over = is_over(state);
    const auto step = advance(state, event, at);
    if (!step) continue;
    if (was_over) RC_ASSERT(step->next == state && step->effects.empty());
    effects.insert(effects.end(), step->effects.begin(), step->effects.end());
    state = step->next;
  }
  const auto ends_of = [&](UserId user) {
    return std::count_if(effects.begin(), effects.end(), [&](const Effect& each) { return ends_it_for(each, user); });
  };
  const int over = is_over(state) ? 1 : 0;
  RC_ASSERT(ends_of(kAlice) == over);
  const bool rung =
      std::any_of(effects.begin(), effects.end(), [](const Effect& each) { return each.kind == EffectKind::incoming; });
  RC_ASSERT(ends_of(kBob) == (rung ? over : 0));
}

// I-5. A person whose leg is closed is notified of nothing more, unless they join again; of an end each open leg is notified.
RC_GTEST_PROP(CallProperties, NotifiesOnlyThoseWithAnOpenLegAndAllOfThemOfTheEnd, ()) {
  const Users callees = any_callees();
  State state = any_beginning(callees).state;
  for (const auto& [event, at] : any_history(callees)) {
    const auto step = advance(state, event, at);
    if (!step) continue;
    const bool quiet = std::holds_alternative<Calling>(state) && std::get<Calling>(state).ring_start == RingStart::awaits_caller;
    for (const Leg& before : legs_of(state)) {
      const auto notifies = [&](const Effect& each) { return each.to == before.user; };
      const auto times = std::count_if(step->effects.begin(), step->effects.end(), notifies);
      const bool joins = is_in(leg_of(legs_of(step->next), before.user).state);
      if (!is_open(before.state) && !joins) RC_ASSERT(times == 0);
      const bool ends = !is_over(state) && is_over(step->next);
      if (ends) RC_ASSERT(times == (is_open(before.state) && (!quiet || before.role == PartyRole::caller) ? 1 : 0));
    }
    state = step->next;
  }
}

RC_GTEST_PROP(CallProperties, EndsNeitherBeforeItStartedNorBeforeItWasAnswered, ()) {
  const Users callees = any_callees();
  State state = any_beginning(callees).state;
  for (const auto& [event, at] : any_history(callees))
    if (auto step = advance(state, event, at)) state = std::move(step->next);
  if (const auto* connected = std::get_if<Connected>(&state)) RC_ASSERT(connected->answered >= connected->started);
  if (const auto* ended = std::get_if<Ended>(&state)) {
    RC_ASSERT(ended->ended >= ended->started);
    if (ended->answered) RC_ASSERT(ended->ended >= *ended->answered);
  }
}

RC_GTEST_PROP(CallProperties, RepeatedEventChangesNothing, ()) {
  const Users callees = any_callees();
  State state = any_beginning(callees).state;
  for (const auto& [event, at] : any_history(callees)) {
    const auto step = advance(state, event, at);
    if (!step) continue;
    state = step->next;
    if (const auto again = advance(state, event, at)) RC_ASSERT(again->next == state);
  }
}

RC_GTEST_PROP(CallProperties, TimeAloneBringsEveryRingToAnEnd, ()) {
  const Users callees = any_callees();
  State state = any_beginning(callees).state;
  for (const auto& [event, at] : any_history(callees))
    if (auto step = advance(state, event, at)) state = std::move(step->next);
  for (int i = 0; i < 8; ++i)
    if (const auto alarm = next_alarm(state)) state = advance(state, alarm->event, alarm->at)->next;
  RC_ASSERT(is_over(state));
  RC_ASSERT(!next_alarm(state));
}

}  // namespace
}  // namespace belfry::call
