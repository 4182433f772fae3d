// A call between two people as a value. Everything a decision needs is in it, times included; addresses, bodies and
// versions are not: those belong to app/, which runs the machine. The machine itself is advance.cpp, on one screen;
// docs/call-states.md shows it whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

#include "base/time.hpp"
#include "domain/oldcall/end_reason.hpp"

namespace belfry::oldcall {

enum class Party : std::uint8_t { caller, callee };
[[nodiscard]] constexpr Party other(Party party) { return party == Party::caller ? Party::callee : Party::caller; }

/// Fixed when the call is made, by the dialect it was made in (SPEC C-01, C-21). Shorter frees both people sooner, longer
/// forgives worse networks.
struct Policy {
  Duration ring_time = std::chrono::seconds{30};
  Duration ringing_grace = std::chrono::seconds{5};
  Duration connected_grace = std::chrono::seconds{3};
  friend bool operator==(const Policy&, const Policy&) = default;
};

/// Whose transport broke, and until when we wait for its return.
struct Absence {
  TimePoint since;
  TimePoint until;
  friend bool operator==(const Absence&, const Absence&) = default;
};

/// Both people, each present or absent.
struct Presence {
  std::optional<Absence> caller, callee;
  [[nodiscard]] const std::optional<Absence>& of(Party party) const { return party == Party::caller ? caller : callee; }
  [[nodiscard]] std::optional<Absence>& of(Party party) { return party == Party::caller ? caller : callee; }
  friend bool operator==(const Presence&, const Presence&) = default;
};

struct Ringing {
  Policy policy;
  TimePoint started;
  TimePoint deadline;
  Presence presence;
  friend bool operator==(const Ringing&, const Ringing&) = default;
};

/// Whether the caller has heard the answer. A caller who was away when it came hears it on return.
enum class Answer : std::uint8_t { heard, unheard };

struct Active {
  Policy policy;
  TimePoint started;
  TimePoint answered;
  Presence presence;
  Answer answer = Answer::heard;
  friend bool operator==(const Active&, const Active&) = default;
};

struct Ended {
  EndReason reason;
  std::optional<Party> by;  // nobody: time did it
  TimePoint started;
  std::optional<TimePoint> answered;
  TimePoint ended;
  friend bool operator==(const Ended&, const Ended&) = default;
};

using State = std::variant<Ringing, Active, Ended>;

}  // namespace belfry::oldcall
