// native::Rejoining: how a session gets back into the calls of its user: it resumes an earlier session, and gets a snapshot of
// the calls that are under way or have just ended.
#pragma once

#include <functional>
#include <vector>

#include "gateway/native/payload.hpp"
#include "gateway/native/ports.hpp"
#include "gateway/native/presence_notices.hpp"
#include "gateway/native/sessions.hpp"
#include "gateway/native/web_notices.hpp"

namespace belfry::gateway::native {

class Rejoining {
 public:
  using Calls = std::vector<store::StoredCall>;
  Rejoining(const NativeSettings& settings, const NativePorts& ports, Sessions& sessions, WebNotices& web_notices,
            PresenceNotices& presence_notices)
      : settings_(settings),
        ports_(ports),
        sessions_(sessions),
        web_notices_(web_notices),
        presence_notices_(presence_notices) {}

  /// False: the earlier session is not known any more.
  [[nodiscard]] bool resume(SessionAddress at, const Resume& earlier);
  void send_snapshot(SessionAddress at, calls::UserId user);
  /// The client has sent an event of this dialect, so it has read the snapshot.
  void note_spoken(SessionAddress at);
  /// Reads the user's calls. What `show` is given counts as shown to the user. It gets nullptr if the store cannot be reached.
  void read_calls(calls::UserId user, std::function<void(const Calls*)> show);

 private:
  void note_snapshot_sent(NativeSession& session, calls::UserId user, const Calls& shown);
  void note_shown_ends(calls::UserId user, const Calls& shown);
  [[nodiscard]] WallTime recently() const;

  const NativeSettings& settings_;
  const NativePorts& ports_;
  Sessions& sessions_;
  WebNotices& web_notices_;
  PresenceNotices& presence_notices_;
};

}  // namespace belfry::gateway::native
