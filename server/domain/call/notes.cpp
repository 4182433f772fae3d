// What app/calls writes into the state between steps (advance.hpp).
#include "domain/call/advance.hpp"

namespace belfry::call {

void note_notified(State& state, UserId user) {
  std::visit([&](auto& call) { move(leg_of(call.legs, user), LegStep::notified); }, state);
}

void note_described(State& state, UserId user) {
  auto* const call = std::get_if<Connected>(&state);
  if (call != nullptr && leg_of(call->legs, user).role == PartyRole::callee) call->negotiation = Negotiation::open;
}

void note_end_announced(State& state, TimePoint now) {
  if (auto* const over = std::get_if<Ended>(&state)) over->announced_at = now;
}

void carry_over(State& read_back, const State& before) {
  auto* const call = std::get_if<Connected>(&read_back);
  if (call != nullptr && std::holds_alternative<Connected>(before)) call->negotiation = negotiation_of(before);
  std::visit(
      [&](auto& next) {
        for (Leg& leg : next.legs) {
          const Leg* const was = find_leg(legs_of(before), leg.user);
          if (was == nullptr) continue;
          if (is_in(was->state) && was->answer_notice == AnswerNotice::sent) leg.answer_notice = AnswerNotice::sent;
          if (was->acted && is_in(was->state) == is_in(leg.state)) leg.acted = was->acted;
          if (was->state == LegState::notified) move(leg, LegStep::notified);
        }
      },
      read_back);
}

}  // namespace belfry::call
