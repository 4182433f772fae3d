// native::WebCommands: the events that the clients of seed 001 send beside those of the native dialect (web_notices.hpp says what
// a web session is). A session that named "native" may send none of them. docs/protocol/web.md describes them.
#pragma once

#include <string_view>

#include "gateway/native/client_event.hpp"
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
  [[nodiscard]] bool take(const ClientEvent& event) { return serve(*this, kEvents, event); }

 private:
  struct Row {
    std::string_view name;
    void (WebCommands::*act)(const ClientEvent&);
  };
  static const Row kEvents[9];

  void offer(const ClientEvent& event) { signal(event, calls::SignalKind::offer); }
  void answer(const ClientEvent& event) { signal(event, calls::SignalKind::answer); }
  void candidate(const ClientEvent& event) { signal(event, calls::SignalKind::candidate); }
  void signal(const ClientEvent& event, calls::SignalKind kind);
  void peer_event(const ClientEvent& event);
  void call_ended(const ClientEvent& event);
  void heartbeat(const ClientEvent& event);
  void signal_to_peer(const ClientEvent& event, const WebTarget& target, const calls::Signal& signal);
  void refuse(const ClientEvent& event, const Failure& failure);

  const NativePorts& ports_;
  Limits& limits_;
  WebNotices& notices_;
};

}  // namespace belfry::gateway::native
