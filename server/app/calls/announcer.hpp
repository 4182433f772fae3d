// Announcer: turns the effects of a committed step into notices, and sends each to those sessions of its person that must get it.
// It keeps no state. Part of CallHost, on the call's host shard.
#pragma once

#include <optional>
#include <span>

#include "app/calls/call_entry.hpp"
#include "app/calls/shared_calls.hpp"

namespace belfry::calls {

/// Whether some callee can be reached, now or by a push (J-2.13). `pushable`: see HostedCall.
[[nodiscard]] bool is_reachable(const call::Legs& legs, std::optional<bool> pushable, const Present& here);

class Announcer {
 public:
  explicit Announcer(const Ports& ports) : ports_(ports) {}

  /// `before`: the call before the step; null if this step created it.
  void announce(HostedCall& call, const Command& command, std::span<const call::Effect> effects, const CallView& before,
                const Present& here);
  /// Notifies all sessions of the caller that the call was created.
  void notify_created(HostedCall& call, const Present& here);
  /// Notifies all sessions of the caller how far the ring of this callee has come.
  void notify_progress(HostedCall& call, Progress::State state, UserId about, const Present& here);
  /// Notifies `to`, in the call, what `whose` sends, if that is known (S5).
  void notify_media(const HostedCall& call, UserId whose, UserId to, const Present& here);
  /// notifies the session whose start joined the other's call that it answers it; after a start by REST, all that may
  /// speak.
  void notify_glare(const HostedCall& call, const Command& start, const Present& here);
  /// J-5.3: a start made no call, because all whom it calls are busy.
  void notify_busy(const StartCall& start, const Present& here);
  void ring(HostedCall& call, UserId user, SessionAddress at);
  /// Notifies one session how its call ended.
  void notify_end(const HostedCall& call, UserId user, SessionAddress at);

 private:
  void run(HostedCall& call, const Command& command, const call::Effect& effect, const CallView& before, const Present& here);
  /// What each of the others in the call sends.
  void notify_all_media(const HostedCall& call, UserId to, const Present& here);
  void notify_answer(const HostedCall& call, const Command& command, UserId to, const Present& here);
  /// This user has live sessions, which are being notified of the call.
  static void note_aware(HostedCall& call, UserId user, const Present& here);
  void notify(SessionAddress at, Notice notice) { ports_.delivery.notify(at, std::move(notice)); }
  void notify_all(const std::vector<LiveSession>& sessions, const Notice& notice);

  Ports ports_;
};

}  // namespace belfry::calls
