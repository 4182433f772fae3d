// SharedSockets: the one thing that the Sockets of all shards share, so that a client which comes back on another shard finds its
// lost socket. main/ owns it, and passes it to each shard. Two parts, each with one way in: the Sockets of another shard are
// reached only by a task on that shard's thread, and the table of moved sockets only under its lock.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "base/address.hpp"
#include "base/guarded.hpp"
#include "base/on_shards.hpp"

namespace belfry::session {

class Sockets;

class SharedSockets {
 public:
  explicit SharedSockets(ShardIndex shards) : on_shards_(shards) {}
  [[nodiscard]] OnShards<Sockets>& on_shards() { return on_shards_; }
  [[nodiscard]] const OnShards<Sockets>& on_shards() const { return on_shards_; }

  /// Any thread. Where a recovery has brought the socket of this pid; no address: it is where the pid says.
  [[nodiscard]] SessionAddress moved_to(std::uint64_t private_id) {
    return moved_.with([&](const auto& all) {
      const auto found = all.find(private_id);
      return found == all.end() ? SessionAddress{} : found->second;
    });
  }
  void set_moved(std::uint64_t private_id, SessionAddress address) {
    moved_.with([&](auto& all) { all[private_id] = address; });
  }
  void forget_moved(std::uint64_t private_id) {
    moved_.with([&](auto& all) { all.erase(private_id); });
  }

 private:
  OnShards<Sockets> on_shards_;
  Guarded<std::unordered_map<std::uint64_t, SessionAddress>> moved_;
};

}  // namespace belfry::session
