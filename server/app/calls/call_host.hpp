// CallHost: the calls whose id leads to one shard. Each has a CallEntry where its commands wait and run one at a time, also while
// the store is asked. The gate: a step is decided (domain/call), committed (store), and only then told; if the commit fails
// nobody has heard of it, and the same command may be tried again. The row in the store is the arbiter: if another server moved
// the call on, it is loaded anew and the command decided again. Used on its shard's thread only.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "app/calls/command.hpp"
#include "app/calls/post.hpp"
#include "app/calls/record.hpp"
#include "app/calls/signal_relay.hpp"
#include "app/calls/timers.hpp"
#include "base/check.hpp"
#include "domain/call/collision.hpp"
#include "domain/call/seat.hpp"

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

/// What is known here of one of a call's people beside the leg.
struct Notes {
  UserId user{};
  bool aware = false;              // a session of this person has heard of the call
  bool end_heard = false;          // a live session was told of its end
  bool in_outbox = false;          // its end waits there for this person: it went in with the end itself
  std::vector<KeptSignal> kept{};  // by REST, for one in grace, until a session of theirs comes (2.8.14)
};

struct HostedCall {
  CallView view;  // as committed last
  call::State state;
  std::string unheard_answer;                        // for a caller who was away when it came
  std::vector<Route> routes;                         // what the sessions' shards were told last
  std::vector<SessionAddress> ringing_at{};          // sessions of the callee, while it rings
  std::vector<SessionAddress> end_recipients{};      // to whom its end was told
  boost::container::small_vector<Notes, 2> notes{};  // one for each leg
  [[nodiscard]] const store::CallRow& row() const { return view->row; }
  [[nodiscard]] const account::Person& person(UserId user) const {
    return user == row().caller ? view->caller() : view->callee();
  }
  /// In a call of two.
  [[nodiscard]] UserId peer_of(UserId user) const { return user == row().caller ? callee_of(row()) : row().caller; }
  [[nodiscard]] Notes& notes_on(UserId user);
  [[nodiscard]] const Notes& notes_on(UserId user) const;
  [[nodiscard]] bool ended() const { return std::holds_alternative<call::Ended>(state); }
};

class CallHost {
 public:
  CallHost(SharedCalls& shared, const Ports& ports, const Post& post, Timers& timers)
      : shared_(shared),
        ports_(ports),
        post_(post),
        timers_(timers) {}
  void take(Command command);
  /// A call whose server is gone (X-21...X-24).
  void adopt(const store::Orphan& orphan);
  /// A timer is handled only after all commands received before its deadline, on whichever shard they came in: the
  /// alarm walks through every shard, stops where the clock is not there yet, and comes back behind what it met.
  void circulate_alarm(ShardIndex next, Command alarm);
  void hold_alarm(ShardIndex here, Command alarm);
  /// Another server has, or may have, moved this call on: it is read again, and its people here hear what has become of it.
  void catch_up(const CallId& id);
  void catch_up_all();
  void forget_all();
  /// Active calls that wait for a moment which nobody will tell them of (SPEC I-2): there should be none.
  [[nodiscard]] std::vector<CallId> untended() const;

 private:
  /// A step on its way through the gate, and whose command it was.
  struct Pending {
    Command command;
    call::Step step;
    store::CallRow row;
    std::vector<UserId> in_outbox{};
    bool refused = false;  // its asker was told that it could not be stored
    [[nodiscard]] store::StepId step_id() const { return {.call = row.id, .version = row.version, .hash = row.tip}; }
  };
  struct CallEntry {
    CallId id;
    std::list<Command> queue;  // nearly always empty, and a list then costs nothing
    std::optional<HostedCall> call;
    std::unique_ptr<Pending> pending;
    Timers::Handle alarm;
    bool alarm_under_way = false;  // it has rung, and its command is not here yet
    bool running = false;
    bool loading = false;
    bool uncertain = false;  // whether `pending` has been committed is being found out
    [[nodiscard]] HostedCall& its_call() {
      CHECK(call.has_value(), "a step of a call which is not there");
      return *call;
    }
  };

