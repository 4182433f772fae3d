// Negotiation: which description of the media is still to come, and whether a signal may go from one person to another (SPEC
// Candidates belong to a description: they wait behind it. Not here: what waits, and where (app/, the signal relay).
#pragma once

#include <cstdint>

#include "domain/call/leg.hpp"

namespace belfry::call {

/// `offered`: an offer came with the start, so an answer must follow. `answer_due`: the callee accepted without one and will send
/// it as a signal.
enum class Negotiation : std::uint8_t { open, offered, answer_due };

/// Whether a description came with the start, or with the accept.
enum class Enclosed : std::uint8_t { nothing, description };

[[nodiscard]] constexpr Negotiation after_start(Enclosed offer) {
  return offer == Enclosed::description ? Negotiation::offered : Negotiation::open;
}
[[nodiscard]] constexpr Negotiation after_answer(Negotiation before, Enclosed answer) {
  return before == Negotiation::offered && answer == Enclosed::nothing ? Negotiation::answer_due : Negotiation::open;
}

/// Whether signals may be passed on now. `behind_description`: only after the description they belong to.
enum class Flow : std::uint8_t { hold, behind_description, pass };

/// People in the call may signal to each other, the caller also to callees whose phones still ring. Signals to a person whose
/// connection is lost are held back.
[[nodiscard]] constexpr Flow flow(const Leg& from, const Leg& to, Negotiation negotiation) {
  const bool may_speak = is_in(from.state) && (is_in(to.state) || (from.role == Role::caller && is_pending(to.state)));
  if (!may_speak || to.away) return Flow::hold;
  return from.role == Role::callee && negotiation == Negotiation::answer_due ? Flow::behind_description : Flow::pass;
}

}  // namespace belfry::call
