#include "adapters/redis/publisher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "adapters/redis/reports_for_tests.hpp"
#include "adapters/redis/script_for_tests.hpp"

namespace belfry::redis {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const ConversationId kRoom(Uuid{0xC0});
const UserId kAnn(Uuid{1});

/// Redis that is there, or away.
class Stage {
 public:
  [[nodiscard]] Settings settings() const {
    return {.server = Uuid{0xAA}, .first_pause = 1ms, .longest_pause = 2ms, .between_beats = 1h};
  }
  [[nodiscard]] Connect connect() {
    return [this]() -> Expected<std::unique_ptr<Connection>, Fault> {
      tries.add(1);
      if (away) return unexpected(Fault{"Connection refused"});
      return script.connect();
    };
  }
  [[nodiscard]] OnlineHere online() {
    return {[](const UserId& user) { return user == kAnn; }, [] { return std::vector<UserId>{kAnn}; }};
  }
  [[nodiscard]] std::function<TimePoint()> now() {
    return [] { return TimePoint(1000s); };
  }

  Scripted script;
  Messages log;
  std::atomic<bool> away{false};
  Reports<int> tries;
};

// C-18: a call does not wait for Redis, and all is there once Redis is.
TEST(RedisPublisher, WhileRedisIsAwayItIsLoggedOnceAndAllIsWrittenThen) {
  Stage stage;
  stage.away = true;
  {
    Publisher publisher(stage.settings(), stage.connect(), stage.online(), stage.now(), stage.log);
    ASSERT_TRUE(stage.log.come_to(1));
    publisher.ring_began(kRoom, "{}", 30s);
    publisher.user_changed(kAnn);
    ASSERT_TRUE(stage.tries.come_to(5));
    stage.away = false;
    ASSERT_TRUE(stage.log.come_to(2));
  }
  EXPECT_THAT(stage.log.all(), ::testing::ElementsAre(StartsWith("Redis is away"), "Redis is back"));
  const auto sent = stage.script.take_sent();
  EXPECT_THAT(sent, Contains("SET call:pending:c0000000-0000-0000-0000-000000000000 {} EX 90"));
  EXPECT_THAT(sent, Contains(StartsWith("SADD belfry:online:")));
}

TEST(RedisPublisher, WritesAnewAfterALostConnection) {
  Stage stage;
  {
    Publisher publisher(stage.settings(), stage.connect(), stage.online(), stage.now(), stage.log);
    ASSERT_TRUE(stage.log.come_to(1));
    (void)stage.script.take_sent();
    stage.script.lose_after(0);
    publisher.ring_began(kRoom, "{}", 30s);
    ASSERT_TRUE(stage.log.come_to(3));
  }
  EXPECT_THAT(stage.log.all(), ::testing::ElementsAre("Redis is there", StartsWith("Redis is away"), "Redis is back"));
  const auto sent = stage.script.take_sent();
  EXPECT_THAT(sent, Contains(HasSubstr("{} EX 90")));
  EXPECT_THAT(sent, Contains(StartsWith("SADD belfry:online:")));
}

TEST(RedisPublisher, TakesItsUsersWithItWhenItEnds) {
  Stage stage;
  {
    Publisher publisher(stage.settings(), stage.connect(), stage.online(), stage.now(), stage.log);
    ASSERT_TRUE(stage.log.come_to(1));
    (void)stage.script.take_sent();
  }
  EXPECT_THAT(stage.script.take_sent(), ::testing::ElementsAre(StartsWith("DEL belfry:online:"), HasSubstr("belfry:servers")));
}

/// A Redis that answers nothing until it is let go. The thread of a Publisher that was abandoned still waits for it.
struct SilentRedis {
  [[nodiscard]] static Connect connect(const std::shared_ptr<SilentRedis>& redis) {
    const auto end = std::shared_ptr<void>(nullptr, [redis](void*) { redis->ended.add(1); });
    return [redis, end]() -> Expected<std::unique_ptr<Connection>, Fault> {
      redis->asked.add(1);
      std::vector<int> nothing;
      redis->timed_out = redis->silence.pop_all_for(nothing, kPatience) == WorkQueue<int>::Woken::time;
      return unexpected(Fault{"too late"});
    };
  }
  Reports<int> asked, ended;
  WorkQueue<int> silence{1};
  std::atomic<bool> timed_out{false};
};

TEST(RedisPublisher, DoesNotWaitForARedisThatIsSilentWhenItEnds) {
  for (const bool abandoned : {true, false}) {
    const auto redis = std::make_shared<SilentRedis>();
    {
      Stage stage;
      {
        Publisher publisher(stage.settings(), SilentRedis::connect(redis), stage.online(), stage.now(), stage.log);
        ASSERT_TRUE(redis->asked.come_to(1));
        if (abandoned) publisher.abandon();
      }
      EXPECT_FALSE(redis->timed_out);
      EXPECT_TRUE(stage.log.all().empty());
    }
    redis->silence.close();
    EXPECT_TRUE(redis->ended.come_to(1)) << "the thread has ended, and used neither the log nor the users of the stage";
  }
}

TEST(RedisPublisher, AbandonedItLeavesItsKeysToExpire) {
  Stage stage;
  Reports<int> ended;
  const auto end = [&] { return std::shared_ptr<void>(nullptr, [&](void*) { ended.add(1); }); };
  {
    Publisher publisher(
        stage.settings(), [connect = stage.connect(), end = end()] { return connect(); }, stage.online(), stage.now(), stage.log);
    ASSERT_TRUE(stage.log.come_to(1));
    static_cast<void>(stage.script.take_sent());
    publisher.abandon();
    publisher.user_changed(kAnn);
  }
  ASSERT_TRUE(ended.come_to(1));
  EXPECT_THAT(stage.script.take_sent(), ::testing::IsEmpty());
}

// Bounded: what does not fit is made up for by writing all.
TEST(RedisPublisher, MoreChangesThanTheQueueHoldsAreMadeUpFor) {
  Stage stage;
  Settings settings = stage.settings();
  settings.queue = 1;
  stage.away = true;
  {
    Publisher publisher(settings, stage.connect(), stage.online(), stage.now(), stage.log);
    ASSERT_TRUE(stage.log.come_to(1));
    for (std::uint8_t room = 0; room < 20; ++room) publisher.ring_began(ConversationId(Uuid{room, 1}), "{}", 30s);
    stage.away = false;
    ASSERT_TRUE(stage.log.come_to(2));
  }
  const auto sent = stage.script.take_sent();
  EXPECT_EQ(std::count_if(sent.begin(), sent.end(), [](const std::string& each) { return each.starts_with("SET "); }), 20);
}

}  // namespace
}  // namespace belfry::redis
