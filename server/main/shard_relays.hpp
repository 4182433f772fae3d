// ShardRelays: one shard's access to Twilio's relays. Answers come back on this shard. Owned by its ShardStack.
#pragma once

#include <utility>

#include "adapters/twilio/twilio_relays.hpp"
#include "app/ice/ice_servers.hpp"
#include "base/clock.hpp"

namespace belfry {

class ShardRelays final : public ice::RelaySource {
 public:
  /// `real_clock`: also on virtual time, since the relays' credentials end by it.
  ShardRelays(twilio::TwilioRelays& twilio, ShardIndex shard, const Clock& real_clock)
      : twilio_(twilio),
        shard_(shard),
        clock_(real_clock) {}
  void relays(std::function<void(const Relays&)> done) override {
    twilio_.relays(shard_, clock_.now(), [done = std::move(done)](const twilio::TwilioRelays::Relays& relays) {
      done({.servers = relays.servers, .expires = relays.expires});
    });
  }

 private:
  twilio::TwilioRelays& twilio_;
  ShardIndex shard_;
  const Clock& clock_;
};

}  // namespace belfry
