// SharedPeers: what the Peers of all shards share. Settings are immutable, the rest is guarded or atomic: which users have a peer
// is asked at every ring of a chat client (SPEC K20), on any shard, and must not cost a mailbox round trip. Create it first, then
// one Peers per shard, which registers itself; use it only when all have been created.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/peers/registration.hpp"
#include "base/guarded.hpp"
#include "base/on_shards.hpp"
#include "base/time.hpp"
#include "base/token_bucket.hpp"
#include "base/uuid.hpp"
#include "domain/account/user.hpp"

namespace belfry::peers {

class Peers;

/// SPEC K59. The defaults are those of npm `peer`.
struct PeerSettings {
  Duration expire = std::chrono::seconds{5};
  Duration alive = std::chrono::seconds{90};  // a peer without a heartbeat for so long is gone
  std::size_t concurrent_limit = 5000;        // sockets, on all shards
  std::size_t stranger_limit = 2500;          // those of them without a credential: they must not keep the users out
  // Ours. Of one user, whatever their ids and tabs: a page opens one, and all of them are looked through at each call.
  std::size_t limit_of_user = 32;
  // A call is an offer and some tens of candidates in one burst; a page that calls ten people at once sends a few hundred.
  RateLimit messages{1000, std::chrono::seconds{10}};
  // A message counts once more for each of these that its payload fills. So what one sender may send at once is 4 MB: less than
  // what closes its receiver as a slow reader (`connection.max_unsent`). The offer of a video call has some 6 KB.
  std::size_t bytes_per_count = 4000;
  // What waits for one absent peer at most. It gets all of it at once when it comes: less than `connection.max_unsent`, too.
  std::size_t held_for_one = 1024 * 1024;
};

class SharedPeers {
 public:
  SharedPeers(ShardIndex shards, const PeerSettings& settings) : settings_(settings), peers_(shards) {}

  [[nodiscard]] const PeerSettings& settings() const { return settings_; }
  [[nodiscard]] OnShards<Peers>& on_shards() { return peers_; }
  /// The shard where everything about this id is decided.
  [[nodiscard]] ShardIndex home_of(std::string_view id) const {
    return static_cast<ShardIndex>(std::hash<std::string_view>{}(id) % peers_.size());
  }

  /// A socket with such a registration comes. False: there are as many as there may be, or of this user.
  [[nodiscard]] bool admit(const Registration& registration);
  /// It is gone. One that lost its id, or gave it up, is not.
  void leave(const Registration& registration);
  [[nodiscard]] std::size_t count() const { return count_.load(); }
  /// Those of a user (Registration::user), also those that lost their id. A page opens one. Any thread.
  [[nodiscard]] std::size_t sockets_of(const account::UserId& user) const;

  // --- sockets whose user has logged out
  void note_logged_out(const account::UserId& user);
  void forget_logged_out(const account::UserId& user);
  /// Any thread.
  [[nodiscard]] bool has_logged_out(const account::UserId& user) const;

  // --- peers that carry the calls of a user (Registration::user)
  void note_open(const account::UserId& user, const std::string& id);
  void note_closed(const account::UserId& user, const std::string& id);
  /// `preferred`, if it is one of them; else the one that has the user's id, or the one that was opened first. Empty: none is
  /// open. Any thread.
  [[nodiscard]] std::string peer_of(const account::UserId& user, std::string_view preferred = {}) const;
  [[nodiscard]] bool has_peer(const account::UserId& user) const { return !peer_of(user).empty(); }

 private:
  using SocketsByUser = boost::unordered_flat_map<account::UserId, std::size_t, UuidHash>;           // none is 0
  using IdsByUser = boost::unordered_flat_map<account::UserId, std::vector<std::string>, UuidHash>;  // none is empty

  PeerSettings settings_;
  std::atomic<std::size_t> count_{0}, strangers_{0};
  mutable Guarded<IdsByUser> ids_;
  mutable Guarded<SocketsByUser> sockets_, logged_out_;
  OnShards<Peers> peers_;
};

}  // namespace belfry::peers
