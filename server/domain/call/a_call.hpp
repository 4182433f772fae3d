// Builders for tests: a_call().ringing(), a_call().active().without(Party::caller).
#pragma once

#include <chrono>

#include "domain/call/advance.hpp"

namespace belfry::call::testing {

using namespace std::chrono_literals;

constexpr TimePoint kStart{1000s};

struct CallBuilder {
  Policy policy{};
  Presence presence{};
  TimePoint answered = kStart + 4s;

  CallBuilder without(Party party, TimePoint since, Duration grace) const {
    CallBuilder next = *this;
    next.presence.of(party) = Absence{since, since + grace};
    return next;
  }
  [[nodiscard]] State ringing() const { return Ringing{policy, kStart, kStart + policy.ring_time, presence}; }
  [[nodiscard]] State active() const { return Active{policy, kStart, answered, presence, Answer::heard}; }
  [[nodiscard]] State ended(EndReason reason, std::optional<Party> by) const {
    return Ended{reason, by, kStart, std::nullopt, kStart + 9s};
  }
};

inline CallBuilder a_call() { return {}; }

}  // namespace belfry::call::testing
