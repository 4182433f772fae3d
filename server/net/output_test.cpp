// What the Handler writes to one connection, and a peer that reads it slowly.
#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace loopback;
using protocol::ConnectionId;

TEST(Output, OfAllSizesArrivesWholeThroughPartialWrites) {
  const Running running({}, [](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      handler.context.link.output(id).append(3'900'000, static_cast<char>(input.back()));
      return input.size();
    };
  });
  const Peer peer(running.port(), nullptr, 8192);
  peer.send("a");
  EXPECT_TRUE(peer.receive(3'900'000) == std::string(3'900'000, 'a'));
}

TEST(Output, OfOneBatchLeavesInOneSend) {
  const Running running({}, [](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      for (const std::byte byte : input) handler.context.link.output(id).push_back(static_cast<char>(byte));
      return input.size();
    };
  });
  const Peer peer(running.port());
  peer.send("one send for all of these");
  EXPECT_EQ(peer.receive(25), "one send for all of these");
  EXPECT_TRUE(eventually([&] { return running.stats().bytes_out == 25; }));
  EXPECT_EQ(running.stats().send_calls, 1U);
}

TEST(Output, AboveTheLimitClosesASlowReaderAndNotifiesTheSession) {
  ServerConfig config;
  config.max_unsent = 1'000'000;
  std::atomic<int> closed{0};
  const Running running(config, [&](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      handler.context.link.output(id).append(20'000'000, 'x');
      return input.size();
    };
    handler.closed = [&](ConnectionId) { ++closed; };
  });
  const Peer peer(running.port(), nullptr, 8192);
  peer.send("!");
  EXPECT_TRUE(eventually([&] { return closed == 1; }));
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0; }));
  EXPECT_EQ(running.stats().slow_readers_closed, 1U);
}

}  // namespace
}  // namespace belfry::net
