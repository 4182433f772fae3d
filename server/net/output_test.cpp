// What the Handler writes to one connection, and a peer that reads it slowly.
#include "net/loopback_for_tests.hpp"
#include "net/output_pool.hpp"

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

/// Answers each byte with 100 KB, and leaves the rest unread as often as the Link says so.
struct LargeAnswers {
  static constexpr std::size_t kAnswer = 100'000;
  explicit LargeAnswers(Scripted& handler) {
    handler.bytes = [this, &handler](ConnectionId id, MutableBytes input) {
      std::size_t used = 0;
      while (used < input.size() && !handler.context.link.must_wait_for_room(id)) {
        handler.context.link.output(id).append(kAnswer, static_cast<char>(input[used++]));
        ++answers;
      }
      return used;
    };
  }
  std::atomic<int> answers{0};
};

// 100 clients that asked for a file again and again and read nothing cost 342 MB.
TEST(Output, OfAPeerThatDoesNotReadLetsItsNextRequestsWait) {
  std::unique_ptr<LargeAnswers> large;
  ServerConfig config;
  config.max_unsent = 1'000'000'000;
  const Running running(config, [&](Scripted& handler) { large = std::make_unique<LargeAnswers>(handler); });
  const Peer peer(running.port(), nullptr, 8192), other(running.port());
  peer.send(std::string(300, 'p'));
  ASSERT_TRUE(eventually([&] { return large->answers > 0; }));
  other.send("oo");
  EXPECT_EQ(other.receive(2 * LargeAnswers::kAnswer).size(), 2 * LargeAnswers::kAnswer);
  EXPECT_LT(large->answers, 100) << "as many as the kernel takes, and few more";
  peer.finish();
  EXPECT_EQ(peer.receive_to_the_end().size(), 300 * LargeAnswers::kAnswer) << "once it reads it gets them all";
}

/// Answers the first byte with `left` bytes, in pieces, as the Link has room for them.
struct LongAnswer {
  explicit LongAnswer(Scripted& handler) {
    handler.bytes = [this, &handler](ConnectionId id, MutableBytes input) {
      while (left > 0 && !handler.context.link.must_wait_for_room(id)) {
        handler.context.link.output(id).append(100'000, 'x');
        left -= 100'000;
      }
      return input.size();
    };
  }
  int left = 20'000'000;
};

// A file of ten megabytes is more than a connection may leave unsent.
TEST(Output, OfALongAnswerIsAskedForAgainWhenThereIsRoomThoughNothingIsUnread) {
  std::unique_ptr<LongAnswer> answer;
  ServerConfig config;
  config.max_unsent = 1'000'000;
  const Running running(config, [&](Scripted& handler) { answer = std::make_unique<LongAnswer>(handler); });
  const Peer peer(running.port(), nullptr, 8192);
  peer.send("!");
  EXPECT_EQ(peer.receive(20'000'000).size(), 20'000'000U);
  EXPECT_EQ(running.stats().slow_readers_closed, 0U);
}

TEST(Output, ThatDoesNotMoveClosesASlowReaderAndNotifiesTheSession) {
  ServerConfig config;
  config.max_unsent = 1'000'000'000;
  config.unsent_timeout = std::chrono::milliseconds(50);
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

TEST(Output, HasStalledWhenNothingOfItHasLeftForTheWholeTime) {
  using namespace std::chrono_literals;
  const TimePoint start{1h};
  OutputBuffer output;
  EXPECT_FALSE(output.has_stalled(0, start, 30s)) << "its time begins when it could not leave";
  EXPECT_FALSE(output.has_stalled(0, start + 29s, 30s));
  EXPECT_FALSE(output.has_stalled(1, start + 30s, 30s)) << "one byte has left";
  EXPECT_FALSE(output.has_stalled(0, start + 59s, 30s));
  EXPECT_TRUE(output.has_stalled(0, start + 60s, 30s));
  OutputPool pool;
  pool.give_back(std::make_unique<OutputBuffer>(std::move(output)));
  EXPECT_FALSE(pool.take()->has_stalled(0, start + 60s, 30s)) << "the next one's time begins anew";
}

}  // namespace
}  // namespace belfry::net
