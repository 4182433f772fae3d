// HostedCalls: the calls that one shard hosts, each in the CallEntry that CallHost runs its commands in. A call comes in when its
// start is committed or when it is read from the store, and goes when it is forgotten or when its row is gone; then everything
// that follows from it is brought into line: the index by user, the count of active calls, the routes and the alarm. Owned by
// CallHost, used on its shard's thread.
//
// Not here: when a call is read, and what a command does (call_host.hpp).
#pragma once

#include <vector>

#include "app/calls/alarms.hpp"
#include "app/calls/announcer.hpp"
#include "app/calls/call_entry.hpp"
#include "app/calls/call_log.hpp"
#include "app/calls/end_notices.hpp"
#include "app/calls/signal_routes.hpp"

namespace belfry::calls {

/// What HostedCalls keeps in line with its calls: CallHost's own parts, which outlive it.
struct CallSurroundings {
  CallLog& log;
  Announcer& announcer;
  EndNotices& end_notices;
  SignalRoutes& routes;
  Alarms& alarms;
};

class HostedCalls {
 public:
  HostedCalls(CallEntries& entries, SharedCalls& shared, const Ports& ports, const CallSurroundings& around)
      : entries_(entries),
        shared_(shared),
        ports_(ports),
        around_(around) {}

  /// The entry of this call, made if there is none.
  [[nodiscard]] CallEntry& entry(const CallId& id);
  /// May a call with this row be hosted? Not if the row was changed by hand so that it contradicts itself.
  [[nodiscard]] bool may_host(const store::CallRow& row) const;
  /// The call as the store has it now. What was noted here of the call as it was before (sessions that were rung or notified) is
  /// kept. A command may be queued meanwhile: a notice may close a slow reader.
  void put(CallEntry& entry, store::StoredCall stored);
  /// The call of a start that was committed just now.
  HostedCall& put_new(CallEntry& entry, store::StoredCall stored, const Actor& caller);
  /// Its row is gone or flawed: what was known of it here holds no more.
  void leave_out(CallEntry& entry);
  /// Its time to be remembered is over. Its end has brought all but the call itself into line.
  void forget_ended(CallEntry& entry);
  /// What this participant sends, which is no step (S5).
  void note_sent_media(HostedCall& call, const UserId& user, const SentMedia& sent) const;
  /// A committed step: the call has this row now. Returns it as it was before.
  CallView replace_row(HostedCall& call, store::CallRow row);
  /// Removes an entry that has no call and waits for nothing.
  void forget_idle(CallEntry& entry);
  /// From now on commands about the sessions of its people come to another call, or to none.
  void unindex(const call::Legs& legs, const CallId& id);

  [[nodiscard]] std::vector<CallId> active() const;
  /// Active calls that wait for a deadline but have no alarm (SPEC I-2).
  [[nodiscard]] std::vector<CallId> untended() const;
  void forget_all();

 private:
  void index(const HostedCall& call);
  void row_changed(const store::CallRow* before, const store::CallRow* now) const;
  void keep_notes(const CallEntry& entry, HostedCall& call, HostedCall before);
  void ring_unrung_sessions(HostedCall& call, const Present& here);

  CallEntries& entries_;
  SharedCalls& shared_;
  Ports ports_;
  CallSurroundings around_;
};

}  // namespace belfry::calls
