// Home: the calls which live on one shard. Each pair of names has a Desk where its commands wait and run one at a time, also
// while a commit is under way. The gate: a step is decided (domain/call), committed (CallStore), and only then told; if the
// commit fails nobody has heard of it, and the same command may be tried again. Used on its shard's thread only.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/command.hpp"
#include "app/lines.hpp"
#include "app/notice.hpp"
#include "app/ports.hpp"
#include "app/post.hpp"
#include "app/timers.hpp"
#include "base/check.hpp"
#include "domain/oldcall/advance.hpp"

namespace belfry::app {

// What nobody asked for again (a timer, a lost session) is tried again by us while the store is down. Often enough that a
// stuck ring is not noticed as such, seldom enough not to hammer a database which is starting.
constexpr Duration kRetry = std::chrono::milliseconds{250};
// An ended call is remembered so that the other side's hang-up which crossed it is no mistake (SPEC X-18). Longer costs
// memory: some 300 bytes an ended call.
constexpr Duration kRememberEnded = std::chrono::seconds{5};

/// One of the two people, as their call's home sees them.
struct Seat {
  oldcall::UserName name;
  SessionAddress at;      // the session that is in the call now
  SessionAddress joined;  // the session that dialed or was rung; another one may not know of the call (SPEC T-25)
  LegView leg;            // what its shard was told last
};

struct HomeCall {
  oldcall::CallId id;
  oldcall::Media media = oldcall::Media::audio;
  oldcall::State state;
  std::uint64_t version = 0;
  Seat caller, callee;
  std::string offer;   // until answered: a returning callee rings again
  std::string answer;  // until heard
  [[nodiscard]] Seat& seat(oldcall::Party party) { return party == oldcall::Party::caller ? caller : callee; }
  [[nodiscard]] bool ended() const { return std::holds_alternative<oldcall::Ended>(state); }
};

class Home {
 public:
  Home(Exchange& exchange, const Ports& ports, const Post& post, Timers& timers)
      : exchange_(exchange),
        ports_(ports),
        post_(post),
        timers_(timers) {}
  void take(Command command);
  /// A timer is handled only after all commands received before its deadline, on whichever shard they came in: the
  /// alarm walks through every shard, stops where the clock is not there yet, and comes home behind what it met.
  void walk(ShardIndex next, Command alarm);
  void pass_alarm(ShardIndex here, Command alarm);

 private:
  /// A step on its way through the gate, and whose command it was.
  struct Pending {
    Command command;
    oldcall::Step step;
    std::optional<HomeCall> created;
  };
  struct Desk {
    std::deque<Command> queue;
    std::optional<HomeCall> call;
    std::unique_ptr<Pending> pending;
    Timers::Handle alarm;
    const std::string* pair = nullptr;
    bool running = false;
    [[nodiscard]] HomeCall& its_call() {
      CHECK(call.has_value(), "a step of a call which is not there");
      return *call;
    }
  };
  // home.cpp: one command at a time
  void run(Desk& desk);
  void forget_empty(Desk& desk);
  void act(Desk& desk, Command command);
  void start(Desk& desk, Command command);
  void start_again(Desk& desk, Command command);
  void speak(Desk& desk, Command command);
  void claim(Desk& desk, Command command);
  void move(Desk& desk, Command command);
  void ring_out(Desk& desk, Command command);
  [[nodiscard]] bool takes_over(Desk& desk, Command& command);
  void refuse(const Command& command, FailedWhy why);
  void busy(const Command& command);
  void release(const Command& command);

  // home_gate.cpp: decide, commit, tell
  void decide(Desk& desk, Command command, const oldcall::Event& event, TimePoint when);
  void commit(Desk& desk, Pending pending);
  void finished(Desk& desk, const CommitResult& result);
  void committed(Desk& desk, Pending& pending);
  void failed(const Pending& pending, const CommitResult& result);
  void retry(Command command);
  void rejected(const Command& command, oldcall::Rejection why);
  [[nodiscard]] Transition transition(const HomeCall& call, const oldcall::Step& step, const Command& command) const;
  [[nodiscard]] WallTime wall(TimePoint at) const;
  void count_end(const oldcall::Ended& ended);
  void log_signal(const Command& command);

  // home_tell.cpp: effects and legs
  void settle(Desk& desk, Command& command, const oldcall::Step& step);
  void run_effects(HomeCall& call, const std::vector<oldcall::Effect>& effects);
  void run_effect(HomeCall& call, const oldcall::RingCallee&);
  void run_effect(HomeCall& call, const oldcall::TellAnswered&);
  void run_effect(HomeCall& call, const oldcall::TellDeclined&);
  void run_effect(HomeCall& call, const oldcall::TellRingTimedOut&);
  void run_effect(HomeCall& call, const oldcall::TellEnded& ended);
  void run_effect(HomeCall& call, const oldcall::LetGo& gone);
  void run_effect(HomeCall&, const oldcall::TakeSlots&) {}  // part of the commit
  void run_effect(HomeCall&, const oldcall::FreeSlots&) {}
  void update_legs(HomeCall& call);
  void set_alarm(Desk& desk, const Command& command);

  Exchange& exchange_;
  Ports ports_;
  Post post_;
  Timers& timers_;
  std::unordered_map<std::string, Desk> desks_;
};

}  // namespace belfry::app
