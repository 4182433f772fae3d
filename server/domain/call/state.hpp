// A call as a value: everything that a decision needs, times included; addresses, bodies and versions belong to app/, which runs
// the machine. A call lasts while two people are in it, or one is and another may still answer; it is Connected once a callee has
// answered. A call of two is the smallest case of this rule. The machine is the table of advance.cpp; docs/call-states.md shows
// it whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

#include "base/time.hpp"
#include "domain/call/end_reason.hpp"
#include "domain/call/enum_text.hpp"
#include "domain/call/ids.hpp"
#include "domain/call/leg.hpp"
#include "domain/call/negotiation.hpp"

namespace belfry::call {

enum class RingStretch : std::uint8_t { fixed, by_late_device };
enum class EndWhileRinging : std::uint8_t { cancels, refused };

/// Fixed when the call is made, by the dialect it was made in (SPEC C-01, C-05, C-06, C-21). Shorter frees everybody sooner,
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

/// `awaits_caller`: nobody is rung until the caller's media is joined (C-05).
enum class RingStart : std::uint8_t { awaits_caller, begun };
/// Whether the caller has heard the answer. A caller who was away when it came hears it on return.
enum class Answer : std::uint8_t { heard, unheard };

/// What Calling and Connected have in common.
struct Ongoing {
  Policy policy;
  TimePoint started;
  TimePoint deadline;  // until when it rings for those who have not answered
  Legs legs;
  Negotiation negotiation = Negotiation::open;
  friend bool operator==(const Ongoing&, const Ongoing&) = default;
};

struct Calling : Ongoing {
  RingStart ring_start = RingStart::begun;
  std::optional<TimePoint> first_ring{};  // a device said that it really rings
  friend bool operator==(const Calling&, const Calling&) = default;
};

struct Connected : Ongoing {
  TimePoint answered{};
  Answer answer = Answer::heard;
  friend bool operator==(const Connected&, const Connected&) = default;
};

struct Ended {
  EndReason reason;
  std::optional<UserId> by;  // none: time or the server ended it
  TimePoint started;
  std::optional<TimePoint> answered;
  TimePoint ended;
  SessionId by_session{};  // whose repeat is success (SPEC 2.8.1)
  Legs legs{};
  TimePoint announced_at{};  // when its people were notified; app/ notes it after the commit
  friend bool operator==(const Ended&, const Ended&) = default;
};

using State = std::variant<Calling, Connected, Ended>;

/// The status that clients and the store see (SPEC C-04).
[[nodiscard]] Status status_of(const State& state);
[[nodiscard]] const Legs& legs_of(const State& state);
[[nodiscard]] Negotiation negotiation_of(const State& state);
/// Whether it rings for this person: then a session that comes is rung too.
[[nodiscard]] bool rings_for(const State& state, UserId user);

}  // namespace belfry::call
