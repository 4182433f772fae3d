// native::PresenceNotices: what a session is told of those whom it watches (SPEC K46).
#pragma once

#include "app/presence/watches.hpp"
#include "gateway/native/ports.hpp"
#include "gateway/native/sessions.hpp"

namespace belfry::gateway::native {

/// version, online
void append_online(json::Writer& json, const presence::Snapshot& snapshot);
[[nodiscard]] presence::Watches::Watcher watcher_of(const SocketContext& context);

/// Without Watches it does nothing.
class PresenceNotices {
 public:
  PresenceNotices(const NativePorts& ports, Sessions& sessions) : ports_(ports), sessions_(sessions) {}
  void tell(SessionAddress to, std::uint64_t version, std::string_view update);

  // A session that comes back gets a snapshot of what it watched before.
  [[nodiscard]] std::optional<presence::Watches::Subscription> take(const SocketContext& context);
  void go_on(const SocketContext& context, presence::Watches::Subscription subscription);
  /// A new socket is about to take over this session.
  void go_on_from(const store::SessionId& earlier, const SocketContext& context);
  void forget(SessionAddress at);

 private:
  [[nodiscard]] presence::Watches::Done send_snapshot(SessionAddress at);

  const NativePorts& ports_;
  Sessions& sessions_;
};

}  // namespace belfry::gateway::native
