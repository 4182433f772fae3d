#include "app/home.hpp"

#include <algorithm>
#include <utility>

namespace belfry::app {
namespace {

using Kind = Command::Kind;

std::string pair_of(const Command& command) {
  // No name holds a NUL: the gateway takes letters, digits, '_' and '-'.
  const auto& [first, second] = std::minmax(command.me, command.peer);
  std::string pair;
  pair.reserve(first.size() + 1 + second.size());
  return pair.append(first).append(1, '\0').append(second);
}

oldcall::Party party_of(const HomeCall& call, std::string_view name) {
  return call.caller.name.value() == name ? oldcall::Party::caller : oldcall::Party::callee;
}

}  // namespace

void Home::take(Command command) {
  auto [found, fresh] = desks_.try_emplace(pair_of(command));
  found->second.pair = &found->first;
  found->second.queue.push_back(std::move(command));
  run(found->second);
}

void Home::run(Desk& desk) {
  if (desk.running) return;  // whoever runs it will come to what was queued meanwhile
  desk.running = true;
  while (!desk.pending && !desk.queue.empty()) {
    Command next = std::move(desk.queue.front());
    desk.queue.pop_front();
    act(desk, std::move(next));
  }
  desk.running = false;
  forget_empty(desk);
}

void Home::forget_empty(Desk& desk) {
  if (desk.call || desk.pending || !desk.queue.empty()) return;
  timers_.cancel(desk.alarm);
  desks_.erase(*desk.pair);
}

void Home::act(Desk& desk, Command command) {
  switch (command.kind) {
    case Kind::start:
      return start(desk, std::move(command));
    case Kind::answer:
    case Kind::decline:
    case Kind::hang_up:
      return speak(desk, std::move(command));
    case Kind::claim:
      return claim(desk, std::move(command));
    case Kind::lost:
    case Kind::left:
    case Kind::returned:
      return move(desk, std::move(command));
    case Kind::alarm:
      return ring_out(desk, std::move(command));
  }
}

void Home::start(Desk& desk, Command command) {
  if (desk.call && !desk.call->ended()) return start_again(desk, std::move(command));
  if (exchange_.directory().find(command.me) != command.at) return refuse(command, FailedWhy::not_registered);
  const auto callee_at = exchange_.directory().find(command.peer);
  if (!callee_at) return refuse(command, FailedWhy::offline);  // C-10, T-04: no call is made

  Pending pending{.command = {}, .step = oldcall::begin(exchange_.settings().policy, command.received), .created = HomeCall{}};
  HomeCall& call = *pending.created;
  call.id = command.leg;
  call.media = command.media;
  call.state = pending.step.next;
  call.caller = {.name = oldcall::UserName(command.me), .at = command.at, .joined = command.at, .leg = {}};
  call.callee = {.name = oldcall::UserName(command.peer), .at = *callee_at, .joined = *callee_at, .leg = {}};
  call.offer = std::exchange(command.body, {});
  pending.command = std::move(command);
  commit(desk, std::move(pending));
}

void Home::start_again(Desk& desk, Command command) {
  HomeCall& call = desk.its_call();
  const bool ringing = std::holds_alternative<oldcall::Ringing>(call.state);
  const auto party = party_of(call, command.me);
  const Seat& seat = call.seat(party);
  const bool knows_of_it = seat.at == command.at && seat.joined == command.at;

  if (knows_of_it && !ringing) return busy(command);
  if (knows_of_it && party == oldcall::Party::caller)  // a repeat
    return post_.to(command.at.shard, [repeated = command.leg, id = call.id, at = command.at](Switchboard& board) {
      board.lines().merge(repeated, id, at);
    });
  if (knows_of_it) {  // glare
    busy(command);
    return run_effect(call, oldcall::RingCallee{});
  }
  if (exchange_.directory().find(command.me) != command.at) return refuse(command, FailedWhy::not_registered);
  if (ringing && party == oldcall::Party::callee) {
    if (!takes_over(desk, command)) refuse(command, FailedWhy::store_unavailable);
    return;
  }
  const TimePoint when = command.received;
  decide(desk, std::move(command), oldcall::StartedAnew{party}, when);
}

void Home::speak(Desk& desk, Command command) {
  if (!desk.call) return refuse(command, FailedWhy::no_such_call);
  HomeCall& call = *desk.call;
  const auto party = party_of(call, command.me);
  if (!call.ended() && call.seat(party).at != command.at) {
    if (!takes_over(desk, command))
      refuse(command, command.takeover == Command::Takeover::tried ? FailedWhy::store_unavailable : FailedWhy::not_registered);
    return;
  }
  if (command.kind != Kind::hang_up && party == oldcall::Party::caller) return refuse(command, FailedWhy::not_a_party);
  const TimePoint when = command.received;
  oldcall::Event event = oldcall::HangUp{party};
  if (command.kind == Kind::answer) event = oldcall::CalleeAnswered{};
  if (command.kind == Kind::decline) event = oldcall::CalleeDeclined{};
  decide(desk, std::move(command), event, when);
}

void Home::claim(Desk& desk, Command command) {
  if (!desk.call) return refuse(command, FailedWhy::no_such_call);
  HomeCall& call = *desk.call;
  const SessionAddress at = command.at;
  if (call.ended())  // candidates which crossed the end are nobody's mistake (as X-18)
    return post_.to(at.shard, [id = command.leg, at](Switchboard& board) { board.lines().drop_leg(id, at); });
  if (call.seat(party_of(call, command.me)).at != at) {
    if (!takes_over(desk, command)) refuse(command, FailedWhy::not_registered);
    return;
  }
  post_.to(at.shard, [leg = command.leg, id = call.id, at](Switchboard& board) { board.lines().merge(leg, id, at); });
}

/// the session which now holds the name of a party becomes that party; then its command has its turn again.
bool Home::takes_over(Desk& desk, Command& command) {
  if (command.takeover == Command::Takeover::tried) return false;
  if (exchange_.directory().find(command.me) != command.at) return false;
  command.takeover = Command::Takeover::tried;
  Command returned{.kind = Kind::returned,
                   .me = command.me,
                   .at = command.at,
                   .peer = command.peer,
                   .received = command.received,
                   .body = {},
                   .leg = command.leg};
  desk.queue.push_front(std::move(command));
  desk.queue.push_front(std::move(returned));
  return true;
}

void Home::move(Desk& desk, Command command) {
  if (!desk.call || desk.call->ended()) return;
  const auto party = party_of(*desk.call, command.me);
  // A late word about a session which is no longer the party's says nothing about the party (X-16, R-003-28).
  const bool current = command.kind == Kind::returned ? exchange_.directory().find(command.me) == command.at
                                                      : desk.call->seat(party).at == command.at;
  if (!current) return;
  const TimePoint when = command.received;
  oldcall::Event event = oldcall::PartyReturned{party};
  if (command.kind == Kind::lost) event = oldcall::PartyLost{party};
  if (command.kind == Kind::left) event = oldcall::PartyLeft{party};
  decide(desk, std::move(command), event, when);
}

void Home::ring_out(Desk& desk, Command command) {
  if (!desk.call) return;
  if (desk.call->ended()) {
    timers_.cancel(desk.alarm);
    desk.call.reset();
    return;
  }
  const auto alarm = oldcall::next_alarm(desk.call->state);
  if (alarm && alarm->at <= command.received) decide(desk, std::move(command), alarm->event, alarm->at);
}

void Home::refuse(const Command& command, FailedWhy why) {
  const bool system = command.kind >= Kind::lost;
  if (system) return;
  if (command.kind == Kind::start) exchange_.count(&CallStats::failed);
  if (why == FailedWhy::offline && ports_.log.enabled(LogLevel::warn))
    ports_.log.warn("the callee is offline",
                    {{"event", "WS_WEBRTC_SIGNAL"}, {"targetUserId", exchange_.redacted()(command.peer)}});
  post_.to(command.at.shard, [at = command.at, leg = command.leg, peer = command.peer, why](Switchboard& board) {
    board.lines().drop_leg(leg, at);
    board.lines().tell(at, Failed{peer, why});
  });
  release(command);
}

void Home::busy(const Command& command) {
  exchange_.count(&CallStats::busy);
  post_.to(command.at.shard, [at = command.at, leg = command.leg, peer = command.peer](Switchboard& board) {
    board.lines().drop_leg(leg, at);
    board.lines().tell(at, Busy{peer});
  });
}

/// A session that hung up may start its next call now.
void Home::release(const Command& command) {
  if (command.kind != Kind::hang_up && command.kind != Kind::decline) return;
  post_.to(command.at.shard, [at = command.at](Switchboard& board) { board.lines().left_over(at); });
}

}  // namespace belfry::app
