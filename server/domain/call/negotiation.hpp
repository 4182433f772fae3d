// Negotiation: which description of the media is still to come, and whether a signal may go from one person to another (SPEC
// Candidates belong to a description: they wait behind it. Not here: what waits, and where (app/, the signal relay).
#pragma once

#include <cstdint>

#include "domain/call/leg.hpp"

namespace belfry::call {

/// `offered`: with the start, so an answer is to come. `answer_due`: the callee is in without it, and sends it as a signal.
enum class Negotiation : std::uint8_t { open, offered, answer_due };

/// Whether a description came with the start, or with the accept.
enum class Enclosed : std::uint8_t { nothing, description };

[[nodiscard]] constexpr Negotiation after_start(Enclosed offer) {
  return offer == Enclosed::description ? Negotiation::offered : Negotiation::open;
}
[[nodiscard]] constexpr Negotiation after_answer(Negotiation before, Enclosed answer) {
  return before == Negotiation::offered && answer == Enclosed::nothing ? Negotiation::answer_due : Negotiation::open;
}

/// Whether signals may go now. `behind_description`: once the description they belong to has gone.
enum class Flow : std::uint8_t { hold, behind_description, pass };

/// Who is in the call speaks to who is in it, and the caller to those who still ring too; nothing goes to one who is away.
[[nodiscard]] constexpr Flow flow(const Leg& from, const Leg& to, Negotiation negotiation) {
  const bool may_speak = is_in(from.state) && (is_in(to.state) || (from.role == Role::caller && is_pending(to.state)));
  if (!may_speak || to.away) return Flow::hold;
  return from.role == Role::callee && negotiation == Negotiation::answer_due ? Flow::behind_description : Flow::pass;
}

}  // namespace belfry::call
