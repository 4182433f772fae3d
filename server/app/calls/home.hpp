// Home: the calls whose id leads to one shard. Each has a Desk where its commands wait and run one at a time, also while the
// store is asked. The gate: a step is decided (domain/call), committed (store), and only then told; if the commit fails nobody
// has heard of it, and the same command may be tried again. The row in the store is the arbiter: if another server moved the
// call on, it is loaded anew and the command decided again. Used on its shard's thread only.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/calls/command.hpp"
#include "app/calls/lines.hpp"
#include "app/calls/notice.hpp"
#include "app/calls/post.hpp"
#include "app/calls/record.hpp"
#include "app/calls/timers.hpp"
#include "base/check.hpp"

namespace belfry::calls {

// What nobody asked for again (a timer, a lost session) is tried again by us while the store is down. Often enough that a
// stuck ring is not noticed as such, seldom enough not to hammer a database which is starting.
constexpr Duration kRetry = std::chrono::milliseconds{250};
// An ended call is remembered so that a command which crossed the end finds it without the store (SPEC X-18). Longer costs
// memory, about 2 KB an ended call; a command that comes later is answered from the store.
constexpr Duration kRememberEnded = std::chrono::seconds{2};
// An unavailable store is answered within five seconds (SPEC section 0). A command whose commit is still uncertain after four
// gets 503.
constexpr Duration kAnswerWithin = std::chrono::seconds{4};
// Lost races against other servers before we give up: each needs the other to win once more.
constexpr std::uint8_t kMaxTries = 16;

struct KeptSignal {
  std::string kind, payload;
  std::uint32_t generation = 0;
};

struct HomeCall {
  CallView view;  // as committed last
  call::State state;
  std::string late_answer;                       // for a caller who was away when it came
  std::vector<LegView> legs;                     // what the sessions' shards were told last
  SessionId dialled_by{};                        // nobody: not known any more
  bool offered = false;                          // with its start: then an answer is to come
  bool answer_to_come = false;                   // as a signal, for the accept brought none
  std::vector<SessionAddress> rung{};            // sessions of the callee, while it rings
  call::OfBoth<bool> knew{};                     // a session of this party has heard of it
  TimePoint over{};                              // when its end was told
  std::vector<SessionAddress> told{};            // and to whom
  call::OfBoth<bool> listens{};                  // whether one of those is not suspended
  call::OfBoth<std::vector<KeptSignal>> kept{};  // by REST, for a party in grace, until a session of theirs comes (2.8.14)
  call::OfBoth<bool> in_outbox{};                // its end waits there for this party: it went in with the end itself
  [[nodiscard]] const store::CallRow& row() const { return view->row; }
  [[nodiscard]] const account::Person& person(call::Party party) const {
    return party == call::Party::caller ? view->caller : view->callee;
  }
  [[nodiscard]] bool ended() const { return std::holds_alternative<call::Ended>(state); }
};

class Home {
 public:
  Home(Exchange& exchange, const Ports& ports, const Post& post, Timers& timers)
      : exchange_(exchange),
        ports_(ports),
        post_(post),
        timers_(timers) {}
  void take(Command command);
  /// A call whose server is gone (X-21...X-24).
  void adopt(const store::Orphan& orphan);
  /// A timer is handled only after all commands received before its deadline, on whichever shard they came in: the
  /// alarm walks through every shard, stops where the clock is not there yet, and comes home behind what it met.
  void walk(ShardIndex next, Command alarm);
  void pass_alarm(ShardIndex here, Command alarm);
  /// Another server has, or may have, moved this call on: it is read again, and its people here hear what has become of it.
  void catch_up(const CallId& id);
  void catch_up_all();
  void forget_all();
  /// Active calls that wait for a moment which nobody will tell them of (SPEC I-2): there should be none.
  [[nodiscard]] std::vector<CallId> untended() const;

 private:
  using Kind = Command::Kind;
  /// A step on its way through the gate, and whose command it was.
  struct Pending {
    Command command;
    call::Step step;
    store::CallRow row;
    call::OfBoth<bool> in_outbox{};
    bool refused = false;  // its asker was told that it could not be stored
    [[nodiscard]] store::StepId step_id() const { return {.call = row.id, .version = row.version, .hash = row.tip}; }
  };
  struct Desk {
    CallId id;
    std::list<Command> queue;  // nearly always empty, and a list then costs nothing
    std::optional<HomeCall> call;
    std::unique_ptr<Pending> pending;
    Timers::Handle alarm;
    bool alarm_under_way = false;  // it has rung, and its command is not here yet
    bool running = false;
    bool loading = false;
    bool uncertain = false;  // whether `pending` has been committed is being found out
    [[nodiscard]] HomeCall& its_call() {
      CHECK(call.has_value(), "a step of a call which is not there");
      return *call;
    }
  };

