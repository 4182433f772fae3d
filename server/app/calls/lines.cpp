#include "app/calls/lines.hpp"

#include <algorithm>
#include <utility>

#include "app/calls/home.hpp"

namespace belfry::calls {
namespace {

const account::Person& speaker(const store::StoredCall& call, call::Party party) {
  return party == call::Party::caller ? call.caller : call.callee;
}

std::size_t& reach_of(std::vector<std::pair<SessionId, std::size_t>>& reached, SessionId session) {
  for (auto& [known, upto] : reached)
    if (known == session) return upto;
  return reached.emplace_back(session, 0).second;
}

}  // namespace

// --- from this shard's sessions -------------------------------------------------------------------------------------

void Lines::open(const CallId& call, SessionAddress at) { sessions_[at].push_back({.call = call}); }

Sent Lines::signal(const Actor& actor, const CallId& call, const Signal& signal, Reply reply) {
  Leg* leg = actor.at ? find(actor.at, call) : nullptr;
  if (leg == nullptr) return claim(actor, call, signal, std::move(reply));
  const CallView view = leg->view;
  const auto refuse = [&](Refusal why) {
    if (reply) reply(unexpected(Refused{.why = why, .call = view}));
    return Sent::refused;
  };
  if (view && signal.to && *signal.to != speaker(*view, other(leg->party)).id) return refuse(Refusal::wrong_addressee);
  const bool outdated = signal.generation < std::exchange(leg->generation, std::max(leg->generation, signal.generation));
  const bool describes = is_description(signal.kind);
  const bool waits = leg->flow == Flow::hold || (leg->flow == Flow::behind_description && !leg->described && !describes);
  if (!outdated && waits) {
    if (!keep(*leg, signal)) return refuse(Refusal::too_many_signals);
    if (reply) reply(CallAnswer{.call = view, .queued = true});
    return Sent::held;
  }
  if (!outdated && leg->targets.empty()) {
    const auto& peer = speaker(*view, other(leg->party));
    ports_.log.warn("WebRTC signal target offline", {{"event", "WS_WEBRTC_SIGNAL"}, {"targetUserId", to_text(peer.id.value())}});
    return refuse(Refusal::peer_offline);
  }
  if (!outdated) pass(*leg, signal);
  if (describes) described(actor.at, call);
  if (reply) reply(CallAnswer{.call = view});
  return Sent::passed;
}

/// a session speaks in a call without having a leg there. It may be the new device of one who is in it: home knows.
Sent Lines::claim(const Actor& actor, const CallId& call, const Signal& signal, Reply reply) {
  if (actor.at) {
    auto& legs = sessions_[actor.at];
    legs.push_back(Leg{.call = call});
    if (!keep(legs.back(), signal)) {
      legs.pop_back();
      if (reply) reply(unexpected(Refused{.why = Refusal::too_many_signals}));
      return Sent::refused;
    }
  }
  Command claim{.kind = Command::Kind::claim, .call = call, .actor = actor, .received = ports_.clock.now()};
  claim.asker = post_.mine();
  claim.reply = std::move(reply);
  claim.in_flight = exchange_.in_flight();
  claim.body = signal.payload;
  claim.signal_kind = signal.kind;
  claim.signal_generation = signal.generation;
  claim.signal_to = signal.to;
  post_.to(exchange_.home_of(call), [claim = std::move(claim)](Calls& calls) mutable { calls.home().take(std::move(claim)); });
  return Sent::asked;
}

// --- from homes -----------------------------------------------------------------------------------------------------

void Lines::set_leg(const CallView& call, const LegView& view) {
  Leg* leg = find(view.at, call->row.id);
  if (leg == nullptr) {
    const UserId user = speaker(*call, view.party).id;
    if (!exchange_.directory().session(user, view.at)) return;  // it went meanwhile; its home hears of that
    leg = &sessions_[view.at].emplace_back(Leg{.call = call->row.id});
  }
  leg->view = call;
  leg->party = view.party;
  leg->targets = view.targets;
  leg->flow = view.flow;
  if (call->row.status != call::Status::calling) {
    leg->passed = {};
    leg->reached = {};
  } else if (!leg->passed.empty()) {
    catch_up(view.at, call->row.id);
    leg = find(view.at, call->row.id);
    if (leg == nullptr) return;
  }
  if (leg->flow != Flow::hold) flush(view.at, call->row.id);
}

/// Its description is out: what waited for that may follow.
void Lines::described(SessionAddress at, const CallId& call) {
  Leg* leg = find(at, call);
  if (leg == nullptr || std::exchange(leg->described, true)) return;
  if (leg->flow != Flow::hold) flush(at, call);
}

/// What was held goes out, if there is somebody to hear it. X-31: a description first, if one is still to come.
void Lines::flush(SessionAddress at, const CallId& call) {
  Leg* leg = find(at, call);
  if (leg == nullptr || leg->held.empty() || leg->targets.empty()) return;
  if (leg->flow == Flow::behind_description && !leg->described) {
    const auto first = [](const Held& each) { return is_description(each.kind); };
    if (std::none_of(leg->held.begin(), leg->held.end(), first)) return;
    std::stable_partition(leg->held.begin(), leg->held.end(), first);
    leg->described = true;
  }
  const auto held = std::exchange(leg->held, {});
  leg->held_bytes = 0;
  for (const auto& [kind, payload, generation] : held) remember(*leg, {kind, payload, generation});
  // Delivering may close a slow reader and with it this session: work on a copy.
  const Leg sender{.call = leg->call, .view = leg->view, .party = leg->party, .targets = leg->targets};
  for (const auto& [kind, payload, generation] : held) deliver(sender, {kind, payload, generation});
}

void Lines::drop_leg(const CallId& call, SessionAddress at) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return;
  std::erase_if(found->second, [&](const Leg& leg) { return leg.call == call; });
  if (found->second.empty()) sessions_.erase(found);
}

