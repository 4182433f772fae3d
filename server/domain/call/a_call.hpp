// Builders for tests: a_call().ringing(), a_call().active().without(Party::caller).
#pragma once

#include "domain/call/advance.hpp"
#include "domain/call/leg_for_tests.hpp"

namespace belfry::call::testing {

/// Every clock that a policy may have is running.
inline Policy a_policy() { return {.media_timeout = 30s, .max_duration = 1h, .stretch = RingStretch::by_late_device}; }

struct CallBuilder {
  Policy policy = a_policy();
  Absences absences{};
  TimePoint answered = kStart + 4s;

  CallBuilder without(Party party, TimePoint since, Duration grace) const {
    CallBuilder next = *this;
    next.absences.of(party) = Absence{since, since + grace};
    return next;
  }
  [[nodiscard]] Ringing ringing() const { return {policy, kStart, kStart + policy.ring_time, absences}; }
  [[nodiscard]] Ringing quiet() const {
    Ringing call = ringing();
    call.policy.ring = Ring::on_caller_ready;
    call.bell = Bell::quiet;
    return call;
  }
  [[nodiscard]] Active active() const { return {policy, kStart, answered, absences, Answer::heard, kPhone}; }
  [[nodiscard]] Ended ended(EndReason reason, std::optional<Party> by) const {
    return {reason, by, kStart, std::nullopt, kStart + 9s, kPhone};
  }
};

inline CallBuilder a_call() { return {}; }

}  // namespace belfry::call::testing
