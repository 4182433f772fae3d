// The gate: decide, commit, and only then tell.
#include <chrono>
#include <utility>

#include "app/home.hpp"
#include "base/check.hpp"

namespace belfry::app {
namespace {

using Kind = Command::Kind;
using oldcall::Active;
using oldcall::Ended;
using oldcall::EndReason;
using oldcall::Ringing;

std::string_view word(Kind kind) {
  switch (kind) {
    case Kind::start:
      return "start";
    case Kind::answer:
      return "answer";
    case Kind::decline:
      return "decline";
    case Kind::hang_up:
      return "hang_up";
    case Kind::claim:
      return "claim";
    case Kind::lost:
      return "party_lost";
    case Kind::left:
      return "party_left";
    case Kind::returned:
      return "party_returned";
    case Kind::alarm:
      return "time";
  }
  CHECK(false, "a kind of command without a word");
}

CallStatus status_of(const oldcall::State& state) {
  if (std::holds_alternative<Ringing>(state)) return CallStatus::calling;
  if (std::holds_alternative<Active>(state)) return CallStatus::connected;
  const auto& ended = std::get<Ended>(state);
  if (ended.answered) return CallStatus::ended;
  return ended.reason == EndReason::declined ? CallStatus::rejected : CallStatus::missed;
}

std::int64_t CallStats::* counter_of(EndReason reason) {
  switch (reason) {
    case EndReason::declined:
      return &CallStats::declined;
    case EndReason::cancelled:
    case EndReason::superseded:
      return &CallStats::cancelled;
    case EndReason::timeout:
      return &CallStats::timed_out;
    case EndReason::hangup:
      return &CallStats::hung_up;
    case EndReason::unreachable:
    case EndReason::caller_disconnected:
    default:
      return &CallStats::lost;
  }
  CHECK(false, "an end reason without a counter");
}

std::vector<oldcall::UserName> sorted_names(const HomeCall& call) {
  const auto& [first, second] = std::minmax(call.caller.name, call.callee.name);
  return {first, second};
}

TimePoint started_at(const oldcall::State& state) {
  return std::visit([](const auto& call) { return call.started; }, state);
}

}  // namespace

void Home::decide(Desk& desk, Command command, const oldcall::Event& event, TimePoint when) {
  const HomeCall& call = desk.its_call();
  auto step = oldcall::advance(call.state, event, when);
  if (!step) return rejected(command, step.error());
  // A repeat of what is already so: nothing to store.
  if (step->next == call.state) return settle(desk, command, *step);
  commit(desk, {std::move(command), std::move(*step), std::nullopt});
}

void Home::rejected(const Command& command, oldcall::Rejection why) {
  if (why == oldcall::Rejection::not_ringing) return refuse(command, FailedWhy::not_ringing);
  // both hang up at once. The second got what it wanted.
  if (command.kind == Kind::hang_up) return release(command);
  refuse(command, FailedWhy::no_such_call);
}

void Home::commit(Desk& desk, Pending pending) {
  const HomeCall& call = pending.created ? *pending.created : desk.its_call();
  auto change = transition(call, pending.step, pending.command);
  desk.pending = std::make_unique<Pending>(std::move(pending));
  ports_.store.commit(std::move(change), [this, &desk](const CommitResult& result) { finished(desk, result); });
}

Transition Home::transition(const HomeCall& call, const oldcall::Step& step, const Command& command) const {
  Transition change;
  change.expected_version = call.version;
  CallRow& row = change.row;
  row = {.id = call.id, .version = call.version + 1, .caller = call.caller.name, .callee = call.callee.name, .media = call.media};
  row.status = status_of(step.next);
  row.created = wall(started_at(step.next));
  row.ring_expires = wall(started_at(step.next) + exchange_.settings().policy.ring_time);
  if (const auto* active = std::get_if<Active>(&step.next)) row.answered = wall(active->answered);
  if (const auto* ended = std::get_if<Ended>(&step.next)) {
    row.end_reason = ended->reason;
    if (ended->by) row.ended_by = *ended->by == oldcall::Party::caller ? row.caller : row.callee;
    if (ended->answered) row.answered = wall(*ended->answered);
    row.ended = wall(ended->ended);
  }
  for (const auto& effect : step.effects) {
    if (std::holds_alternative<oldcall::TakeSlots>(effect)) change.take = sorted_names(call);
    if (std::holds_alternative<oldcall::FreeSlots>(effect)) change.release = sorted_names(call);
  }
  change.record = {.what = word(command.kind), .by = std::nullopt, .at = wall(command.received)};
  if (command.kind != Kind::alarm) change.record.by = oldcall::UserName(command.me);
  return change;
}

WallTime Home::wall(TimePoint at) const {
  const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(ports_.clock.now() - at);
  return {ports_.clock.wall().unix_ms - ago.count()};
}

void Home::finished(Desk& desk, const CommitResult& result) {
  const auto pending = std::move(desk.pending);
  const bool inside = std::exchange(desk.running, true);
  if (std::holds_alternative<Committed>(result)) {
    committed(desk, *pending);
  } else {
    failed(*pending, result);
  }
  desk.running = inside;
  run(desk);
}

void Home::committed(Desk& desk, Pending& pending) {
  if (pending.created) {
    desk.call = std::move(*pending.created);
    exchange_.count(&CallStats::started);
    exchange_.count(&CallStats::active);
  }
  HomeCall& call = desk.its_call();
  ++call.version;
  if (pending.command.kind == Kind::answer) {
    call.answer = std::move(pending.command.body);
    call.offer = {};
    exchange_.count(&CallStats::answered);
  }
  if (const auto* ended = std::get_if<Ended>(&pending.step.next)) {
    call.offer = {};
    exchange_.count(&CallStats::active, -1);
    exchange_.count(counter_of(ended->reason));
  }
  log_signal(pending.command);
  settle(desk, pending.command, pending.step);
}

void Home::failed(const Pending& pending, const CommitResult& result) {
  const Command& command = pending.command;
  if (const auto* taken = std::get_if<SlotTaken>(&result)) {
    if (taken->user.value() == command.peer) return busy(command);
    return refuse(command, FailedWhy::already_in_call);
  }
  ports_.log.error("a call could not be stored",
                   {{"event", "WS_WEBRTC_SIGNAL"},
                    {"eventType", word(command.kind)},
                    {"error", std::holds_alternative<Unavailable>(result) ? "store unavailable" : "version conflict"},
                    {"stack", "app/home_gate"}});
  if (command.kind >= Kind::lost) return retry(command);
  refuse(command, FailedWhy::store_unavailable);
}

void Home::retry(Command command) {
  const TimePoint when = ports_.clock.now() + kRetry;
  timers_.at(when, [this, command = std::move(command)] {
    const bool back = command.kind != Kind::returned && exchange_.directory().find(command.me) == command.at;
    if (command.kind == Kind::alarm || !back) take(command);
  });
}

void Home::log_signal(const Command& command) {
  if (!ports_.log.enabled(LogLevel::info)) return;
  const auto type = command.kind == Kind::start ? std::string_view("offer") : word(command.kind);
  ports_.log.info("signal", {{"event", "WS_WEBRTC_SIGNAL"},
                             {"eventType", type},
                             {"from", exchange_.redacted()(command.me)},
                             {"to", exchange_.redacted()(command.peer)}});
}

}  // namespace belfry::app
