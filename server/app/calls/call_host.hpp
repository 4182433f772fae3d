// CallHost: runs the commands about the calls whose id hashes to one shard, those of one call one at a time (call_entry.hpp; the
// calls themselves are in hosted_calls.hpp). A command becomes an event, which domain/call decides. The gate commits the step
// (gate.hpp); only then is it announced (announcer.hpp), the signal routes are updated (signal_routes.hpp) and the alarm is set
// (alarms.hpp). The row in the store decides between servers: if another server has changed the call, it is loaded again and the
// command is decided again. Owned by the shard's Calls, used on its thread only.
#pragma once

#include <memory>
#include <source_location>
#include <string_view>
#include <vector>

#include "app/calls/alarms.hpp"
#include "app/calls/announcer.hpp"
#include "app/calls/call_entry.hpp"
#include "app/calls/call_log.hpp"
#include "app/calls/end_notices.hpp"
#include "app/calls/gate.hpp"
#include "app/calls/hosted_calls.hpp"
#include "app/calls/plan.hpp"
#include "app/calls/record.hpp"
#include "app/calls/replies.hpp"
#include "app/calls/signal_routes.hpp"
#include "domain/call/collision.hpp"
#include "domain/call/rights.hpp"
#include "domain/call/seat.hpp"

namespace belfry::calls {

// How many races against other servers a command may lose: each needs another server to commit first once more.
constexpr std::uint8_t kMaxTries = 16;

class CallHost final : private GateOwner {
 public:
  CallHost(SharedCalls& shared, const Ports& ports, const Post& post, Timers& timers);
  void take(Command command);
  /// Takes over a call whose server is gone (X-21...X-24).
  void adopt(const store::Orphan& orphan);
  /// Another server has changed this call, or may have: loads it again and notifies its participants here of the outcome.
  void catch_up(const CallId& id);
  void catch_up_all();
  void forget_all();
  /// Active calls that wait for a deadline but have no alarm (SPEC I-2); there should be none.
  [[nodiscard]] std::vector<CallId> untended() const { return hosted_.untended(); }
  /// The start of `made` met another call: it became the answer to `joined`, or was refused (nullopt).
  void collision_settled(const CallId& made, const People& people, std::optional<CallId> joined);
  [[nodiscard]] Alarms& alarms() { return alarms_; }

