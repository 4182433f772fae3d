#include "app/lines.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/home.hpp"

namespace belfry::app {

// --- from this shard's sessions -------------------------------------------------------------------------------------

void Lines::start(Command start) {
  auto& session = sessions_[start.at];
  if (session.leaving != 0 && session.waiting.size() == kMaxWaitingStarts)
    return tell(start.at, Failed{start.peer, FailedWhy::rate_limited});
  session.legs.push_back({.call = start.leg, .me = start.me, .peer = start.peer});
  if (session.leaving != 0) return session.waiting.push_back(std::move(start));
  home(std::move(start));
}

void Lines::leave(Command command) {
  ++sessions_[command.at].leaving;
  home(std::move(command));
}

void Lines::relay(const Line& line, std::string_view candidate) {
  const auto found = sessions_.find(line.at);
  if (found == sessions_.end()) return claim(line, candidate);
  auto& legs = found->second.legs;
  // From the back: a call that is being started again stands behind the one that is being left.
  const auto leg = std::find_if(legs.rbegin(), legs.rend(), [&](const Leg& each) { return each.peer == line.peer; });
  if (leg == legs.rend()) return claim(line, candidate);
  if (leg->flow == Flow::pass) return pass(*leg, candidate);
  keep(*leg, line.at, candidate);
}

/// a session speaks to somebody without being in a call. It may be the new device of one who is: home knows.
void Lines::claim(const Line& line, std::string_view candidate) {
  std::array<std::byte, oldcall::kCallIdRandomBytes> random{};
  ports_.random.fill(random);
  const auto id = oldcall::make_call_id(ports_.clock.wall(), random);
  auto& leg = sessions_[line.at].legs.emplace_back(Leg{.call = id, .me = std::string(line.me), .peer = std::string(line.peer)});
  keep(leg, line.at, candidate);
  home({.kind = Command::Kind::claim,
        .me = std::string(line.me),
        .at = line.at,
        .peer = std::string(line.peer),
        .received = ports_.clock.now(),
        .body = {},
        .leg = id});
}

void Lines::lost(std::string_view name, SessionAddress at) {
  for (const Leg& leg : take_legs(at)) {
    // What the session still had to send is dropped with it: it belongs to a peer connection of a page which may be gone.
    if (leg.peer_at) post_.to(leg.peer_at.shard, [to = leg.peer_at, at](Switchboard& board) { board.lines().hold(to, at); });
    exchange_.await_return(name, leg.peer);
    presence(Command::Kind::lost, name, at, leg);
  }
}

void Lines::left(std::string_view name, SessionAddress at) {
  for (const Leg& leg : take_legs(at)) presence(Command::Kind::left, name, at, leg);
}

void Lines::replaced(std::string_view name, SessionAddress at) {
  for (const Leg& leg : take_legs(at)) presence(Command::Kind::lost, name, at, leg);
  tell(at, Replaced{});
}

// --- from homes -----------------------------------------------------------------------------------------------------

void Lines::ring(const oldcall::CallId& call, std::string_view callee, const LegView& leg, std::string_view caller,
                 std::string_view offer) {
  set_leg(call, callee, caller, leg);
  if (find(leg.at, call) != nullptr) tell(leg.at, IncomingCall{caller, offer});
}

void Lines::set_leg(const oldcall::CallId& call, std::string_view me, std::string_view peer, const LegView& view) {
  Leg* leg = find(view.at, call);
  if (leg == nullptr) {
    Leg fresh{.call = call, .me = std::string(me), .peer = std::string(peer)};
    // The session may have gone while home was committing. It had no leg then to tell of it, so this is the moment.
    if (!holds_name(me, view.at)) return presence(Command::Kind::lost, me, view.at, fresh);
    leg = &sessions_[view.at].legs.emplace_back(std::move(fresh));
  }
  leg->peer_at = view.peer_at;
  leg->flow = view.flow;
  if (leg->flow == Flow::hold || leg->held.empty()) return;
  const auto held = std::exchange(leg->held, {});
  leg->held_bytes = 0;
  // Delivering may close a slow reader and with it this session: let go of the leg first.
  const std::string from = leg->me;
  const SessionAddress to = leg->peer_at;
  for (const auto& candidate : held) deliver(to, from, candidate);
}

void Lines::drop_leg(const oldcall::CallId& call, SessionAddress at) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return;
  std::erase_if(found->second.legs, [&](const Leg& leg) { return leg.call == call; });
  tidy(at);
}