  // home.cpp: one command at a time
  void run(Desk& desk);
  void forget_idle(Desk& desk);
  void act(Desk& desk, Command command);
  void load_then(Desk& desk, Command command);
  void loaded(const CallId& id, Command command, const Expected<std::optional<store::StoredCall>, store::Unavailable>& found);
  void set_call(Desk& desk, store::StoredCall stored);
  void caught_up(Desk& desk, Command command);
  // home_start.cpp: calls that are made, and starts that meet a call
  void start(Desk& desk, Command command);
  void not_started(Command command, const store::CommitResult& result);
  void meet(Desk& desk, Command command);
  void meet_own(Desk& desk, Command command);
  void meet_glare(Desk& desk, Command command);
  [[nodiscard]] bool left_behind(const HomeCall& call, const Command& command, call::Party party);
  void recall(Desk& desk, Command command, call::Party party);
  void restart_start(Command command);
  void record_attempt(const Command& command, std::string_view reason);
  // home_act.cpp: what the people of a call and the server do
  void speak(Desk& desk, Command command);
  void claim(Desk& desk, Command command);
  void gone(Desk& desk, Command command);
  void online(Desk& desk, Command command);
  void ring_out(Desk& desk, Command command);
  [[nodiscard]] bool takes_part(Desk& desk, Command& command);
  // home_gate.cpp: decide, commit, tell
  void decide(Desk& desk, Command command, const call::Event& event, TimePoint when);
  void commit(Desk& desk, Pending pending);
  void note_who_is_away(const HomeCall& call, Pending& pending, store::Transition& change);
  void finished(const CallId& id, const store::CommitResult& result);
  void committed(Desk& desk, Pending& pending, const store::Committed& result);
  void failed(Desk& desk, Pending& pending, const store::CommitResult& result);
  void retry(Command command);
  [[nodiscard]] bool still_holds(const Command& command) const;
  void count(const Pending& pending);
  // home_fate.cpp: steps of which nobody knows whether they were committed
  void await_fate(Desk& desk, std::unique_ptr<Pending> pending);
  void ask_fate(const Desk& desk);
  void fate_told(const CallId& id, const Expected<std::optional<store::Committed>, store::Unavailable>& fate);
  void refuse_all_that_wait(Desk& desk);
  void answer_in_time(const store::StepId& step);
  void withdraw(Desk& desk, const Command& start);
  // home_log.cpp
  void log_transition(const HomeCall& call, const Command& command);
  // home_tell.cpp: effects, legs, alarms
  void settle(Desk& desk, Command& command, const call::Step& step);
  void notice_departures(Desk& desk, const Command& start);
  void welcome_back(Desk& desk);
  void wind_up(HomeCall& call);
  void leave_to_its_people(const HomeCall& call, const Command& command);
  [[nodiscard]] store::OutboxEntry unheard_end(const HomeCall& call, call::Party party, WallTime at) const;
  void ask_whether_unheard(Desk& desk, Command command);
  void retell(Desk& desk, const Command& command);
  void tell_end(const HomeCall& call, UserId user, SessionAddress at);
  void tell_end_made_elsewhere(HomeCall& call, call::Party party);
  void run_effect(HomeCall& call, const Command& command, const call::RingCallee& ring);
  void run_effect(HomeCall& call, const Command& command, const call::TellRinging& told);
  void run_effect(HomeCall& call, const Command& command, const call::TellAccepted& told);
  void run_effect(HomeCall& call, const Command& command, const call::TellAnswerLate& told);
  void run_effect(HomeCall& call, const Command& command, const call::TellRejected& told);
  void run_effect(HomeCall& call, const Command& command, const call::TellCancelled& told);
  void run_effect(HomeCall& call, const Command& command, const call::TellMissed& told);
  void run_effect(HomeCall& call, const Command& command, const call::TellEnded& told);
  void run_effect(HomeCall& call, const Command& command, const call::TellReconnecting& told);
  void run_effect(HomeCall& call, const Command& command, const call::TellReconnected& told);
  void ring(HomeCall& call, SessionAddress at);
  template <class Make>
  void tell(SessionAddress at, const CallView& call, Make make);
  template <class Make>
  void tell_all(const HomeCall& call, call::Party party, Make make);
  void tell_signal(const HomeCall& call, SessionAddress at, call::Party from, const KeptSignal& signal);
  void tell_kept_signals(HomeCall& call);
  void update_legs(HomeCall& call);
  void drop_legs(HomeCall& call);
  void set_alarm(Desk& desk);
  void reply(const Command& command, const CallAnswer& result);
  void refuse(const Command& command, Refused refused);

  // Who may speak for a party now.
  [[nodiscard]] std::vector<LiveSession> sessions_of(const HomeCall& call, call::Party party);
  [[nodiscard]] std::vector<LiveSession> voices(const HomeCall& call, call::Party party);
  [[nodiscard]] Moment moment() const { return moment_of(ports_.clock); }

  Exchange& exchange_;
  Ports ports_;
  Post post_;
  Timers& timers_;
  std::unordered_map<CallId, Desk, UuidHash> desks_;
};

template <class Make>
void Home::tell(SessionAddress at, const CallView& call, Make make) {
  post_.to(at.shard, [at, call, make = std::move(make)](Calls& calls) { calls.lines().tell(at, call, make); });
}

template <class Make>
void Home::tell_all(const HomeCall& call, call::Party party, Make make) {
  for (const auto& session : sessions_of(call, party)) tell(session.at, call.view, make);
}

/// Is this session the one which is in the call, or the device it runs on?
[[nodiscard]] bool is_bound(const store::Leg& leg, const LiveSession& session);

}  // namespace belfry::calls
