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
  const Event events[] = {CalleeAnswered{}, CalleeDeclined{},  HangUp{by},     RingDeadlinePassed{}, PartyLost{by},
                          PartyLeft{by},    PartyReturned{by}, GraceEnded{by}, StartedAnew{by}};
  return events[kind];
}

std::vector<Happening> any_history() {
  std::vector<Happening> history;
  TimePoint now = kStart;
  const auto length = *rc::gen::inRange(0, 30);
  for (int i = 0; i < length; ++i) {
    now += std::chrono::milliseconds(*rc::gen::inRange(0, 6000));
    history.push_back(
        {event_of(*rc::gen::weightedElement<int>({{1, 0}, {1, 1}, {1, 2}, {2, 3}, {6, 4}, {1, 5}, {6, 6}, {6, 7}, {1, 8}}),
                  *rc::gen::element(Party::caller, Party::callee)),
         now});
  }
  return history;
}

int endings(const std::vector<Effect>& effects, Party party) {
  int count = 0;
  for (const auto& effect : effects) {
    if (const auto* told = std::get_if<TellEnded>(&effect)) count += told->party == party;
    if (const auto* gone = std::get_if<LetGo>(&effect)) count += gone->party == party;
    const bool to_caller = std::holds_alternative<TellDeclined>(effect) || std::holds_alternative<TellRingTimedOut>(effect);
    count += to_caller && party == Party::caller;
  }
  return count;
}

int frees(const std::vector<Effect>& effects) {
  return static_cast<int>(std::count(effects.begin(), effects.end(), Effect{FreeSlots{}}));
}

RC_GTEST_PROP(CallProperties, EndsAtMostOnceAndThenNeverChanges, ()) {
  State state = begin(Policy{}, kStart).next;
  int told_caller = 0, told_callee = 0, freed = 0;
  for (const auto& [event, at] : any_history()) {
    const bool was_over = std::holds_alternative<Ended>(state);
    const auto step = advance(state, event, at);
    if (!step) continue;
    if (was_over) RC_ASSERT(step->next == state && step->effects.empty());
    told_caller += endings(step->effects, Party::caller);
    told_callee += endings(step->effects, Party::callee);
    freed += frees(step->effects);
    state = step->next;
  }
  const int over = std::holds_alternative<Ended>(state) ? 1 : 0;
  RC_ASSERT(told_caller == over);
  RC_ASSERT(told_callee == over);
  RC_ASSERT(freed == over);
}

RC_GTEST_PROP(CallProperties, EndsNeitherBeforeItStartedNorBeforeItWasAnswered, ()) {
  State state = begin(Policy{}, kStart).next;
  for (const auto& [event, at] : any_history())
    if (const auto step = advance(state, event, at)) state = step->next;
  if (const auto* active = std::get_if<Active>(&state)) RC_ASSERT(active->answered >= active->started);
  if (const auto* ended = std::get_if<Ended>(&state)) {
    RC_ASSERT(ended->ended >= ended->started);
    if (ended->answered) RC_ASSERT(ended->ended >= *ended->answered);
  }
}

RC_GTEST_PROP(CallProperties, RepeatedEventChangesNothing, ()) {
  State state = begin(Policy{}, kStart).next;
  for (const auto& [event, at] : any_history()) {
    const auto step = advance(state, event, at);
    if (!step) continue;
    state = step->next;
    if (const auto again = advance(state, event, at)) RC_ASSERT(again->next == state);
  }
}

RC_GTEST_PROP(CallProperties, TimeAloneBringsEveryRingToAnEnd, ()) {
  State state = begin(Policy{}, kStart).next;
  for (const auto& [event, at] : any_history())
    if (const auto step = advance(state, event, at)) state = step->next;
  for (int i = 0; i < 3; ++i)
    if (const auto alarm = next_alarm(state)) state = advance(state, alarm->event, alarm->at)->next;
  RC_ASSERT(!std::holds_alternative<Ringing>(state));
  RC_ASSERT(!next_alarm(state));
}

}  // namespace
}  // namespace belfry::call