void Lines::merge(const oldcall::CallId& repeated, const oldcall::CallId& call, SessionAddress at) {
  Leg* from = find(at, repeated);
  if (from == nullptr || repeated == call) return;
  const auto held = std::exchange(from->held, {});
  drop_leg(repeated, at);
  for (const auto& candidate : held) {
    Leg* leg = find(at, call);
    if (leg == nullptr) return;
    leg->flow == Flow::pass ? pass(*leg, candidate) : keep(*leg, at, candidate);
  }
}

void Lines::left_over(SessionAddress at) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end() || found->second.leaving == 0) return;
  if (--found->second.leaving != 0) return;
  auto waiting = std::exchange(found->second.waiting, {});
  tidy(at);
  for (auto& start : waiting) home(std::move(start));
}

void Lines::hold(SessionAddress at, SessionAddress peer_at) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return;
  for (Leg& leg : found->second.legs)
    if (leg.peer_at == peer_at) leg.flow = Flow::hold;
}

void Lines::deliver(SessionAddress to, std::string_view from, std::string_view candidate) {
  if (to.shard == post_.mine()) return tell(to, Candidate{from, candidate});
  post_.to(to.shard, [to, from = std::string(from), candidate = std::string(candidate)](Switchboard& board) {
    board.lines().tell(to, Candidate{from, candidate});
  });
}

// --- legs -----------------------------------------------------------------------------------------------------------

Lines::Leg* Lines::find(SessionAddress at, const oldcall::CallId& call) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return nullptr;
  auto& legs = found->second.legs;
  const auto leg = std::find_if(legs.begin(), legs.end(), [&](const Leg& each) { return each.call == call; });
  return leg == legs.end() ? nullptr : &*leg;
}

std::vector<Lines::Leg> Lines::take_legs(SessionAddress at) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return {};
  auto legs = std::move(found->second.legs);
  sessions_.erase(found);
  return legs;
}

void Lines::tidy(SessionAddress at) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return;
  const Session& session = found->second;
  if (session.legs.empty() && session.leaving == 0 && session.waiting.empty()) sessions_.erase(found);
}

bool Lines::holds_name(std::string_view name, SessionAddress at) const { return exchange_.directory().find(name) == at; }

void Lines::keep(Leg& leg, SessionAddress at, std::string_view candidate) {
  if (leg.held.size() == kMaxHeldCandidates || leg.held_bytes + candidate.size() > kMaxHeldBytes) {
    const std::string peer = leg.peer;
    return tell(at, Failed{peer, FailedWhy::too_many_candidates});
  }
  leg.held_bytes += candidate.size();
  leg.held.emplace_back(candidate);
}

void Lines::pass(const Leg& leg, std::string_view candidate) {
  if (ports_.log.enabled(LogLevel::debug))
    ports_.log.debug("signal", {{"event", "WS_WEBRTC_SIGNAL"},
                                {"eventType", "candidate"},
                                {"from", exchange_.redacted()(leg.me)},
                                {"to", exchange_.redacted()(leg.peer)}});
  deliver(leg.peer_at, leg.me, candidate);
}

// --- to homes -------------------------------------------------------------------------------------------------------

void Lines::home(Command command) {
  const ShardIndex shard = exchange_.home_of(command.me, command.peer);
  post_.to(shard, [command = std::move(command)](Switchboard& board) mutable { board.home().take(std::move(command)); });
}

void Lines::presence(Command::Kind kind, std::string_view me, SessionAddress at, const Leg& leg) {
  home({.kind = kind,
        .me = std::string(me),
        .at = at,
        .peer = leg.peer,
        .received = ports_.clock.now(),
        .body = {},
        .leg = leg.call});
}

}  // namespace belfry::app
