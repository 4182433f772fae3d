// SignalRoutes: which sessions of a call's people may signal to which. Recomputed after each step; only changes are sent to the
// sessions' shards (signal_relay.hpp). Part of CallHost, on the call's host shard.
#pragma once

#include "app/calls/call_entry.hpp"
#include "app/calls/post.hpp"
#include "app/calls/shared_calls.hpp"

namespace belfry::calls {

class SignalRoutes {
 public:
  SignalRoutes(const Ports& ports, const Post& post) : ports_(ports), post_(post) {}

  void update(HostedCall& call, const Present& here);
  void drop(HostedCall& call);
  /// The session's shard may have lost its routes, or never got them: the next update() sends them again.
  static void resend_routes(HostedCall& call, SessionAddress at);
  void send_signal(const HostedCall& call, SessionAddress at, const KeptSignal& signal);

 private:
  void send_kept_signals(HostedCall& call, const Present& here);
  void drop_route(const CallId& call, const Route& route) const;

  Ports ports_;
  Post post_;
};

}  // namespace belfry::calls
