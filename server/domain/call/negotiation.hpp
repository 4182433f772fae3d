// Negotiation: which description of the media is still missing, and whether a signal may be passed from one person to another
// (SPEC X-31). Candidates belong to a description and wait until it has been sent. Not here: which signals wait and where (app/,
// the signal relay).
#pragma once

#include <cstdint>

#include "domain/call/leg.hpp"

namespace belfry::call {

/// `offered`: the start carried an offer, so an answer must follow. `answer_due`: the callee accepted without a description and
/// will send the answer as a signal.
enum class Negotiation : std::uint8_t { open, offered, answer_due };

/// Whether the start or the accept carried a description.
enum class Enclosed : std::uint8_t { nothing, description };

[[nodiscard]] constexpr Negotiation after_start(Enclosed offer) {
  return offer == Enclosed::description ? Negotiation::offered : Negotiation::open;
}
[[nodiscard]] constexpr Negotiation after_answer(Negotiation before, Enclosed answer) {
  return before == Negotiation::offered && answer == Enclosed::nothing ? Negotiation::answer_due : Negotiation::open;
}

/// Whether signals may be passed on now. `behind_description`: only after the description that they belong to.
enum class Flow : std::uint8_t { hold, behind_description, pass };

/// People in the call may signal to each other; the caller may also signal to callees who still ring. Signals to a person whose
/// connection is lost are held.
[[nodiscard]] constexpr Flow flow(const Leg& from, const Leg& to, Negotiation negotiation) {
  const bool may_speak = is_in(from.state) && (is_in(to.state) || (from.role == PartyRole::caller && is_pending(to.state)));
  if (!may_speak || to.away) return Flow::hold;
  return from.role == PartyRole::callee && negotiation == Negotiation::answer_due ? Flow::behind_description : Flow::pass;
}

}  // namespace belfry::call
