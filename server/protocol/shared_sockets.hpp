// SharedSockets: the one thing that the Sockets of all shards share, so that a client which comes back on another shard finds its
// lost socket. main/ owns it, and passes it to each shard. Two parts, each with one way in: the Sockets of another shard are
// reached only by a task on that shard's thread, and the table of moved sockets only under its lock.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "base/address.hpp"
#include "base/guarded.hpp"
#include "base/on_shards.hpp"
#include "base/time.hpp"

namespace belfry::protocol {

class Sockets;

/// Where a socket is that was recovered at least once; its pid names the shard where it was created.
struct Whereabouts {
  SessionAddress at;
  std::optional<ShardIndex> going_to{};  // it has left `at` for this shard, and has not arrived yet
  TimePoint asked{};                     // of the attempts that found it, when the last was made
};

class SharedSockets {
 public:
  explicit SharedSockets(ShardIndex shards) : on_shards_(shards) {}
  [[nodiscard]] OnShards<Sockets>& on_shards() { return on_shards_; }
  [[nodiscard]] const OnShards<Sockets>& on_shards() const { return on_shards_; }

  /// Any thread. Nothing: it has never moved, and is where its pid says.
  [[nodiscard]] std::optional<Whereabouts> whereabouts_of(std::uint64_t private_id) {
    return moved_.with([&](const auto& all) {
      const auto found = all.find(private_id);
      return found == all.end() ? std::nullopt : std::optional(found->second);
    });
  }
  void set_departed(std::uint64_t private_id, const Whereabouts& where) {
    moved_.with([&](auto& all) { all[private_id] = where; });
  }
  void set_arrived(std::uint64_t private_id, SessionAddress at) {
    moved_.with([&](auto& all) {
      Whereabouts& where = all[private_id];
      where.at = at;
      where.going_to.reset();
    });
  }
  void forget_moved(std::uint64_t private_id) {
    moved_.with([&](auto& all) { all.erase(private_id); });
  }

 private:
  OnShards<Sockets> on_shards_;
  Guarded<std::unordered_map<std::uint64_t, Whereabouts>> moved_;  // by private id
};

}  // namespace belfry::protocol
