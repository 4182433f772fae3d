#include "domain/call/collision.hpp"

#include <algorithm>

namespace belfry::call {
namespace {

/// A new signaling page takes a lost page's seat by registering. It has neither dialled nor answered this call.
bool took_over(const Leg& mine, const Start& start) {
  return mine.seat && mine.seat->session == start.session && start.dialect == Dialect::signaling && mine.acted != start.session;
}

/// Whether the caller's session in this call is gone and the start comes from another one. A page that took over and then dials
/// has abandoned the old page's call.
bool left_behind(const Leg& mine, const Start& start, std::span<const Session> here) {
  if (start.via == Via::request) return mine.away.has_value();
  if (!mine.seat) return false;
  if (mine.seat->session == start.session) return took_over(mine, start);
  return std::none_of(here.begin(), here.end(), [&](const Session& each) { return holds(mine, each); });
}

/// Whether this start means the call that its caller has made already. A page of the signaling dialect knows no call ids, and an
/// app of the token dialect starts the call of a conversation, from whichever session (J-2.4).
bool dials_again(const Leg& mine, const Start& start) {
  if (start.dialect == Dialect::token) return true;
  return start.dialect == Dialect::signaling && mine.acted == start.session;
}

/// J-2.4. A start by the caller is a repeat only where clients dial again to be sure.
Collision of_conversation(const State& state, const Start& start) {
  const Leg* const mine = find_leg(legs_of(state), start.caller);
  if (mine == nullptr) return Collision::takes_place;
  if (mine->role == PartyRole::callee) return rings_for(state, start.caller) ? Collision::rings_here : Collision::takes_place;
  const bool calling = std::holds_alternative<Calling>(state);
  return calling && start.dialect == Dialect::token ? Collision::repeats : Collision::takes_place;
}

}  // namespace

Collision decide(const State& state, const Start& start, std::span<const Session> callers_sessions) {
  const Status status = status_of(state);
  const Legs& legs = legs_of(state);
  if (is_final(status)) return Collision::clear;
  const Leg* const mine = find_leg(legs, start.caller);
  const Leg* const theirs = start.callee ? find_leg(legs, *start.callee) : nullptr;
  if (start.met == Met::of_conversation) return of_conversation(state, start);
  if (mine == nullptr || start.met == Met::group_call) return Collision::busy;
  const bool calling = status == Status::calling;
  const bool is_rung = calling && mine->role == PartyRole::callee;
  if (theirs == nullptr) {
    const bool hangs_up = start.taken_over == OnTakenOver::hang_up && !is_rung && took_over(*mine, start);
    return hangs_up ? Collision::hangs_up : Collision::busy;
  }
  // C-05: nobody may learn of a call that has not rung yet.
  if (is_rung && !rings_for(state, start.caller)) return Collision::busy;
  if (is_rung) return start.glare == OnGlare::connect ? Collision::joins : Collision::rings_here;
  if (calling && dials_again(*mine, start)) return Collision::repeats;
  const bool peer_gone = !calling && theirs->away;
  return peer_gone || left_behind(*mine, start, callers_sessions) ? Collision::supersedes : Collision::busy;
}

}  // namespace belfry::call
