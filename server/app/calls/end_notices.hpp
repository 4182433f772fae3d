// EndNotices: that everybody hears of a call's end once (SPEC X-25, R-001-22). Sessions that are here hear it after the commit;
// who has none gets an entry in the outbox (docs/decisions/0017) and is told on return. Used on the call's host shard.
#pragma once

#include "app/calls/announcer.hpp"

namespace belfry::calls {

class EndNotices {
 public:
  EndNotices(SharedCalls& shared, const Ports& ports, Announcer& announcer)
      : shared_(shared),
        ports_(ports),
        announcer_(announcer) {}

  /// Before the commit: who cannot be told of this end right after it; that goes into the same transaction.
  void add_absent_to_outbox(const HostedCall& call, const Present& here, WallTime at, PendingStep& step,
                            store::Transition& change) const;
  /// After it, before anybody is told: a session that connects meanwhile may be told twice, never not at all.
  void note_who_hears(HostedCall& call, const Present& here) const;
  /// Who had no session hears of it on return; not the one who ended the call.
  void remember_unheard(const HostedCall& call, const Command& command);
  /// A session came whose user has not heard of this end: by ResendEnd, or while the end was told.
  void tell_late(const HostedCall& call, const Command& command, const Present& here);
  /// Another server made this end, and could tell only its own sessions.
  void tell_made_elsewhere(HostedCall& call, UserId user, const Present& here);

 private:
  [[nodiscard]] static store::OutboxEntry unheard_end(const HostedCall& call, UserId user, WallTime at);
  [[nodiscard]] bool talks_to_same_peer_again(const HostedCall& call, UserId user);

  SharedCalls& shared_;
  Ports ports_;
  Announcer& announcer_;
};

}  // namespace belfry::calls
