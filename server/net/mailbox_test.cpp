#include "net/mailbox.hpp"

#include <future>
#include <latch>

#include "net/kernel_random.hpp"
#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace std::chrono_literals;
using namespace loopback;

TEST(Mailbox, WakesOnlyASleepingShard) {
  Mailbox box;
  const auto woken = [&] {
    std::uint64_t wakes = 0;
    return ::read(box.wake_descriptor(), &wakes, sizeof wakes) == sizeof wakes ? wakes : 0;
  };
  box.post([] {});
  EXPECT_EQ(woken(), 0U);
  std::vector<Task> tasks;
  ASSERT_TRUE(box.take(tasks));
  ASSERT_TRUE(box.may_block());
  box.post([] {});
  box.post([] {});
  EXPECT_EQ(woken(), 1U);
  EXPECT_FALSE(box.may_block());
}

TEST(Mailbox, DropsTasksPostedToAStoppedShard) {
  Mailbox box;
  const auto waiting = std::make_shared<int>();
  box.post([waiting] { FAIL(); });
  box.close();
  EXPECT_EQ(waiting.use_count(), 1);
  box.post([waiting] { FAIL(); });
  EXPECT_EQ(waiting.use_count(), 1);
}

// A posts to C and then to B; B's task posts to C: C runs A's first. Four shards, everybody is A, B and C at once.
TEST(Mailbox, OrderIsCausalAmongFourShards) {
  constexpr ShardIndex shards = 4;
  constexpr int rounds = 20'000;
  const Running running(with_threads(shards));
  Mailboxes& mail = running.server->mailboxes();
  // seen[c][a]: the last round of A that C has from A itself. Written on C's thread only.
  std::vector<std::vector<int>> seen(shards, std::vector<int>(shards, -1));
  std::atomic<int> broken{0};
  std::latch done(shards * rounds);
  std::function<void(ShardIndex, int)> play = [&](ShardIndex a, int round) {
    const auto b = static_cast<ShardIndex>((a + 1 + round % 3) % shards);
    const auto c = static_cast<ShardIndex>((a + 1 + (round + 1) % 3) % shards);
    mail.post(c, [&seen, a, c, round] { seen[c][a] = round; });
    mail.post(b, [&, a, c, round] {
      mail.post(c, [&, a, c, round] {
        if (seen[c][a] < round) ++broken;
        done.count_down();
      });
    });
    if (round + 1 < rounds) mail.post(a, [&play, a, round] { play(a, round + 1); });
  };
  for (ShardIndex a = 0; a < shards; ++a) mail.post(a, [&play, a] { play(a, 0); });
  done.wait();
  EXPECT_EQ(broken, 0);
}

TEST(Mailbox, TaskForTheSameShardRunsAfterTheCurrentOneInTheSameBatch) {
  std::promise<std::string> order_seen;
  const Running running({}, [&](Scripted& handler) {
    handler.deadline = handler.context.clock.now();
    handler.time = [&](TimePoint batch) {
      auto order = std::make_shared<std::string>();
      handler.context.mailboxes.post(0, [&, order, batch] {
        *order += handler.context.clock.now() == batch ? " same" : " later";
        order_seen.set_value(*order);
      });
      *order += "first";
    };
  });
  EXPECT_EQ(order_seen.get_future().get(), "first same");
}

TEST(Mailbox, TaskThatAlwaysPostsAnotherDoesNotStarveTheSockets) {
  const Running running;
  Mailboxes& mail = running.server->mailboxes();
  std::atomic<bool> on{true};
  std::function<void()> again = [&] {
    if (on) mail.post(0, again);
  };
  mail.post(0, again);
  const Peer peer(running.port());
  peer.send("still here");
  EXPECT_EQ(peer.receive(10), "still here");
  on = false;
  std::promise<void> quiet;  // `again` must outlive its last run
  mail.post(0, [&] { mail.post(0, [&] { quiet.set_value(); }); });
  quiet.get_future().wait();
}

TEST(Mailbox, OutputOfATaskLeavesInItsBatch) {
  std::atomic<std::uint64_t> open_connection{0};
  Scripted* shard = nullptr;
  const Running running({}, [&](Scripted& handler) {
    shard = &handler;
    handler.opened = [&](protocol::ConnectionId id, const protocol::ConnectionFacts&) {
      open_connection = std::uint64_t{id.generation} << 32 | id.slot;
    };
  });
  const Peer peer(running.port());
  ASSERT_TRUE(eventually([&] { return open_connection != 0; }));
  running.server->mailboxes().post(0, [&] {
    const protocol::ConnectionId id{static_cast<std::uint32_t>(open_connection),
                                    static_cast<std::uint32_t>(open_connection >> 32)};
    shard->context.link.output(id).append("incoming call");
  });
  EXPECT_EQ(peer.receive(13), "incoming call");
}

TEST(KernelRandom, GivesDifferentBytesEachTimeInAnySize) {
  KernelRandom random;
  std::vector<std::vector<std::byte>> drawn;
  for (const std::size_t size : {16U, 16U, 1000U, 1000U, 5000U, 5000U}) {
    random.fill(drawn.emplace_back(size));
  }
  EXPECT_NE(drawn[0], drawn[1]);
  EXPECT_NE(drawn[2], drawn[3]);
  EXPECT_NE(drawn[4], drawn[5]);
}

}  // namespace
}  // namespace belfry::net
