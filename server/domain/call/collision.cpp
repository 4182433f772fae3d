#include "domain/call/collision.hpp"

#include <algorithm>

namespace belfry::call {
namespace {

/// Whether the caller's session in this call is gone and the start comes from another one. A new signaling page takes a lost
/// page's seat by registering; when it then dials, it has abandoned the old page's call.
bool left_behind(const Leg& mine, const Start& start, std::span<const Session> here) {
  if (start.via == Via::request) return mine.away.has_value();
  if (!mine.seat) return false;
  if (mine.seat->session == start.session) return start.dialect == Dialect::signaling && mine.acted != start.session;
  return std::none_of(here.begin(), here.end(), [&](const Session& each) { return holds(mine, each); });
}

}  // namespace

Collision decide(const State& state, const Start& start, std::span<const Session> callers_sessions) {
  const Status status = status_of(state);
  const Legs& legs = legs_of(state);
  if (is_final(status)) return Collision::clear;
  const Leg* const mine = find_leg(legs, start.caller);
  const Leg* const theirs = find_leg(legs, start.callee);
  if (mine == nullptr || theirs == nullptr || legs.size() != 2) return Collision::busy;
  const bool calling = status == Status::calling;
  // C-05: nobody may learn of a call that has not rung yet.
  if (calling && mine->role == PartyRole::callee && !rings_for(state, start.caller)) return Collision::busy;
  if (calling && mine->role == PartyRole::callee)
    return start.glare == OnGlare::connect ? Collision::joins : Collision::rings_here;
  if (calling && start.dialect == Dialect::signaling && mine->acted == start.session) return Collision::repeats;
  const bool peer_gone = !calling && theirs->away;
  return peer_gone || left_behind(*mine, start, callers_sessions) ? Collision::supersedes : Collision::busy;
}

}  // namespace belfry::call
