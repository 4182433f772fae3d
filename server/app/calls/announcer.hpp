// Announcer: turns the effects of a committed step into notices, and sends each to those sessions of its person that must get it.
// It keeps no state. Used on the call's host shard.
#pragma once

#include "app/calls/call_entry.hpp"
#include "app/calls/shared_calls.hpp"

namespace belfry::calls {

class Announcer {
 public:
  explicit Announcer(const Ports& ports) : ports_(ports) {}

  /// `before`: the call before the step; null if this step created it.
  void announce(HostedCall& call, const Command& command, const call::Effects& effects, const CallView& before,
                const Present& here);
  /// The caller, at all their sessions, that it has been made.
  void tell_made(const HostedCall& call, const Present& here);
  /// the session whose start joined the other's call, that it answers it. By REST, all that may speak.
  void tell_glare(const HostedCall& call, const Command& start, const Present& here);
  void ring(HostedCall& call, UserId user, SessionAddress at);
  /// Notifies one session how its call ended.
  void tell_end(const HostedCall& call, UserId user, SessionAddress at);

 private:
  void run(HostedCall& call, const Command& command, const call::Effect& effect, const CallView& before, const Present& here);
  void tell_of_answer(const HostedCall& call, const Command& command, UserId to, const Present& here);
  void tell(SessionAddress at, Notice notice) { ports_.delivery.tell(at, std::move(notice)); }
  void tell_all(const std::vector<LiveSession>& sessions, const Notice& notice);

  Ports ports_;
};

}  // namespace belfry::calls
