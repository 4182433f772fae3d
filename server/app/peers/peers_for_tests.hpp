// Peers on a few shards, whose sockets write down what they get. For tests.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/peers/peers.hpp"

namespace belfry::peers::testing {

class HandClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override { return {1'700'000'000'000}; }
  void advance(Duration by) { now_ += by; }

 private:
  TimePoint now_{Duration{1'000'000'000}};
};

class Post final : public Mailboxes {
 public:
  explicit Post(ShardIndex shards) : shards_(shards) {}
  void post(ShardIndex, std::function<void()> task) override { tasks_.push_back(std::move(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return shards_; }
  void run() {
    while (!tasks_.empty()) {
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }

 private:
  ShardIndex shards_;
  std::deque<std::function<void()>> tasks_;
};

/// Writes down what the sockets of a shard get.
class Sockets final : public PeerOutput {
 public:
  std::map<std::uint32_t, std::vector<std::string>> sent;  // by slot
  std::vector<std::uint32_t> ended;
  void send(PeerSocket to, std::string_view text) override { sent[to.slot].emplace_back(text); }
  void close(PeerSocket socket) override { ended.push_back(socket.slot); }
};

inline account::UserId user(std::uint8_t number) { return account::UserId{Uuid{number}}; }
inline account::LoginId login(std::uint8_t number) { return account::LoginId{Uuid{number}}; }

class World {
 public:
  World(ShardIndex shards, const PeerSettings& settings) : post(shards), shared(shards, settings), sockets(shards) {
    for (ShardIndex shard = 0; shard < shards; ++shard)
      peers.push_back(std::make_unique<Peers>(
          shard, shared,
          Peers::Ports{post, clock, sockets[shard],
                       [this](const account::UserId& one, const account::UserId& other, std::function<void(bool)> done) {
                         asked.emplace_back([this, one, other, done = std::move(done)] {
                           done(blocks.contains({one, other}) || blocks.contains({other, one}));
                         });
                         if (store_is_slow) return;
                         const auto answer = asked.back();
                         answer();
                       }}));
  }
  struct Peer {
    ShardIndex shard = 0;
    PeerSocket socket{};
    Expected<void, RegistrationFault> opened{};
  };
  Peer open(Registration registration) {
    Peer peer{.shard = shared.home_of(registration.id), .socket = {++last_slot_, 1}};
    peer.opened = peers[peer.shard]->open(peer.socket, std::move(registration));
    return peer;
  }
  Peer open(const std::string& id, const std::string& token = "token") { return open({.id = id, .token = token}); }
  Relay say(const Peer& peer, peerjs::Type type, const std::string& dst = "", std::string_view payload = "") {
    const Relay relay = peers[peer.shard]->receive(peer.socket, peerjs::Message{.type = type, .dst = dst, .payload = payload});
    post.run();
    return relay;
  }
  void lose(const Peer& peer) { peers[peer.shard]->closed(peer.socket); }
  std::vector<std::string> take(const Peer& peer) { return std::exchange(sockets[peer.shard].sent[peer.socket.slot], {}); }
  [[nodiscard]] bool ended(const Peer& peer) const {
    const auto& all = sockets[peer.shard].ended;
    return std::find(all.begin(), all.end(), peer.socket.slot) != all.end();
  }
  /// Moves the clock and lets each shard do what is due.
  void advance(Duration by) {
    clock.advance(by);
    for (const auto& each : peers) each->on_time(clock.now());
    post.run();
  }

  std::set<std::pair<account::UserId, account::UserId>> blocks;
  bool store_is_slow = false;
  std::vector<std::function<void()>> asked;  // of the store, who blocks whom

  HandClock clock;
  Post post;
  SharedPeers shared;
  std::vector<Sockets> sockets;
  std::vector<std::unique_ptr<Peers>> peers;

 private:
  std::uint32_t last_slot_ = 0;
};

/// On one shard and on three: the same.
class PeersOnShards : public ::testing::TestWithParam<ShardIndex> {
 protected:
  World& world() {
    if (!world_) world_.emplace(GetParam(), settings);
    return *world_;
  }
  /// Its OPEN is taken.
  World::Peer here(const std::string& id, const std::string& token = "token") {
    const World::Peer peer = world().open(id, token);
    EXPECT_TRUE(peer.opened);
    world().take(peer);
    return peer;
  }
  PeerSettings settings;

 private:
  std::optional<World> world_;
};

}  // namespace belfry::peers::testing