 private:
  // call_host.cpp: one command at a time, and calls that are loaded from the store
  void run(CallEntry& entry);
  /// The store has answered what an entry waits for. What `then` does may queue commands for it, or end what it waits for: the
  /// entry stays until both are done.
  template <class Then>
  void resume(const CallId& id, const Then& then) {
    CallEntry& entry = entry_of(entries_, id);
    entry.change(EntryEvent::read_ended);
    {
      const Running running(entry);
      then(entry);
    }
    run(entry);
  }
  void act(CallEntry& entry, Command command);
  /// How to run each kind of command; a missing kind does not compile.
  struct Runner;
  void load_then(CallEntry& entry, Command command);
  void loaded(CallEntry& entry, Command command, const Expected<std::optional<store::StoredCall>, store::Unavailable>& found);
  void caught_up(CallEntry& entry, Command command);
  void readmit(CallEntry& entry, const Present& here);
  void retry(Command command);
  [[nodiscard]] bool still_holds(const Command& command) const;
  // host_start.cpp: starts, and starts that meet another call
  void start(CallEntry& entry, Command command);
  [[nodiscard]] bool start_needs_devices(const StartCall& request, const Present& here) const;
  void plan_with_devices(CallEntry& entry, Command command, Present here);
  void plan_start(CallEntry& entry, Command command, Present here);
  void plan_again(CallEntry& entry, PendingStep& step, const store::PartsRefused& refused);
  void refuse_start(const Command& command, Refusal why, std::vector<UserId> unable = {});
  void refuse_for_busy_callees(const CallEntry& entry, const Command& command, Present here);
  [[nodiscard]] Present present(const StartCall& request) const;
  [[nodiscard]] Present up_to_date(const CallEntry& entry, const StartCall& request, Present here) const;
  void send_to_holder(CallEntry& entry, Command command, const CallId& holder);
  void queue_what_was_missed(CallEntry& entry, const Command& start, const Present& here);
  void start_committed(CallEntry& entry, PendingStep& step, const store::Committed& result);
  void start_failed(CallEntry& entry, PendingStep& step, const store::CommitResult& result);
  void collide(CallEntry& entry, Command command, const Present& here);
  void wait_for_alarm(CallEntry& entry, Command command);
  void refuse_busy(const Command& command, const HostedCall& call, call::Collision why);
  void repeat(const HostedCall& call, const Command& command, const Present& here);
  void start_again(Command command);
  void merge_into(const HostedCall& call, const Command& start);
  void report_collision_settled(const Command& collision, std::optional<CallId> joined) const;
  void record_attempt(const Command& command, std::string_view reason);
  // host_media.cpp: starts whose callees cannot take part
  struct UnplannedStart;
  using UnplannedStartPtr = std::shared_ptr<UnplannedStart>;
  void ask_before_refusing(CallEntry& entry, Command command, Present here, const Unplanned& unplanned);
  void ask_who_is_blocked(const CallId& id, const UnplannedStartPtr& start);
  void refuse_or_plan_again(CallEntry& entry, UnplannedStart& start, const std::vector<UserId>& blocked);
  // host_act.cpp: commands of participants, sessions, time and the server
  void act_as_party(CallEntry& entry, Command command, call::Action action, const call::Event& event, const Present& here);
  void unrouted_signal(CallEntry& entry, Command command, const Present& here);
  [[nodiscard]] bool ring_needs_devices(const HostedCall& call, const Command& ready, const Present& here) const;
  void ask_for_devices(CallEntry& entry, Command command);
  void show_media(CallEntry& entry, const Command& command, const Present& here);
  void page_leaves(CallEntry& entry, Command command, const Present& here);
  void gone(CallEntry& entry, Command command, const Present& here);
  void came(CallEntry& entry, Command command, const Present& here);
  void ring_pushed(HostedCall& call, UserId user, const Present& here);
  void note_woken(HostedCall& call, UserId user, const Present& here);
  void on_alarm(CallEntry& entry, Command command, const Present& here);
  void ask_whether_unheard(CallEntry& entry, Command command);
  [[nodiscard]] bool takes_part(CallEntry& entry, Command& command, const Present& here);
  // host_step.cpp: a step from its decision to its last notice
  void decide(CallEntry& entry, Command command, const call::Event& event, TimePoint when, const Present& here);
  void on_settled(CallEntry& entry, PendingStep& step, const store::CommitResult& result) override;
  void on_in_doubt(CallEntry& entry) override;
  void finish(CallEntry& entry, PendingStep& step, const store::CommitResult& result);
  void withdraw(CallEntry& entry, const Actor& caller);
  void step_committed(CallEntry& entry, PendingStep& step);
  void note_pushes(HostedCall& call, const PendingStep& step);
  void failed(CallEntry& entry, PendingStep& step, const store::CommitResult& result);
  void apply(CallEntry& entry, Command& command, call::Step step, const CallView& before, const Present& here);

  [[nodiscard]] Present present(const HostedCall& call) const {
    return {shared_.sessions(), call.legs(), topology_of(call.row())};
  }
  [[nodiscard]] Command command_to(const CallEntry& entry, Command::What what) const;
  /// `where` it was refused, for the log.
  void refuse(const Command& command, Refused refused, std::source_location where = std::source_location::current());
  [[nodiscard]] Moment moment() const { return moment_of(ports_.clock); }

  SharedCalls& shared_;
  Ports ports_;
  Post post_;
  Timers& timers_;
  CallEntries entries_;
  Replies replies_;
  Announcer announcer_;
  EndNotices end_notices_;
  SignalRoutes routes_;
  Alarms alarms_;
  CallLog log_;
  HostedCalls hosted_;
  Gate gate_;
};

}  // namespace belfry::calls
