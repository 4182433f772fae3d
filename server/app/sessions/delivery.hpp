// Delivery: brings notices and signals to sessions, from any shard to any shard. A session that moves (connection state
// recovery) is followed: what was on its way to the old address arrives at the new one, in order. An address whose session is
// gone is ignored. One per shard, used on its thread; all are entered in one Deliveries before the first is used.
#pragma once

#include <cstddef>
#include <deque>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/notices/notice.hpp"
#include "base/address.hpp"
#include "base/mailbox.hpp"
#include "base/on_shards.hpp"

namespace belfry::sessions {

/// Port: the sessions that live on one shard, called on its thread. A call may close the session, as a slow reader, before it
/// returns.
class SessionPort {
 public:
  virtual ~SessionPort() = default;
  virtual void tell(SessionAddress to, const Notice& notice) = 0;
  virtual void pass_signal(SessionAddress to, const calls::SignalArrived& signal) = 0;
};

class Delivery;

using Deliveries = OnShards<Delivery>;

class Delivery {
 public:
  // So many of the newest moves are remembered: mail under way to an old address still finds its session.
  static constexpr std::size_t kMaxMoves = 8192;

  Delivery(ShardIndex mine, Deliveries& all, Mailboxes& mailboxes, SessionPort& port);

  /// At once if the session lives here, else by mail.
  void tell(SessionAddress to, Notice notice);
  /// The same. Copies the signal only if it leaves the shard.
  void pass_signal(SessionAddress to, const calls::SignalArrived& signal);
  /// Forwards what is addressed to `before`. If only the new shard is known yet (generation 0), to there: that shard knows the
  /// rest.
  void follow(SessionAddress before, SessionAddress now);

 private:
  struct AddressHash {
    std::size_t operator()(SessionAddress at) const noexcept {
      return std::hash<std::uint64_t>{}(std::uint64_t{at.generation} << 32U | at.slot);
    }
  };
  void deliver(SessionAddress to, Notice notice);
  void deliver(SessionAddress to, const calls::SignalArrived& signal);

  ShardIndex mine_;
  Deliveries& all_;
  Mailboxes& mailboxes_;
  SessionPort& port_;
  boost::unordered_flat_map<SessionAddress, SessionAddress, AddressHash> moved_;
  std::deque<SessionAddress> moves_;  // the keys of moved_, oldest first
};

}  // namespace belfry::sessions