void Lines::merge(const CallId& repeated, const CallView& call, SessionAddress at) {
  Leg* from = find(at, repeated);
  if (from == nullptr || repeated == call->row.id) return;
  const auto held = std::exchange(from->held, {});
  drop_leg(repeated, at);
  for (const auto& [kind, payload, generation] : held) {
    Leg* leg = find(at, call->row.id);
    if (leg == nullptr) return;
    const Signal signal{kind, payload, generation};
    if (leg->flow == Flow::pass)
      pass(*leg, signal);
    else if (!keep(*leg, signal))
      return;
  }
}

void Lines::follow(SessionAddress before, SessionAddress now) {
  if (moved_.insert_or_assign(before, now).second) moves_.push_back(before);
  if (moves_.size() <= kMaxMoves) return;
  moved_.erase(moves_.front());
  moves_.pop_front();
}

// --- legs -----------------------------------------------------------------------------------------------------------

Lines::Leg* Lines::find(SessionAddress at, const CallId& call) {
  const auto found = sessions_.find(at);
  if (found == sessions_.end()) return nullptr;
  auto& legs = found->second;
  const auto leg = std::find_if(legs.begin(), legs.end(), [&](const Leg& each) { return each.call == call; });
  return leg == legs.end() ? nullptr : &*leg;
}

bool Lines::keep(Leg& leg, const Signal& signal) {
  if (leg.held.size() == kMaxHeldSignals || leg.held_bytes + signal.payload.size() > kMaxHeldBytes) return false;
  leg.held_bytes += signal.payload.size();
  leg.held.push_back({std::string(signal.kind), std::string(signal.payload), signal.generation});
  return true;
}

void Lines::pass(Leg& leg, const Signal& signal) {
  remember(leg, signal);
  deliver(leg, signal);
}

void Lines::remember(Leg& leg, const Signal& signal) {
  if (leg.view->row.status != call::Status::calling) return;
  const bool room = leg.passed.size() < kMaxHeldSignals && leg.passed_bytes + signal.payload.size() <= kMaxHeldBytes;
  if (room) {
    leg.passed_bytes += signal.payload.size();
    leg.passed.push_back({std::string(signal.kind), std::string(signal.payload), signal.generation});
  }
  for (const Target& target : leg.targets) reach_of(leg.reached, target.session) = leg.passed.size();
}

/// R-003-31: none is lost for a device which is rung later, or comes back and is rung again.
void Lines::catch_up(SessionAddress at, const CallId& call) {
  Leg* leg = find(at, call);
  if (leg == nullptr) return;
  std::vector<std::pair<Target, std::size_t>> behind;
  for (const Target& target : leg->targets) {
    std::size_t& reached = reach_of(leg->reached, target.session);
    if (reached < leg->passed.size()) behind.emplace_back(target, std::exchange(reached, leg->passed.size()));
  }
  const auto passed = behind.empty() ? std::vector<Held>{} : leg->passed;  // delivering may change the leg
  const CallView view = leg->view;
  const call::Party party = leg->party;
  for (const auto& [target, from] : behind) {
    const Leg sender{.call = call, .view = view, .party = party, .targets = {target}};
    for (std::size_t place = from; place < passed.size(); ++place)
      deliver(sender, {passed[place].kind, passed[place].payload, passed[place].generation});
  }
}

void Lines::deliver(const Leg& leg, const Signal& signal) {
  const auto& from = speaker(*leg.view, leg.party);
  if (ports_.log.enabled(LogLevel::debug))
    ports_.log.debug("signal", {{"event", "WS_WEBRTC_SIGNAL"},
                                {"eventType", signal.kind},
                                {"from", exchange_.redacted()(from.username)},
                                {"to", exchange_.redacted()(speaker(*leg.view, other(leg.party)).username)}});
  // Delivering may close a slow reader, whose going may change this very leg: only copies from here on.
  const CallView view = leg.view;
  const call::Party party = leg.party;
  if (leg.targets.size() == 1 && leg.targets.front().at.shard == post_.mine() && !moved_.contains(leg.targets.front().at))
    return ports_.announcer.tell(leg.targets.front().at,
                                 SignalArrived{view, from, signal.kind, signal.payload, signal.generation});
  const auto targets = leg.targets;
  const auto make = [party, kind = std::string(signal.kind), payload = std::string(signal.payload),
                     generation = signal.generation](const CallView& call) {
    return SignalArrived{call, speaker(*call, party), kind, payload, generation};
  };
  for (const Target& target : targets)
    post_.to(target.at.shard, [to = target.at, view, make](Calls& calls) { calls.lines().tell(to, view, make); });
}

}  // namespace belfry::calls