  // call_host.cpp: one command at a time
  void run(CallEntry& entry);
  void forget_idle(CallEntry& entry);
  void act(CallEntry& entry, Command command);
  /// How each kind of command is run; one that is missing does not build.
  struct Runner;
  void load_then(CallEntry& entry, Command command);
  void loaded(const CallId& id, Command command, const Expected<std::optional<store::StoredCall>, store::Unavailable>& found);
  void set_call(CallEntry& entry, store::StoredCall stored);
  void caught_up(CallEntry& entry, Command command);
  // host_start.cpp: calls that are made, and starts that meet a call
  void start(CallEntry& entry, Command command);
  void not_started(Command command, const store::CommitResult& result);
  void collide(CallEntry& entry, Command command);
  void refuse_busy(const Command& command, const HostedCall& call, call::Collision why);
  void repeat(const HostedCall& call, const Command& command);
  void start_again(Command command);
  void record_attempt(const Command& command, std::string_view reason);
  // host_act.cpp: what the people of a call and the server do
  void act_as_party(CallEntry& entry, Command command);
  void unrouted_signal(CallEntry& entry, Command command);
  void gone(CallEntry& entry, Command command);
  void online(CallEntry& entry, Command command);
  void on_alarm(CallEntry& entry, Command command);
  [[nodiscard]] bool takes_part(CallEntry& entry, Command& command);
  // host_gate.cpp: decide, commit, tell
  void decide(CallEntry& entry, Command command, const call::Event& event, TimePoint when);
  void commit(CallEntry& entry, Pending pending);
  void note_who_is_away(const HostedCall& call, Pending& pending, store::Transition& change);
  void finished(const CallId& id, const store::CommitResult& result);
  void committed(CallEntry& entry, Pending& pending, const store::Committed& result);
  void failed(CallEntry& entry, Pending& pending, const store::CommitResult& result);
  void retry(Command command);
  [[nodiscard]] bool still_holds(const Command& command) const;
  void count(const Pending& pending);
  // host_fate.cpp: steps of which nobody knows whether they were committed
  void await_fate(CallEntry& entry, std::unique_ptr<Pending> pending);
  void ask_fate(const CallEntry& entry);
  void fate_told(const CallId& id, const Expected<std::optional<store::Committed>, store::Unavailable>& fate);
  void refuse_all_that_wait(CallEntry& entry);
  void answer_in_time(const store::StepId& step);
  void withdraw(CallEntry& entry, const Actor& caller);
  // host_log.cpp
  void log_transition(const HostedCall& call, const Command& command);
  // host_tell.cpp: effects, routes, alarms
  void apply_committed(CallEntry& entry, Command& command, call::Step step);
  void notice_departures(CallEntry& entry, const Command& start);
  void readmit(CallEntry& entry);
  void collect_end_audience(HostedCall& call);
  void remember_unheard_ends(const HostedCall& call, const Command& command);
  [[nodiscard]] store::OutboxEntry unheard_end(const HostedCall& call, UserId user, WallTime at) const;
  void ask_whether_unheard(CallEntry& entry, Command command);
  void resend_end(CallEntry& entry, const Command& command);
  void tell_end(const HostedCall& call, UserId user, SessionAddress at);
  void tell_end_made_elsewhere(HostedCall& call, UserId user);
  void run_effect(HostedCall& call, const Command& command, const call::Effect& effect);
  void tell_of_answer(const HostedCall& call, const Command& command, UserId to);
  void ring(HostedCall& call, UserId user, SessionAddress at);
  void tell(SessionAddress at, Notice notice) { ports_.delivery.tell(at, std::move(notice)); }
  void tell_all(UserId user, const Notice& notice);
  void tell_signal(const HostedCall& call, SessionAddress at, UserId from, const KeptSignal& signal);
  void tell_kept_signals(HostedCall& call);
  [[nodiscard]] std::vector<LiveSession> connected_sessions(const HostedCall& call, const call::Leg& leg);
  void update_routes(HostedCall& call);
  void drop_routes(HostedCall& call);
  void set_alarm(CallEntry& entry);
  void reply(const Command& command, const CallAnswer& result);
  void refuse(const Command& command, Refused refused);

  [[nodiscard]] std::vector<LiveSession> sessions_of(UserId user) { return shared_.sessions().of(user); }
  /// Who may speak for this person now.
  [[nodiscard]] std::vector<LiveSession> voices(const HostedCall& call, UserId user);
  [[nodiscard]] Moment moment() const { return moment_of(ports_.clock); }

  SharedCalls& shared_;
  Ports ports_;
  Post post_;
  Timers& timers_;
  std::unordered_map<CallId, CallEntry, UuidHash> entries_;
};

/// Sessions as the rules of seats see them.
using SessionsSeen = boost::container::small_vector<call::Session, 4>;
[[nodiscard]] inline call::Session as_seen(const LiveSession& session) { return {session.id, session.login, session.device}; }
[[nodiscard]] SessionsSeen all_as_seen(const std::vector<LiveSession>& sessions);
[[nodiscard]] std::vector<LiveSession> live(std::vector<LiveSession> sessions);

}  // namespace belfry::calls
