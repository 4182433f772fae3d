// How a server ends.
#include <latch>

#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace std::chrono_literals;
using namespace loopback;
using protocol::ConnectionId;
using protocol::Ending;

TEST(Drain, RefusesArrivalsNotifiesEachHandlerOnceAndEndsWithTheLastConnection) {
  auto config = with_threads(3);
  config.drain_deadline = std::chrono::hours(1);
  std::atomic<int> drained{0};
  Running running(config, [&](Scripted& handler) { handler.drain = [&] { ++drained; }; });
  Peer peer(running.port());
  peer.send("before");
  ASSERT_EQ(peer.receive(6), "before");
  running.server->begin_drain();
  running.server->begin_drain();
  ASSERT_TRUE(eventually([&] { return drained == 3; }));
  peer.send("during");
  EXPECT_EQ(peer.receive(6), "during");
  EXPECT_TRUE(eventually([&] { return !Peer(running.port()).connected(); }));
  peer.leave();
  running.server->join();
  EXPECT_EQ(drained, 3);
}

TEST(Drain, LetsSessionsSendTheirLastOutput) {
  auto config = with_threads(1);
  config.drain_deadline = std::chrono::hours(1);
  Running running(config, [](Scripted& handler) {
    auto open = std::make_shared<std::vector<ConnectionId>>();
    handler.opened = [open](ConnectionId id, const protocol::ConnectionFacts&) { open->push_back(id); };
    handler.drain = [&handler, open] {
      for (const ConnectionId id : *open) {
        handler.context.link.output(id).append("goodbye");
        handler.context.link.close(id, Ending::after_flush);
      }
    };
  });
  Peer peer(running.port());
  ASSERT_TRUE(eventually([&] { return running.stats().open == 1; }));
  running.server->begin_drain();
  EXPECT_EQ(peer.receive_to_the_end(), "goodbye");
  peer.leave();
  running.server->join();
}

TEST(Drain, EndsAtTheDeadlineAlthoughAPeerStays) {
  auto config = with_threads(2);
  config.drain_deadline = 50ms;
  Running running(config);
  const Peer peer(running.port());
  ASSERT_TRUE(eventually([&] { return running.stats().open == 1; }));
  running.server->begin_drain();
  running.server->join();
  EXPECT_TRUE(peer.was_ended());
}

TEST(Drain, OfAnIdleServerEndsAtOnce) {
  auto config = with_threads(3);
  config.drain_deadline = std::chrono::hours(1);
  Running running(config);
  running.server->begin_drain();
  running.server->join();
}

TEST(Stop, IsImmediateAndDestroysEachHandlerOnItsThread) {
  struct Mourned final : Scripted {
    Mourned(const ShardContext& shard, std::atomic<int>& counted)
        : Scripted(shard),
          thread(std::this_thread::get_id()),
          deaths(counted) {}
    ~Mourned() override {
      if (std::this_thread::get_id() == thread) ++deaths;
    }
    std::thread::id thread;
    std::atomic<int>& deaths;
  };
  CountingLog log;
  std::atomic<int> deaths{0};
  auto server = Server::start(
      with_threads(3), [&](const ShardContext& context) { return std::make_unique<Mourned>(context, deaths); }, log);
  ASSERT_TRUE(server);
  const Peer peer((*server)->port());
  (*server)->stop_now();
  (*server)->join();
  EXPECT_EQ(deaths, 3);
  EXPECT_TRUE(peer.was_ended());
}

}  // namespace
}  // namespace belfry::net
