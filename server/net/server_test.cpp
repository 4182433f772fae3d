#include "net/server.hpp"

#include <netinet/tcp.h>

#include "net/listener.hpp"
#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace loopback;
using protocol::ConnectionId;

TEST(Server, EchoesOnOneShard) {
  const Running running;
  const Peer peer(running.port());
  peer.send("hello");
  EXPECT_EQ(peer.receive(5), "hello");
}

TEST(Server, SpreadsAThousandConnectionsOverThreeShards) {
  const Running running(with_threads(3));
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 1000; ++i) peers.push_back(std::make_unique<Peer>(running.port()));
  for (const auto& peer : peers) peer->send("ring");
  for (const auto& peer : peers) ASSERT_EQ(peer->receive(4), "ring");
  EXPECT_EQ(running.stats().open, 1000U);
  peers.clear();
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0; }));
}

TEST(Server, MakesHandlersInIndexOrder) {
  std::vector<int> order;
  const Running running(with_threads(4), [&](Scripted& handler) { order.push_back(handler.context.index); });
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
}

TEST(Server, ReportsATakenPortEvenWithASharedListener) {
  const Running first(with_threads(2));
  auto config = with_threads(2);
  config.port = first.port();
  CountingLog log;
  const auto second = Server::start(config, [](const ShardContext& context) { return std::make_unique<Scripted>(context); }, log);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().find("another program listens"), std::string::npos) << second.error();
}

// A client that connects while the server is still being set up is not served before go().
TEST(Server, RunsPostedTasksBeforeItAcceptsTheFirstConnection) {
  std::atomic<bool> posted_ran{false}, served_too_early{false}, served{false};
  CountingLog log;
  const auto config = with_threads(2);
  auto server = Server::open(
      config,
      [&](const ShardContext& context) {
        auto handler = std::make_unique<Scripted>(context);
        handler->opened = [&](ConnectionId, const protocol::ConnectionFacts&) {
          if (!posted_ran) served_too_early = true;
          served = true;
        };
        return handler;
      },
      log);
  ASSERT_TRUE(server) << server.error();
  const Peer early((*server)->port());
  for (ShardIndex shard = 0; shard < 2; ++shard) (*server)->mailboxes().post(shard, [&] { posted_ran = true; });
  (*server)->go();
  EXPECT_TRUE(eventually([&] { return served.load(); }));
  EXPECT_FALSE(served_too_early);
}

TEST(Server, EndsCleanlyIfItNeverStartedToServe) {
  CountingLog log;
  const auto config = with_threads(2);
  const auto server = Server::open(config, [](const ShardContext& context) { return std::make_unique<Scripted>(context); }, log);
  EXPECT_TRUE(server);
}

TEST(Server, DoesNotStartWhenAHandlerCannotBeMade) {
  CountingLog log;
  const auto config = with_threads(2);
  const auto server = Server::start(
      config,
      [](const ShardContext& context) -> std::unique_ptr<protocol::Handler> {
        if (context.index == 1) throw std::runtime_error("no store");
        return std::make_unique<Scripted>(context);
      },
      log);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error(), "no store");
}

TEST(Server, PassesThePeersAddressToTheHandler) {
  std::atomic<int> last_byte{0};
  const Running running({}, [&](Scripted& handler) {
    handler.opened = [&](ConnectionId, const protocol::ConnectionFacts& facts) {
      if (facts.address[10] == 0xff && facts.address[11] == 0xff && facts.address[12] == 127) last_byte = facts.address[15];
    };
  });
  const Peer peer(running.port(), "127.0.0.9");
  EXPECT_TRUE(eventually([&] { return last_byte == 9; }));
}

TEST(Server, AcceptedSocketsInheritNoDelayFromTheListener) {
  auto listener = Listener::open("127.0.0.1", 0, Sharing::alone, 8);
  ASSERT_TRUE(listener);
  const Peer peer(listener->port());
  Arrival arrival;
  ASSERT_TRUE(eventually([&] { return (arrival = listener->accept()).outcome == Arrival::Outcome::connected; }));
  int no_delay = 0;
  socklen_t size = sizeof no_delay;
  ::getsockopt(arrival.descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &no_delay, &size);
  EXPECT_NE(no_delay, 0);
}

}  // namespace
}  // namespace belfry::net
