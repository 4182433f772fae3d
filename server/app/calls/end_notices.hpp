// EndNotices: sends each participant the end of a call once (SPEC X-25, R-001-22). Connected sessions get it after the commit; a
// participant without one gets an entry in the outbox (docs/decisions/0017) and the end on return. Part of CallHost, on the
// call's host shard.
#pragma once

#include "app/calls/announcer.hpp"
#include "app/calls/timers.hpp"

namespace belfry::calls {

class EndNotices {
 public:
  EndNotices(SharedCalls& shared, const Ports& ports, Announcer& announcer, Timers& timers)
      : shared_(shared),
        ports_(ports),
        announcer_(announcer),
        timers_(timers) {}

  /// Before the commit: adds outbox entries for participants who have no live session, to the same transaction.
  void add_absent_to_outbox(const HostedCall& call, const Present& here, WallTime at, PendingStep& step,
                            store::Transition& change) const;
  /// After the commit, before sending: fixes the recipients. A session that connects meanwhile may get the end twice, never not
  /// at all.
  void fix_end_recipients(HostedCall& call, const Present& here) const;
  /// Remembers the end for each participant who has no live session to get it, except the one who ended the call.
  void remember_unheard(const HostedCall& call, const Command& command);
  /// Sends the end to a session that came later: by ResendEnd, or because it connected while the end was being sent.
  void notify_late(HostedCall& call, const Command& command, const Present& here);
  /// Sends the end to this user's sessions here, when another server ended the call and could notify its own sessions only.
  void notify_ended_by_other_server(HostedCall& call, UserId user, const Present& here);

 private:
  [[nodiscard]] static store::OutboxEntry unheard_end(const HostedCall& call, UserId user, WallTime at);
  [[nodiscard]] static bool is_first_notice_to(HostedCall& call, UserId user, SessionAddress at);
  void store_unheard(const store::OutboxEntry& end);
  void try_to_store(const store::OutboxEntry& end);
  [[nodiscard]] bool talks_again(const HostedCall& call, UserId user, const LiveSession& session);

  SharedCalls& shared_;
  Ports ports_;
  Announcer& announcer_;
  Timers& timers_;
};

}  // namespace belfry::calls
