#include "domain/call/state.hpp"

#include <algorithm>

namespace belfry::call {

Status status_of(const State& state) {
  if (std::holds_alternative<Calling>(state)) return Status::calling;
  if (std::holds_alternative<Connected>(state)) return Status::connected;
  const auto& over = std::get<Ended>(state);
  if (over.answered) return Status::ended;
  return over.reason == EndReason::declined ? Status::rejected : Status::missed;  // C-25
}

const Legs& legs_of(const State& state) {
  return std::visit([](const auto& call) -> const Legs& { return call.legs; }, state);
}

Negotiation negotiation_of(const State& state) {
  if (const auto* calling = std::get_if<Calling>(&state)) return calling->negotiation;
  const auto* connected = std::get_if<Connected>(&state);
  return connected != nullptr ? connected->negotiation : Negotiation::open;
}

/// A caller who has not left it has been in it since before the answer.
bool may_answer(const Connected& call, const Leg& leg) {
  return leg.role == PartyRole::callee || !is_in(leg.state) || leg.joined > call.answered;
}

AnswerNotice answer_notice_of(const Legs& legs) {
  const auto is_due = [](const Leg& leg) { return leg.answer_notice == AnswerNotice::pending; };
  return std::any_of(legs.begin(), legs.end(), is_due) ? AnswerNotice::pending : AnswerNotice::sent;
}

bool rings_for(const State& state, UserId user) {
  const auto* calling = std::get_if<Calling>(&state);
  return may_be_rung(leg_of(legs_of(state), user)) && (calling == nullptr || calling->ring_start == RingStart::begun);
}

}  // namespace belfry::call
