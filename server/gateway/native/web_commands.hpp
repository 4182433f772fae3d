// native::WebCommands: the events that the clients of seed 001 send beside those of the native dialect (web_notices.hpp says what
// a web session is). A session that named "native" may send none of them. docs/protocol/web.md describes them.
#pragma once

#include <string_view>

#include "gateway/native/asked.hpp"
#include "gateway/native/limits.hpp"
#include "gateway/native/ports.hpp"
#include "gateway/native/web_notices.hpp"
#include "gateway/native/web_payload.hpp"

namespace belfry::gateway::native {

class WebCommands {
 public:
  WebCommands(const NativePorts& ports, Limits& limits, WebNotices& notices)
      : ports_(ports),
        limits_(limits),
        notices_(notices) {}
  /// False: it is no event of web sessions.
  [[nodiscard]] bool take(const Asked& asked) { return serve(*this, kEvents, asked); }

 private:
  struct Row {
    std::string_view name;
    void (WebCommands::*act)(const Asked&);
  };
  static const Row kEvents[9];

  void offer(const Asked& asked) { signal(asked, calls::SignalKind::offer); }
  void answer(const Asked& asked) { signal(asked, calls::SignalKind::answer); }
  void candidate(const Asked& asked) { signal(asked, calls::SignalKind::candidate); }
  void signal(const Asked& asked, calls::SignalKind kind);
  void peer_event(const Asked& asked);
  void call_ended(const Asked& asked);
  void heartbeat(const Asked& asked);
  void signal_to_peer(const Asked& asked, const WebTarget& target, const calls::Signal& signal);
  void refuse(const Asked& asked, const Failure& failure);

  const NativePorts& ports_;
  Limits& limits_;
  WebNotices& notices_;
};

}  // namespace belfry::gateway::native
