// Leg: one person's part in a call. It is pending while the person may still answer (invited, notified, ringing), then in the
// call (joined, suspended), then closed. A LegStep moves it, by the table in leg.cpp (SPEC 2.6 "Leg states"). Not here: what the
// step of a leg means for the call (advance.cpp), and which session may take a leg (seat.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/container/small_vector.hpp>

#include "base/time.hpp"
#include "domain/call/enum_text.hpp"
#include "domain/call/ids.hpp"

namespace belfry::call {

/// `notified`: a session was sent the ring. `lost`, `returns`: the transport of a person in the call. `closes`: hung up, gave up
/// or ran out of time.
enum class LegStep : std::uint8_t { notified, rings, joins, lost, returns, declines, closes, kicked };

[[nodiscard]] LegState after(LegState state, LegStep step);

[[nodiscard]] constexpr bool is_pending(LegState state) { return state <= LegState::ringing; }
[[nodiscard]] constexpr bool is_in(LegState state) { return state == LegState::joined || state == LegState::suspended; }
[[nodiscard]] constexpr bool is_open(LegState state) { return state <= LegState::suspended; }

/// `silent`: the person may answer but is never rung: their ring mode says so, or a block (J-1.5, J-1.7).
enum class Bell : std::uint8_t { rings, silent };

/// The holder of a leg: the session that acts for the person, and its device. Empty device: unknown.
struct Seat {
  SessionId session{};
  std::string device{};
  friend bool operator==(const Seat&, const Seat&) = default;
};

/// A lost transport: since when, and until when we wait for it. `restart`: the server itself was down.
struct Absence {
  enum class Cause : std::uint8_t { transport, restart };
  TimePoint since;
  TimePoint until;
  Cause cause = Cause::transport;
  friend bool operator==(const Absence&, const Absence&) = default;
};

/// The notice to the caller that a callee has joined. `pending`: the caller was away then, and is notified on return.
enum class AnswerNotice : std::uint8_t { sent, pending };

enum class PartyRole : std::uint8_t { caller, callee };

struct Leg {
  UserId user{};
  PartyRole role = PartyRole::callee;
  LegState state = LegState::invited;
  Bell bell = Bell::rings;
  std::optional<Seat> seat{};        // none: no session has acted for this person yet
  std::optional<Absence> away{};     // also while pending, which the others are not shown
  std::optional<SessionId> acted{};  // dialled, answered or declined: its repeat is success (SPEC 2.8.1)
  TimePoint joined{};                // when the person came into the call
  bool media_alive = false;          // the client reported so, at least once
  AnswerNotice answer_notice = AnswerNotice::sent;
  friend bool operator==(const Leg&, const Leg&) = default;
};

/// Whether the person may still answer and is rung for it.
[[nodiscard]] inline bool may_be_rung(const Leg& leg) { return is_pending(leg.state) && leg.bell == Bell::rings; }

/// One leg per person, ordered by user id. A two-person call, the common case, needs no allocation.
using Legs = boost::container::small_vector<Leg, 2>;

/// leg_of() requires that the user has a leg; find_leg() returns null otherwise.
[[nodiscard]] Leg& leg_of(Legs& legs, UserId user);
[[nodiscard]] const Leg& leg_of(const Legs& legs, UserId user);
[[nodiscard]] const Leg* find_leg(const Legs& legs, UserId user);
[[nodiscard]] Leg& caller_of(Legs& legs);
[[nodiscard]] const Leg& caller_of(const Legs& legs);
void move(Leg& leg, LegStep step);

}  // namespace belfry::call
