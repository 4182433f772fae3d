// Whatever happens to a call, in whatever order.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/call/a_call.hpp"

namespace belfry::call {
namespace {

using namespace testing;

struct Happening {
  Event event;
  TimePoint at;
};

Event event_of(int kind, Party by) {
  const Event events[] = {CalleeAnswered{kPhone},
                          CalleeDeclined{kPhone},
                          HangUp{by, kPhone},
                          RingDeadlinePassed{},
                          PartyLost{by},
                          PartyLeft{by},
                          PartyReturned{by},
                          GraceEnded{by},
                          StartedAnew{by},
                          CalleeAnswered{kTablet},
                          DeviceRang{},
                          CallerReady{},
                          MediaReported{by, true},
                          MediaTimedOut{},
                          MaxDurationReached{},
                          Forced{EndReason::admin},
                          ServerRestarted{kStart, std::chrono::seconds{30}}};
  return events[kind];
}

std::vector<Happening> any_history() {
  std::vector<Happening> history;
  TimePoint now = kStart;
  const auto length = *rc::gen::inRange(0, 30);
  for (int i = 0; i < length; ++i) {
    now += std::chrono::milliseconds(*rc::gen::inRange(0, 6000));
    history.push_back({event_of(*rc::gen::weightedElement<int>({{1, 0},
                                                                {1, 1},
                                                                {1, 2},
                                                                {2, 3},
                                                                {6, 4},
                                                                {1, 5},
                                                                {6, 6},
                                                                {6, 7},
                                                                {1, 8},
                                                                {1, 9},
                                                                {2, 10},
                                                                {3, 11},
                                                                {2, 12},
                                                                {1, 13},
                                                                {1, 14},
                                                                {1, 15},
                                                                {1, 16}}),
                                *rc::gen::element(Party::caller, Party::callee)),
                       now});
  }
  return history;
}

int endings(const std::vector<Effect>& effects, Party party) {
  int count = 0;
  for (const auto& effect : effects) {
    if (const auto* told = std::get_if<TellEnded>(&effect)) count += told->party == party;
    if (const auto* told = std::get_if<TellCancelled>(&effect)) count += told->party == party;
    if (const auto* told = std::get_if<TellMissed>(&effect)) count += told->party == party;
    count += std::holds_alternative<TellRejected>(effect);
  }
  return count;
}

bool was_rung(const std::vector<Effect>& effects) {
  return std::count(effects.begin(), effects.end(), Effect{RingCallee{}}) != 0;
}

Policy any_policy() {
  Policy policy = a_policy();
  policy.ring = *rc::gen::element(Ring::immediate, Ring::on_caller_ready);
  policy.end_while_ringing = *rc::gen::element(EndWhileRinging::cancels, EndWhileRinging::refused);
  return policy;
}

RC_GTEST_PROP(CallProperties, EndsAtMostOnceAndThenNeverChanges, ()) {
  const Step start = begin(any_policy(), kStart);
  State state = start.next;
  bool rung = was_rung(start.effects);
  int told_caller = 0, told_callee = 0;
  for (const auto& [event, at] : any_history()) {
    const bool was_over = std::holds_alternative<Ended>(state);
    const auto step = advance(state, event, at);
    if (!step) continue;
    if (was_over) RC_ASSERT(step->next == state && step->effects.empty());
    told_caller += endings(step->effects, Party::caller);
    told_callee += endings(step->effects, Party::callee);
    rung = rung || was_rung(step->effects);
    state = step->next;
  }
  const int over = std::holds_alternative<Ended>(state) ? 1 : 0;
  RC_ASSERT(told_caller == over);
  // One who was never rung hears of no end, unless of declining it by itself.
  if (rung) RC_ASSERT(told_callee == over);
  RC_ASSERT(told_callee <= over);
}

RC_GTEST_PROP(CallProperties, EndsNeitherBeforeItStartedNorBeforeItWasAnswered, ()) {
  State state = begin(any_policy(), kStart).next;
  for (const auto& [event, at] : any_history())
    if (const auto step = advance(state, event, at)) state = step->next;
  if (const auto* active = std::get_if<Active>(&state)) RC_ASSERT(active->answered >= active->started);
  if (const auto* ended = std::get_if<Ended>(&state)) {
    RC_ASSERT(ended->ended >= ended->started);
    if (ended->answered) RC_ASSERT(ended->ended >= *ended->answered);
  }
}

RC_GTEST_PROP(CallProperties, RepeatedEventChangesNothing, ()) {
  State state = begin(any_policy(), kStart).next;
  for (const auto& [event, at] : any_history()) {
    const auto step = advance(state, event, at);
    if (!step) continue;
    state = step->next;
    if (const auto again = advance(state, event, at)) RC_ASSERT(again->next == state);
  }
}

RC_GTEST_PROP(CallProperties, TimeAloneBringsEveryRingToAnEnd, ()) {
  State state = begin(any_policy(), kStart).next;
  for (const auto& [event, at] : any_history())
    if (const auto step = advance(state, event, at)) state = step->next;
  for (int i = 0; i < 5; ++i)
    if (const auto alarm = next_alarm(state)) state = advance(state, alarm->event, alarm->at)->next;
  RC_ASSERT(!std::holds_alternative<Ringing>(state));
  RC_ASSERT(!next_alarm(state));
}

}  // namespace
}  // namespace belfry::call
