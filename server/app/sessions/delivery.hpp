// Delivery: sends notices and signals to sessions on any shard. It follows a session that moves (connection state recovery): what
// was sent to the old address arrives at the new one, and before what is sent there later. It ignores an address whose session is
// gone. One per shard, used on its thread; each registers in Deliveries before the first is used.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/notices/notice.hpp"
#include "base/address.hpp"
#include "base/mailbox.hpp"
#include "base/on_shards.hpp"
#include "base/own_thread.hpp"

namespace belfry::sessions {

/// Port: the sessions of one shard, called on its thread. A notice may end the session before the call returns, for example one
/// that says its log-in is over; sending alone never does (gateway::SocketOut).
class SessionPort {
 public:
  virtual ~SessionPort() = default;
  virtual void notify(SessionAddress to, const Notice& notice) = 0;
  virtual void pass_signal(SessionAddress to, const calls::SignalArrived& signal) = 0;
};

class Delivery;

using Deliveries = OnShards<Delivery>;

class Delivery {
 public:
  // The newest moves are remembered, so that mail already sent to an old address still reaches the session.
  static constexpr std::size_t kMaxMoves = 8192;

  Delivery(ShardIndex mine, Deliveries& all, Mailboxes& mailboxes, SessionPort& port);

  /// Delivers at once if the session is on this shard, otherwise through the mailbox of its shard.
  void notify(SessionAddress to, Notice notice);
  /// The same for a signal, which is copied only if it leaves the shard.
  void pass_signal(SessionAddress to, const calls::SignalArrived& signal);
  /// Forwards what is addressed to `before`. If only the new shard is known yet (generation 0), forwards to that shard, which
  /// knows the full address.
  void follow(SessionAddress before, SessionAddress now);
  /// Call it when Sessions has just been told the new address of a session that arrived on this shard. Each shard may have sent
  /// to the old address before: what is sent to the new one waits until all of that has come, which takes three mails.
  void arrived(SessionAddress before, SessionAddress now);

 private:
  /// A session that has arrived. One mark is awaited from each shard: it goes over the old address, behind the last mail that
  /// the shard sent there.
  struct Arrival {
    std::size_t marks = 0;
    std::deque<std::function<void()>> held{};
  };
  /// The newest kMaxMoves.
  class Moves {
   public:
    void put(SessionAddress before, SessionAddress now);
    [[nodiscard]] const SessionAddress* find(SessionAddress before) const;

   private:
    boost::unordered_flat_map<SessionAddress, SessionAddress, AddressHash> to_;
    std::deque<SessionAddress> from_;  // the keys of to_, oldest first
  };
  [[nodiscard]] Arrival* arrival_of(SessionAddress at);
  [[nodiscard]] SessionAddress newest_of(SessionAddress at) const;
  template <class Act>
  void forward(SessionAddress to, SessionAddress now, Act act);
  void take(SessionAddress to, Notice notice);
  void take(SessionAddress to, const calls::SignalArrived& signal);
  void take_mark(SessionAddress to, SessionAddress arrived);
  /// These pass by what waits for an arrival.
  void pass_mark(SessionAddress to, SessionAddress arrived);
  void end_arrival(SessionAddress at);
  void deliver(SessionAddress to, Notice notice);
  void deliver(SessionAddress to, const calls::SignalArrived& signal);

  [[no_unique_address]] OwnThread own_thread_;
  ShardIndex mine_;
  Deliveries& all_;
  Mailboxes& mailboxes_;
  SessionPort& port_;
  Moves moved_;  // from this shard, or to it
  // Whose mark has left this shard. Who keeps an address for longer must not send over the old one behind the mark.
  Moves marked_;
  boost::unordered_flat_map<SessionAddress, Arrival, AddressHash> arrivals_;
  // For sessions that move from this shard to this shard, until their new address is known.
  boost::unordered_flat_map<SessionAddress, std::vector<std::function<void()>>, AddressHash> moving_here_;
};

}  // namespace belfry::sessions
