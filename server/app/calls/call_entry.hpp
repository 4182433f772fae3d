// CallEntry: the queue of one call, whose commands run one at a time, also across store requests. HostedCall: the call as last
// committed, and the host's notes beside it. Decisions depend on the state only. The notes (which sessions were rung, who was
// notified) are about sessions of this server, and survive a reload of the call.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/container/small_vector.hpp>
#include <boost/unordered_map.hpp>

#include "app/calls/command.hpp"
#include "app/calls/entry_state.hpp"
#include "app/calls/present.hpp"
#include "app/calls/signal_relay.hpp"
#include "app/calls/timers.hpp"
#include "base/check.hpp"
#include "domain/call/advance.hpp"
#include "store/call_store.hpp"

namespace belfry::calls {

struct KeptSignal {
  UserId from{};
  call::SignalKind kind{};
  std::string payload;
  std::uint32_t generation = 0;
  std::string device{};
};

/// The latest notice to the caller about the pushes that ring one callee (J-2.13).
enum class PushProgress : std::uint8_t { nothing, pushed, woken };

/// What this server knows of one participant beside the leg.
struct Notes {
  UserId user{};
  bool aware = false;      // a session of this person was notified of the call
  bool out = false;        // left, or was never reached, before the call ended: do not send them its end
  bool end_heard = false;  // a live session was sent the call's end
  bool pushed = true;      // may have been pushed about it; unknown if it was read from the store
  /// Of a call that was read from the store: the caller may have had them all, so nothing more is sent.
  PushProgress push_progress = PushProgress::woken;
  bool in_outbox = false;              // the end waits for this person in the outbox; it was stored with the end itself
  std::vector<SessionAddress> rung{};  // their sessions that were rung, while they may still answer
  std::vector<SessionAddress> notified_of_end{};
  std::optional<TimePoint> leaving{};  // their page has said so then (S9)
  std::vector<KeptSignal> kept{};      // sent by REST while this person is away, until a session of theirs comes (2.8.14)
};

struct HostedCall {
  CallView view;  // as last committed
  call::State state;
  std::vector<Route> routes{};                       // the routes last sent to the sessions' shards
  boost::container::small_vector<Notes, 2> notes{};  // one per leg of the row, in its order: the caller's first, then by user
  std::optional<bool> pushable{};  // a callee has a device that can be pushed; it is asked only if none of them has a session
  PeerDeparture departure = PeerDeparture::none;  // with which it ended; no row has it, so `none` if it was read from the store
  [[nodiscard]] const store::CallRow& row() const { return view->row; }
  [[nodiscard]] const call::Legs& legs() const { return legs_of(state); }
  [[nodiscard]] const account::Person& person(UserId user) const { return person_of(*view, user); }
  [[nodiscard]] Notes& notes_on(UserId user);
  [[nodiscard]] const Notes& notes_on(UserId user) const;
  void note_who_is_out();
  [[nodiscard]] bool was_rung(UserId user, SessionAddress at) const;
  [[nodiscard]] bool was_notified_of_end(UserId user, SessionAddress at) const;
  [[nodiscard]] bool ended() const { return std::holds_alternative<call::Ended>(state); }
};

/// A step that the gate is committing, and its command.
struct PendingStep {
  Command command;
  call::Step step;
  store::CallRow row;
  std::optional<Present> here{};  // for a start: the sessions that it was planned with
  std::vector<UserId> in_outbox{};
  std::vector<UserId> pushed{};      // a ring push is put into the outbox for them
  std::vector<UserId> not_pushed{};  // would be pushed if this server pushed anybody
  bool has_due_entries = false;      // it puts entries into the outbox that are due now
  bool answered_unknown = false;     // the asker has already been answered that the outcome is unknown
  [[nodiscard]] store::StepId step_id() const { return {.call = row.id, .version = row.version, .hash = row.tip}; }
};

class CallEntry {
 public:
  CallId id;
  std::list<Command> queue;  // nearly always empty, when a list costs nothing
  std::optional<HostedCall> call;
  Timers::Handle alarm;
  bool alarm_under_way = false;  // it has rung, and its command is not here yet

  [[nodiscard]] EntryState state() const { return state_; }
  [[nodiscard]] bool ready() const { return state_ == EntryState::ready; }
  /// For a read and a collision; a commit has functions of its own.
  void change(EntryEvent event);
  void begin_commit(std::unique_ptr<PendingStep> step);
  /// The step that was committed, or that certainly was not.
  [[nodiscard]] std::unique_ptr<PendingStep> settle_commit();
  /// The step that is being committed, or is in doubt.
  [[nodiscard]] PendingStep& pending() const;
  /// Its callback will look for this entry.
  [[nodiscard]] bool waits_for_store() const { return !ready() && state_ != EntryState::colliding; }

  /// A command is being run, maybe further up the stack.
  [[nodiscard]] bool running() const { return running_; }
  [[nodiscard]] HostedCall& its_call() {
    CHECK(call.has_value(), "a step of a call which is not there");
    return *call;
  }

 private:
  friend class Running;
  EntryState state_ = EntryState::ready;
  bool running_ = false;
  std::unique_ptr<PendingStep> pending_;  // while committing or in doubt
};

/// While it stands, a command that comes in waits for its turn: a notice may close a slow reader, and its loss is a command.
class Running {
 public:
  explicit Running(CallEntry& entry) : entry_(entry), before_(std::exchange(entry.running_, true)) {}
  ~Running() { entry_.running_ = before_; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  CallEntry& entry_;
  bool before_;
};

// Entries do not move. Not std::unordered_map, which also reads the next entry to find the end of a bucket; that entry is rarely
// in a cache.
using CallEntries = boost::unordered_map<CallId, CallEntry, UuidHash>;

/// The entry that an answer or an alarm has come for. It is still there: only an entry that waits for nothing is erased.
[[nodiscard]] CallEntry& entry_of(CallEntries& entries, const CallId& id);

}  // namespace belfry::calls
