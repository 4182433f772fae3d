// A call between two people as a value. Everything a decision needs is in it, times included; addresses, bodies and
// versions are not: those belong to app/, which runs the machine. The machine itself is advance.cpp, on one screen;
// docs/call-states.md shows it whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

#include "base/time.hpp"
#include "domain/call/end_reason.hpp"
#include "domain/call/ids.hpp"
#include "domain/call/leg.hpp"
#include "domain/call/words.hpp"

namespace belfry::call {

enum class Party : std::uint8_t { caller, callee };
[[nodiscard]] constexpr Party other(Party party) { return party == Party::caller ? Party::callee : Party::caller; }

enum class RingStretch : std::uint8_t { fixed, by_late_device };
enum class EndWhileRinging : std::uint8_t { cancels, refused };

/// Fixed when the call is made, by the dialect it was made in (SPEC C-01, C-05, C-06, C-21). Shorter frees both people sooner,
/// longer forgives worse networks.
struct Policy {
  Duration ring_time = std::chrono::seconds{30};
  Duration ringing_grace = std::chrono::seconds{5};
  Duration connected_grace = std::chrono::seconds{3};
  Duration media_timeout{};  // T-21; 0: never
  Duration max_duration{};   // T-22; 0: none
  Ring ring = Ring::immediate;
  RingStretch stretch = RingStretch::fixed;  // T-05: seed dialects keep their 15, 30 and 60 seconds exact
  EndWhileRinging end_while_ringing = EndWhileRinging::cancels;
  friend bool operator==(const Policy&, const Policy&) = default;
};

/// Something both people have.
template <class Value>
struct OfBoth {
  Value caller{}, callee{};
  [[nodiscard]] const Value& of(Party party) const { return party == Party::caller ? caller : callee; }
  [[nodiscard]] Value& of(Party party) { return party == Party::caller ? caller : callee; }
  friend bool operator==(const OfBoth&, const OfBoth&) = default;
};
using Absences = OfBoth<std::optional<Absence>>;

/// `quiet`: the callee is not rung until the caller's media is joined (C-05).
enum class Bell : std::uint8_t { quiet, rung };

struct Ringing {
  Policy policy;
  TimePoint started;
  TimePoint deadline;
  Absences absences;
  Bell bell = Bell::rung;
  std::optional<TimePoint> first_ring{};  // a device said that it really rings
  friend bool operator==(const Ringing&, const Ringing&) = default;
};

/// Whether the caller has heard the answer. A caller who was away when it came hears it on return.
enum class Answer : std::uint8_t { heard, unheard };

struct Active {
  Policy policy;
  TimePoint started;
  TimePoint answered;
  Absences absences;
  Answer answer = Answer::heard;
  SessionId answered_by{};
  OfBoth<bool> media_alive{};  // told so by the client, at least once
  friend bool operator==(const Active&, const Active&) = default;
};

struct Ended {
  EndReason reason;
  std::optional<Party> by;  // nobody: time or the server did it
  TimePoint started;
  std::optional<TimePoint> answered;
  TimePoint ended;
  SessionId by_session{};  // whose repeat is success (SPEC 2.8.1)
  friend bool operator==(const Ended&, const Ended&) = default;
};

using State = std::variant<Ringing, Active, Ended>;

/// What the world sees of it (SPEC C-04).
[[nodiscard]] Status status_of(const State& state);

}  // namespace belfry::call
