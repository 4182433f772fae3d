// A call as a value: everything that a decision needs, times included. Addresses, bodies and versions belong to app/, which runs
// the machine. A call lasts while two people are in it, or one is and another is still rung; it is Connected once a callee has
// answered. The same rule covers two people and more. The machine is the table in advance.cpp; docs/call-states.md prints all of
// it.
#pragma once

#include <chrono>
#include <cstddef>
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

/// Fixed at the start by the dialect of the caller's session (SPEC C-01, C-05, C-06, C-21). Shorter times free people sooner;
/// longer ones tolerate worse networks.
struct Policy {
  Duration ring_time = std::chrono::seconds{30};
  Duration ringing_grace = std::chrono::seconds{5};
  Duration connected_grace = std::chrono::seconds{3};
  Duration media_timeout{};  // T-21; 0: never
  Duration max_duration{};   // T-22; 0: none
  RingPolicy ring = RingPolicy::immediate;
  RingStretch stretch = RingStretch::fixed;  // T-05: the dialects of the seeds keep exactly 15, 30 and 60 seconds
  EndWhileRinging end_while_ringing = EndWhileRinging::cancels;
  std::size_t most_joined = 0;  // J-2.11: people in it at once; 0: no limit
  friend bool operator==(const Policy&, const Policy&) = default;
};

/// Of a start. `joined`: before it, so that it rings at once whatever the policy waits for (C-05).
enum class CallerMedia : std::uint8_t { joins_later, joined };
/// `awaits_caller`: no callee is rung until the caller's media has joined (C-05).
enum class RingStart : std::uint8_t { awaits_caller, begun };

/// What Calling and Connected have in common.
struct Ongoing {
  Policy policy;
  TimePoint started;
  TimePoint deadline;  // when ringing stops for callees who have not answered
  Legs legs;
  Negotiation negotiation = Negotiation::open;
  friend bool operator==(const Ongoing&, const Ongoing&) = default;
};

struct Calling : Ongoing {
  RingStart ring_start = RingStart::begun;
  std::optional<TimePoint> first_ring{};  // when a device first confirmed that it rings
  friend bool operator==(const Calling&, const Calling&) = default;
};

struct Connected : Ongoing {
  TimePoint answered{};
  friend bool operator==(const Connected&, const Connected&) = default;
};

struct Ended {
  EndReason reason;
  std::optional<UserId> by;  // none: a timer or the server ended it
  TimePoint started;
  std::optional<TimePoint> answered;
  TimePoint ended;
  std::optional<SessionId> by_session{};  // the session that ended it, if one did; its repeat is success (SPEC 2.8.1)
  Legs legs{};
  TimePoint announced_at{};  // when the participants were notified; app/ sets it after the commit
  friend bool operator==(const Ended&, const Ended&) = default;
};

using State = std::variant<Calling, Connected, Ended>;

/// The status that clients and the store see (SPEC C-04).
[[nodiscard]] Status status_of(const State& state);
[[nodiscard]] const Legs& legs_of(const State& state);
[[nodiscard]] Negotiation negotiation_of(const State& state);
/// Whether an answer of this person can count (C-08, J-2.5): each callee's, and that of a caller who has left a group call.
[[nodiscard]] bool may_answer(const Connected& call, const Leg& leg);
/// `pending` if that about any callee is.
[[nodiscard]] AnswerNotice answer_notice_of(const Legs& legs);
/// Whether the call rings for this person, so that a session that connects now is rung too.
[[nodiscard]] bool rings_for(const State& state, UserId user);

}  // namespace belfry::call
