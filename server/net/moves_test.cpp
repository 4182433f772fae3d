// Link::hand_over() in both descriptor modes.
#include <array>

#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace loopback;
using protocol::ConnectionId;

class HandOver : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam() && !kPrivateTablesAreUnderstood) GTEST_SKIP();
  }
  static ServerConfig config() {
    ServerConfig three = with_threads(3);
    three.private_descriptors = GetParam();
    return three;
  }
};

// At each '>' a shard says so much that most of it stays unsent, uses up that byte and passes the rest on; the last one says
// "|" and echoes.
TEST_P(HandOver, KeepsTheOrderOfUnreadAndUnsentBytes) {
  constexpr std::size_t much = 3'000'000;
  const Running running(config(), [](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      auto& link = handler.context.link;
      if (input[0] == std::byte{'>'}) {
        link.output(id).append(much, 'u');
        const auto next = static_cast<ShardIndex>((handler.context.index + 1) % 3);
        link.hand_over(id, next, input.subspan(1));
        return std::size_t{0};
      }
      link.output(id).append("|").append(as_text(input));
      return input.size();
    };
  });
  for (int i = 0; i < 6; ++i) {
    const Peer peer(running.port(), nullptr, 8192);
    peer.send(">>now here");
    std::string received = peer.receive(2 * much + 9);
    ASSERT_EQ(received.size(), 2 * much + 9);
    EXPECT_EQ(received.find_first_not_of('u'), 2 * much);
    EXPECT_EQ(received.substr(2 * much), "|now here");
    peer.send("and on");
    EXPECT_EQ(peer.receive(7), "|and on");
  }
  EXPECT_EQ(running.stats().handed_over, 12U);
}

// More at once than the socket pair of a private table can hold.
TEST_P(HandOver, OfManyConnectionsAtOnceLosesNone) {
  constexpr int many = 900;
  std::array<Scripted*, 3> shards{};
  std::atomic<int> here{0};
  const Running running(config(), [&](Scripted& handler) {
    shards[handler.context.index] = &handler;
    auto mine = std::make_shared<std::vector<ConnectionId>>();
    handler.bytes = [&, mine](ConnectionId id, MutableBytes input) -> std::size_t {
      if (as_text(input) == "wait") {
        if (handler.context.index == 0) {
          handler.context.link.output(id).append(as_text(input));
          return input.size();
        }
        mine->push_back(id);
        ++here;
        return 4;
      }
      handler.context.link.output(id).append(as_text(input));
      return input.size();
    };
    handler.drain = [&, mine] {  // stands for "now"
      for (const ConnectionId id : *mine) handler.context.link.hand_over(id, 0, as_bytes("wait"));
    };
  });
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < many; ++i) {
    peers.push_back(std::make_unique<Peer>(running.port()));
    peers.back()->send("wait");
  }
  ASSERT_TRUE(eventually([&] { return running.stats().bytes_in == 4 * many; }));
  for (const ShardIndex shard : {ShardIndex{1}, ShardIndex{2}})
    running.server->mailboxes().post(shard, [&, shard] { shards[shard]->drain(); });
  for (const auto& peer : peers) {
    ASSERT_EQ(peer->receive(4), "wait");
    peer->send("on");
    ASSERT_EQ(peer->receive(2), "on");
  }
  EXPECT_EQ(running.stats().handed_over, static_cast<std::uint64_t>(here.load()));
  EXPECT_EQ(running.stats().open, static_cast<std::uint64_t>(many));
  peers.clear();
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0; }));
}

TEST_P(HandOver, ToTheSameShardIsANewConnectionThere) {
  const Running running(config(), [](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      if (input[0] == std::byte{'>'}) {
        handler.context.link.hand_over(id, handler.context.index, input.subspan(1));
        return std::size_t{0};
      }
      handler.context.link.output(id).append(as_text(input));
      return input.size();
    };
  });
  const Peer peer(running.port());
  peer.send(">again");
  EXPECT_EQ(peer.receive(5), "again");
}

INSTANTIATE_TEST_SUITE_P(Descriptors, HandOver, testing::Bool(),
                         [](const auto& mode) { return mode.param ? "private_tables" : "shared_table"; });

}  // namespace
}  // namespace belfry::net
