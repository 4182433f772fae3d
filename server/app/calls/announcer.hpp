// Announcer: what a committed step brings, as notices to sessions: the effects of domain/call name whom, this says it to each of
// their sessions that should hear it. Keeps nothing. Used on the call's host shard.
#pragma once

#include "app/calls/call_entry.hpp"
#include "app/calls/shared_calls.hpp"

namespace belfry::calls {

class Announcer {
 public:
  explicit Announcer(const Ports& ports) : ports_(ports) {}

  /// `before`: the call as it was before the step; null if this step made it.
  void announce(HostedCall& call, const Command& command, const call::Effects& effects, const CallView& before,
                const Present& here);
  /// The caller, at all their sessions, that it has been made.
  void tell_made(const HostedCall& call, const Present& here);
  /// the session whose start joined the other's call, that it answers it. By REST, all that may speak.
  void tell_glare(const HostedCall& call, const Command& start, const Present& here);
  void ring(HostedCall& call, UserId user, SessionAddress at);
  /// To one session: how its call ended.
  void tell_end(const HostedCall& call, UserId user, SessionAddress at);

 private:
  void run(HostedCall& call, const Command& command, const call::Effect& effect, const CallView& before, const Present& here);
  void tell_of_answer(const HostedCall& call, const Command& command, UserId to, const Present& here);
  void tell(SessionAddress at, Notice notice) { ports_.delivery.tell(at, std::move(notice)); }
  void tell_all(const std::vector<LiveSession>& sessions, const Notice& notice);

  Ports ports_;
};

}  // namespace belfry::calls
