#include "app/calls/policy.hpp"

#include <chrono>

namespace belfry::calls {

using namespace std::chrono_literals;
using call::Dialect;

CallSettings default_settings() {
  CallSettings settings;
  // C-21. While a call rings, the other person waits with it, so a lost session gets only what a change of networks takes; in a
  // conversation the peer sees "reconnecting" and can wait longer.
  for (DialectPolicy& dialect : settings.dialects) {
    dialect.call.ringing_grace = 5s;
    dialect.call.connected_grace = 30s;
  }
  // Ring times: C-01. The shorter graces of signaling and chat: C-21.
  settings.of(Dialect::native).call.ring_time = 45s;
  settings.of(Dialect::native).call.stretch = call::RingStretch::by_late_device;
  settings.of(Dialect::native).glare = OnGlare::connect;
  settings.of(Dialect::native).group_ring = call::RingPolicy::on_caller_ready;  // C-05
  settings.of(Dialect::token).call.ring_time = 30s;
  settings.of(Dialect::token).call.ring = call::RingPolicy::on_caller_ready;  // C-05
  settings.of(Dialect::token).group_ring = call::RingPolicy::on_caller_ready;
  settings.of(Dialect::rest).call.ring_time = 60s;
  settings.of(Dialect::signaling).call.ring_time = 30s;
  settings.of(Dialect::signaling).call.connected_grace = 3s;
  settings.of(Dialect::signaling).unreachable = Unreachable::fails;  // C-10
  settings.of(Dialect::chat).call.ring_time = 15s;
  settings.of(Dialect::chat).call.connected_grace = 3s;
  return settings;
}

}  // namespace belfry::calls
