// Builders for tests: bobs_leg().joined_from(kPhone).away(), alices_leg(), carols_leg().
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "domain/call/leg.hpp"

namespace belfry::call::testing {

using namespace std::chrono_literals;

constexpr TimePoint kStart{1000s};

inline SessionId session_numbered(std::uint8_t number) {
  Uuid id{};
  id[15] = number;
  return SessionId(id);
}
inline UserId user_numbered(std::uint8_t number) {
  Uuid id{};
  id[15] = number;
  return UserId(id);
}
const SessionId kPhone = session_numbered(1);
const SessionId kTablet = session_numbered(2);
const UserId kAlice = user_numbered(1);
const UserId kBob = user_numbered(2);
const UserId kCarol = user_numbered(3);

/// Every step, in the order of the enumerators.
constexpr LegStep kLegSteps[] = {LegStep::notified, LegStep::rings,    LegStep::joins,  LegStep::lost,
                                 LegStep::returns,  LegStep::declines, LegStep::closes, LegStep::kicked};
inline std::string_view to_text(LegStep step) {
  switch (step) {
    case LegStep::notified:
      return "notified";
    case LegStep::rings:
      return "rings";
    case LegStep::joins:
      return "joins";
    case LegStep::lost:
      return "lost";
    case LegStep::returns:
      return "returns";
    case LegStep::declines:
      return "declines";
    case LegStep::closes:
      return "closes";
    case LegStep::kicked:
      return "kicked";
  }
  return "";
}

struct LegBuilder {
  Leg leg;

  [[nodiscard]] LegBuilder in_state(LegState state) const {
    LegBuilder next = *this;
    next.leg.state = state;
    return next;
  }
  [[nodiscard]] LegBuilder held_by(SessionId session, std::string device = {}) const {
    LegBuilder next = *this;
    next.leg.seat = Seat{session, std::move(device)};
    return next;
  }
  [[nodiscard]] LegBuilder joined_from(SessionId session, std::string device = {}) const {
    LegBuilder next = in_state(LegState::joined).held_by(session, std::move(device));
    next.leg.acted = session;
    return next;
  }
  [[nodiscard]] LegBuilder away(TimePoint since = kStart, Duration grace = 5s) const {
    LegBuilder next = *this;
    if (is_in(leg.state)) next.leg.state = LegState::suspended;
    next.leg.away = Absence{since, since + grace};
    return next;
  }
  operator Leg() const { return leg; }
};

inline LegBuilder alices_leg() { return {{.user = kAlice, .role = PartyRole::caller, .state = LegState::joined}}; }
inline LegBuilder bobs_leg() { return {{.user = kBob, .state = LegState::notified}}; }
inline LegBuilder carols_leg() { return {{.user = kCarol, .state = LegState::notified}}; }

}  // namespace belfry::call::testing
