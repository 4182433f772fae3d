#include "app/switchboard.hpp"

#include <array>
#include <string>
#include <utility>

#include "app/home.hpp"
#include "app/lines.hpp"
#include "app/timers.hpp"

namespace belfry::app {

using Kind = Command::Kind;

struct Switchboard::Parts {
  Parts(ShardIndex shard, Exchange& all, const Ports& given)
      : exchange(all),
        ports(given),
        post(shard, all, given.mailboxes),
        lines(all, given, post),
        home(all, given, post, timers) {}

  [[nodiscard]] Command command(Kind kind, const Line& line, std::string_view body = {}) const {
    return {.kind = kind,
            .me = std::string(line.me),
            .at = line.at,
            .peer = std::string(line.peer),
            .received = ports.clock.now(),
            .body = std::string(body),
            .leg = {}};
  }
  void to_home(Command command) {
    const ShardIndex shard = exchange.home_of(command.me, command.peer);
    post.to(shard, [command = std::move(command)](Switchboard& board) mutable { board.home().take(std::move(command)); });
  }
  [[nodiscard]] std::optional<FailedWhy> refusal(const StartCall& call) {
    if (call.caller == call.callee) return FailedWhy::self_call;
    if (exchange.directory().find(call.caller) != call.caller_at) return FailedWhy::not_registered;
    if (draining) return FailedWhy::draining;
    if (!exchange.starts().admit(call.caller, ports.clock.now())) return FailedWhy::rate_limited;
    return std::nullopt;
  }

  Exchange& exchange;
  Ports ports;
  Post post;
  Timers timers;
  Lines lines;
  Home home;
  bool draining = false;
};

Switchboard::Switchboard(ShardIndex shard, Exchange& exchange, const Ports& ports)
    : parts_(std::make_unique<Parts>(shard, exchange, ports)) {
  exchange.enter(shard, *this);
}
Switchboard::~Switchboard() = default;

void Switchboard::sign_in(std::string_view name, SessionAddress at) {
  Parts& parts = *parts_;
  const auto before = parts.exchange.directory().claim(name, at);
  if (before && *before != at)
    return parts.post.to(before->shard,
                         [name = std::string(name), old = *before](Switchboard& board) { board.lines().replaced(name, old); });
  if (const auto peer = parts.exchange.take_awaited(name)) parts.to_home(parts.command(Kind::returned, {name, at, *peer}));
}

void Switchboard::returned(std::string_view name, SessionAddress at) { sign_in(name, at); }

void Switchboard::sign_out(std::string_view name, SessionAddress at, Departure how) {
  Parts& parts = *parts_;
  Directory& directory = parts.exchange.directory();
  // R-003-27, R-003-28: the late close of a replaced session is no news. `replaced` by somebody who is gone again is a loss.
  if (directory.find(name) != at) return;
  if (how == Departure::left) {
    if (directory.release(name, at)) parts.lines.left(name, at);
    return;
  }
  // First the loss, then the name: who signs in next then finds the call to return to.
  parts.lines.lost(name, at);
  if (directory.release(name, at)) return;
  const auto holder = directory.find(name);
  if (!holder) return;
  if (const auto peer = parts.exchange.take_awaited(name)) parts.to_home(parts.command(Kind::returned, {name, *holder, *peer}));
}

void Switchboard::start(const StartCall& call) {
  Parts& parts = *parts_;
  if (const auto why = parts.refusal(call)) {
    parts.exchange.count(&CallStats::failed);
    return parts.lines.tell(call.caller_at, Failed{call.callee, *why});
  }
  std::array<std::byte, oldcall::kCallIdRandomBytes> random{};
  parts.ports.random.fill(random);
  auto start = parts.command(Kind::start, {call.caller, call.caller_at, call.callee}, call.offer);
  start.leg = oldcall::make_call_id(parts.ports.clock.wall(), random);
  start.media = call.media;
  parts.lines.start(std::move(start));
}

void Switchboard::answer(const Line& line, std::string_view answer) {
  parts_->to_home(parts_->command(Kind::answer, line, answer));
}
void Switchboard::decline(const Line& line) { parts_->lines.leave(parts_->command(Kind::decline, line)); }
void Switchboard::hang_up(const Line& line) { parts_->lines.leave(parts_->command(Kind::hang_up, line)); }
void Switchboard::relay(const Line& line, std::string_view candidate) { parts_->lines.relay(line, candidate); }

std::optional<TimePoint> Switchboard::next_deadline() const { return parts_->timers.next(); }
void Switchboard::on_time(TimePoint now) { parts_->timers.run(now); }
void Switchboard::drain() { parts_->draining = true; }
Lines& Switchboard::lines() { return parts_->lines; }
Home& Switchboard::home() { return parts_->home; }

}  // namespace belfry::app
