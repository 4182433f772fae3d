// What the host notes beside the steps.
#include "domain/call/advance.hpp"

namespace belfry::call {

void note_told(State& state, UserId user) {
  std::visit([&](auto& call) { move(leg_of(call.legs, user), LegStep::told); }, state);
}

void note_described(State& state, UserId user) {
  auto* const call = std::get_if<Connected>(&state);
  if (call != nullptr && leg_of(call->legs, user).role == Role::callee) call->negotiation = Negotiation::open;
}

void note_told_of_end(State& state, TimePoint now) {
  if (auto* const over = std::get_if<Ended>(&state)) over->told = now;
}

void note_dialled(State& state, SessionId session) {
  std::visit([&](auto& call) { caller_of(call.legs).acted = session; }, state);
}

}  // namespace belfry::call
