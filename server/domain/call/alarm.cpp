// What time brings next, derived from the state, so that no timer can be forgotten or outlive what it was for.
#include <algorithm>

#include "domain/call/advance.hpp"

namespace belfry::call {
namespace {

using Alarms = std::vector<Alarm>;

std::optional<Alarm> first_of(const Alarms& alarms) {
  const auto first = std::min_element(alarms.begin(), alarms.end(), [](const Alarm& a, const Alarm& b) { return a.at < b.at; });
  return first == alarms.end() ? std::nullopt : std::optional(*first);
}

std::optional<Alarm> alarm_of(const Ringing& call) {
  Alarms alarms{{call.deadline, RingDeadlinePassed{}}};
  for (const Party party : {Party::caller, Party::callee})
    if (const auto& absence = call.absences.of(party)) alarms.push_back({absence->until, GraceEnded{party}});
  return first_of(alarms);
}

std::optional<Alarm> alarm_of(const Active& call) {
  Alarms alarms;
  const auto& [caller, callee] = call.absences;
  if (caller && callee) {  // the later grace counts
    alarms.push_back(caller->until > callee->until ? Alarm{caller->until, GraceEnded{Party::caller}}
                                                   : Alarm{callee->until, GraceEnded{Party::callee}});
  } else if (caller || callee) {
    alarms.push_back(caller ? Alarm{caller->until, GraceEnded{Party::caller}} : Alarm{callee->until, GraceEnded{Party::callee}});
  }
  if (call.policy.media_timeout > Duration{} && !call.media_alive.caller && !call.media_alive.callee)
    alarms.push_back({call.answered + call.policy.media_timeout, MediaTimedOut{}});
  if (call.policy.max_duration > Duration{}) alarms.push_back({call.answered + call.policy.max_duration, MaxDurationReached{}});
  return first_of(alarms);
}

std::optional<Alarm> alarm_of(const Ended&) { return std::nullopt; }

}  // namespace

std::optional<Alarm> next_alarm(const State& state) {
  return std::visit([](const auto& call) { return alarm_of(call); }, state);
}

}  // namespace belfry::call
