// What happens once a step is durable: its effects are told, the legs are set, the alarm is wound.
#include <utility>

#include "app/home.hpp"

namespace belfry::app {
namespace {

using Kind = Command::Kind;
using oldcall::Party;

const oldcall::Presence* presence_of(const oldcall::State& state) {
  if (const auto* ringing = std::get_if<oldcall::Ringing>(&state)) return &ringing->presence;
  if (const auto* active = std::get_if<oldcall::Active>(&state)) return &active->presence;
  return nullptr;
}

/// The callee's candidates wait until the caller has the answer they belong to.
Flow flow_from(Party party, const HomeCall& call) {
  const bool described = party == Party::caller || std::holds_alternative<oldcall::Active>(call.state);
  return described && !presence_of(call.state)->of(other(party)) ? Flow::pass : Flow::hold;
}

}  // namespace

void Home::settle(Desk& desk, Command& command, const oldcall::Step& step) {
  HomeCall& call = desk.its_call();
  const Party party = call.caller.name.value() == command.me ? Party::caller : Party::callee;
  if (command.kind == Kind::returned) {
    call.seat(party).at = command.at;
    // Its leg went with its session, and the peer's may be on hold, even if the loss was never committed: set both anew.
    call.caller.leg = call.callee.leg = {};
    if (party == Party::callee && std::holds_alternative<oldcall::Ringing>(step.next)) call.callee.joined = command.at;
  }
  call.state = step.next;
  run_effects(call, step.effects);
  if (call.ended()) {
    exchange_.forget_awaited(call.caller.name.value(), call.callee.name.value());
    exchange_.forget_awaited(call.callee.name.value(), call.caller.name.value());
  } else {
    update_legs(call);
  }
  set_alarm(desk, command);
  release(command);

  if (command.kind == Kind::start && call.ended()) return desk.queue.push_front(std::move(command));  // T-25: now the new one
  // A callee who already has a new session has not heard it ring: ring there.
  if (command.kind != Kind::lost || party != Party::callee || !std::holds_alternative<oldcall::Ringing>(call.state)) return;
  const auto holder = exchange_.directory().find(command.me);
  if (!holder || *holder == command.at) return;
  command.kind = Kind::returned;
  command.at = *holder;
  desk.queue.push_front(std::move(command));
}

void Home::run_effects(HomeCall& call, const std::vector<oldcall::Effect>& effects) {
  for (const auto& effect : effects) std::visit([&](const auto& what) { run_effect(call, what); }, effect);
}

void Home::run_effect(HomeCall& call, const oldcall::RingCallee&) {
  call.callee.leg = {call.callee.at, call.caller.at, Flow::hold};
  post_.to(call.callee.at.shard,
           [id = call.id, callee = call.callee.name.value(), leg = call.callee.leg, caller = call.caller.name.value(),
            offer = call.offer](Switchboard& board) { board.lines().ring(id, callee, leg, caller, offer); });
}

void Home::run_effect(HomeCall& call, const oldcall::TellAnswered&) {
  post_.to(call.caller.at.shard, [to = call.caller.at, from = call.callee.name.value(), answer = std::exchange(call.answer, {})](
                                     Switchboard& board) { board.lines().tell(to, CallAnswered{from, answer}); });
}

void Home::run_effect(HomeCall& call, const oldcall::TellDeclined&) {
  post_.to(call.caller.at.shard, [id = call.id, to = call.caller.at, from = call.callee.name.value()](Switchboard& board) {
    board.lines().drop_leg(id, to);
    board.lines().tell(to, CallDeclined{from});
  });
}

void Home::run_effect(HomeCall& call, const oldcall::TellRingTimedOut&) {
  post_.to(call.caller.at.shard, [id = call.id, to = call.caller.at, callee = call.callee.name.value()](Switchboard& board) {
    board.lines().drop_leg(id, to);
    board.lines().tell(to, RingTimedOut{callee});
  });
}

void Home::run_effect(HomeCall& call, const oldcall::TellEnded& ended) {
  const Seat& seat = call.seat(ended.party);
  post_.to(seat.at.shard, [id = call.id, to = seat.at, from = call.seat(other(ended.party)).name.value(),
                           reason = ended.reason](Switchboard& board) {
    board.lines().drop_leg(id, to);
    board.lines().tell(to, CallEnded{from, reason});
  });
}

void Home::run_effect(HomeCall& call, const oldcall::LetGo& gone) {
  post_.to(call.seat(gone.party).at.shard,
           [id = call.id, at = call.seat(gone.party).at](Switchboard& board) { board.lines().drop_leg(id, at); });
}

void Home::update_legs(HomeCall& call) {
  for (const Party party : {Party::callee, Party::caller}) {
    Seat& seat = call.seat(party);
    const Seat& peer = call.seat(other(party));
    if (presence_of(call.state)->of(party)) {
      seat.leg = {};
      continue;
    }
    const LegView wanted{seat.at, peer.at, flow_from(party, call)};
    if (std::exchange(seat.leg, wanted) == wanted) continue;
    post_.to(seat.at.shard, [id = call.id, me = seat.name.value(), name = peer.name.value(), wanted](Switchboard& board) {
      board.lines().set_leg(id, me, name, wanted);
    });
  }
}

void Home::set_alarm(Desk& desk, const Command& command) {
  timers_.cancel(desk.alarm);
  const auto alarm = oldcall::next_alarm(desk.its_call().state);
  const TimePoint at = alarm ? alarm->at : ports_.clock.now() + kRememberEnded;
  Command due{.kind = Kind::alarm, .me = command.me, .at = {}, .peer = command.peer, .received = at, .body = {}, .leg = {}};
  desk.alarm = timers_.at(at, [this, &desk, due = std::move(due)] {
    desk.alarm.reset();
    walk(0, due);
  });
}

void Home::walk(ShardIndex next, Command alarm) {
  const ShardIndex home = exchange_.home_of(alarm.me, alarm.peer);
  if (next == home) ++next;
  if (next >= ports_.mailboxes.shard_count())
    return post_.to(home, [alarm = std::move(alarm)](Switchboard& board) mutable { board.home().take(std::move(alarm)); });
  post_.to(next,
           [next, alarm = std::move(alarm)](Switchboard& board) mutable { board.home().pass_alarm(next, std::move(alarm)); });
}

void Home::pass_alarm(ShardIndex here, Command alarm) {
  const auto onwards = static_cast<ShardIndex>(here + 1);
  if (ports_.clock.now() >= alarm.received) return walk(onwards, std::move(alarm));
  const TimePoint at = alarm.received;
  timers_.at(at, [this, onwards, alarm = std::move(alarm)] { walk(onwards, alarm); });
}

}  // namespace belfry::app
