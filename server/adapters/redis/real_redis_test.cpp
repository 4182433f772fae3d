// What the commands do in a real Redis.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <latch>
#include <set>
#include <string>

#include "adapters/redis/publisher.hpp"
#include "adapters/redis/reports_for_tests.hpp"
#include "adapters/redis/server_for_tests.hpp"

namespace belfry::redis {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using testing::RedisServer;
using ::testing::UnorderedElementsAre;

const Uuid kOne{0xA1}, kOther{0xA2};
const ConversationId kRoom(Uuid{0xC0});
const std::string kKey = "call:pending:c0000000-0000-0000-0000-000000000000";
const UserId kAnn(Uuid{1}), kBen(Uuid{2});
std::string text(UserId user) { return to_text(user.value()); }

/// One server on the same database as another.
struct Server {
  Server(const Uuid& id, RedisServer& redis)
      : writer(id,
               {[this](UserId user) { return online.contains(user); },
                [this] { return std::vector<UserId>(online.begin(), online.end()); }},
               rings),
        line(redis.connection()) {}
  void has(std::set<UserId> users) {
    std::vector<Changed> changes(users.begin(), users.end());
    changes.insert(changes.end(), online.begin(), online.end());
    online = std::move(users);
    EXPECT_TRUE(writer.write(*line, changes, now));
  }
  void write_room() { EXPECT_TRUE(writer.write(*line, std::vector<Changed>{kRoom}, now)); }

  TimePoint now{1000s};
  std::set<UserId> online;
  Rings rings;
  KeyWriter writer;
  std::unique_ptr<Connection> line;
};

class RealRedis : public ::testing::Test {
 protected:
  RealRedis() { ::signal(SIGPIPE, SIG_IGN); }
  static RedisServer& redis() {
    static RedisServer server;
    return server;
  }
  void SetUp() override { (void)redis().ask({"FLUSHALL"}); }
  static std::vector<std::string> members(const std::string& key = "chat:online_users") {
    return redis().ask({"SMEMBERS", key}).list;
  }
  static std::int64_t ttl(const std::string& key) { return redis().ask({"TTL", key}).number; }
  /// The server stopped renewing its set.
  static void set_expires(const Uuid& server) { (void)redis().ask({"DEL", "belfry:online:" + to_text(server)}); }
  static bool exists(const std::string& key) { return redis().ask({"EXISTS", key}).number == 1; }
};

// R-000-10, R-000-12
TEST_F(RealRedis, APendingCallIsAKeyWithATtl) {
  Server one(kOne, redis());
  ASSERT_TRUE(one.rings.began(kRoom, R"({"status":"ringing"})", one.now + 90s));
  one.write_room();
  EXPECT_EQ(redis().ask({"GET", kKey}).text, R"({"status":"ringing"})");
  EXPECT_GE(ttl(kKey), 89);
  EXPECT_LE(ttl(kKey), 90);
}

// R-000-13: another server's newer call in the same conversation has the key now.
TEST_F(RealRedis, OnlyTheDocumentOfTheCallThatEndedIsDeleted) {
  Server one(kOne, redis()), other(kOther, redis());
  ASSERT_TRUE(one.rings.began(kRoom, "first", one.now + 90s));
  one.write_room();
  ASSERT_TRUE(other.rings.ended(kRoom, "first", one.now + 90s));
  other.write_room();
  EXPECT_FALSE(exists(kKey)) << "the call that one hosted ended at the other";
  ASSERT_TRUE(other.rings.began(kRoom, "second", one.now + 90s));
  other.write_room();
  ASSERT_TRUE(one.rings.ended(kRoom, "first", one.now + 90s));
  one.write_room();
  EXPECT_EQ(redis().ask({"GET", kKey}).text, "second");
}

// R-000-40
TEST_F(RealRedis, TheSetIsTheUnionOfAllServers) {
  Server one(kOne, redis()), other(kOther, redis());
  one.has({kAnn});
  other.has({kAnn, kBen});
  EXPECT_THAT(members(), UnorderedElementsAre(text(kAnn), text(kBen)));
  other.has({});
  EXPECT_THAT(members(), UnorderedElementsAre(text(kAnn)));
  one.has({});
  EXPECT_THAT(members(), IsEmpty());
  EXPECT_THAT(members("belfry:servers"), IsEmpty());
}

// C-18: nobody stays online because a server was killed.
TEST_F(RealRedis, UsersOfAServerThatIsGoneLeaveTheSet) {
  Server one(kOne, redis()), other(kOther, redis());
  one.has({kAnn});
  other.has({kBen});
  for (const std::string& key :
       {std::string("chat:online_users"), "belfry:online:" + to_text(kOther), std::string("belfry:servers")}) {
    EXPECT_GT(ttl(key), 0) << key;
    EXPECT_LE(ttl(key), kOnlineLife.count()) << key;
  }
  set_expires(kOther);
  EXPECT_TRUE(one.writer.beat(*one.line, one.now));
  EXPECT_THAT(members(), UnorderedElementsAre(text(kAnn)));
  EXPECT_THAT(members("belfry:servers"), UnorderedElementsAre(to_text(kOne)));
  EXPECT_GT(ttl("chat:online_users"), 0);
}

// A server that was stopped for longer than its set lives, and goes on.
TEST_F(RealRedis, AServerThatWasTakenForGoneWritesAllAgain) {
  Server one(kOne, redis()), other(kOther, redis());
  one.has({kAnn});
  other.has({kBen});
  set_expires(kOther);
  EXPECT_TRUE(one.writer.beat(*one.line, one.now));
  EXPECT_TRUE(other.writer.beat(*other.line, other.now));
  EXPECT_THAT(members(), UnorderedElementsAre(text(kAnn), text(kBen)));
}

TEST_F(RealRedis, AServerThatStopsTakesItsUsersWithIt) {
  Server one(kOne, redis()), other(kOther, redis());
  one.has({kAnn});
  other.has({kAnn, kBen});
  EXPECT_TRUE(other.writer.leave(*other.line));
  EXPECT_THAT(members(), UnorderedElementsAre(text(kAnn)));
  EXPECT_TRUE(one.writer.leave(*one.line));
  EXPECT_FALSE(exists("chat:online_users"));
  EXPECT_FALSE(exists("belfry:servers"));
}

TEST_F(RealRedis, WritingAnewLeavesOutWhoWentMeanwhile) {
  Server one(kOne, redis());
  one.has({kAnn});
  one.online = {kBen};
  EXPECT_TRUE(one.writer.write_all(*one.line, one.now));
  EXPECT_THAT(members(), UnorderedElementsAre(text(kBen)));
  EXPECT_THAT(members("belfry:online:" + to_text(kOne)), UnorderedElementsAre(text(kBen)));
  EXPECT_FALSE(exists("belfry:online:" + to_text(kOne) + ":new"));
  EXPECT_GT(ttl("belfry:online:" + to_text(kOne)), 0);
}

TEST_F(RealRedis, AThousandUsersFitIntoOneScript) {
  Server one(kOne, redis());
  for (std::uint32_t i = 0; i < KeyWriter::kMost; ++i) {
    Uuid id{};
    id[0] = static_cast<std::uint8_t>(i >> 8U);
    id[1] = static_cast<std::uint8_t>(i);
    one.online.insert(UserId(id));
  }
  const std::vector<Changed> all(one.online.begin(), one.online.end());
  EXPECT_TRUE(one.writer.write(*one.line, all, one.now));
  EXPECT_EQ(members().size(), KeyWriter::kMost);
  one.online.clear();
  EXPECT_TRUE(one.writer.write(*one.line, all, one.now));
  EXPECT_THAT(members(), IsEmpty());
}

TEST(RedisConnection, LogsInAndSaysWhyItCannot) {
  const RedisServer guarded("the right one");
  Address address = guarded.address();
  EXPECT_TRUE(connect(address, 5s));
  address.database = 3;
  EXPECT_TRUE(connect(address, 5s));
  address.password = "another";
  const auto wrong = connect(address, 5s);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().reason, "it answered WRONGPASS");
  address.password = {};
  const auto none = connect(address, 5s);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().reason, "it answered NOAUTH");
}

TEST(RedisConnection, LosesItsServer) {
  ::signal(SIGPIPE, SIG_IGN);
  RedisServer server;
  const auto line = server.connection();
  EXPECT_TRUE(line->run({{"PING"}}));
  server.stop();
  EXPECT_FALSE(line->run({{"PING"}}));
  const auto refused = connect(server.address(), 5s);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "Connection refused");
}

// C-18: the next beat finds the connection lost.
TEST(RedisPublisher, WritesAllToARedisThatHasForgottenIt) {
  RedisServer server;
  Messages log;
  std::atomic<int> now{1000};
  std::latch it_rings(1);
  const auto connect_once_it_rings = [&] {
    it_rings.wait();
    return connect(server.address(), 5s);
  };
  Publisher publisher(
      {.server = kOne, .first_pause = 1ms, .longest_pause = 2ms, .between_beats = 10ms}, connect_once_it_rings,
      {[](const UserId& user) { return user == kAnn; }, [] { return std::vector<UserId>{kAnn}; }},
      [&] { return TimePoint(std::chrono::seconds{now.load()}); }, log);
  publisher.ring_began(kRoom, "{}", 30s);
  it_rings.count_down();
  const auto is_all_there = [&] { return server.ask({"EXISTS", kKey, "chat:online_users"}).number == 2; };
  ASSERT_TRUE(log.come_to(1));
  EXPECT_TRUE(is_all_there());
  server.stop();
  server.start();
  EXPECT_FALSE(is_all_there());
  ++now;
  ASSERT_TRUE(log.come_to(3));
  EXPECT_EQ(log.all().back(), "Redis is back");
  EXPECT_TRUE(is_all_there());
}

}  // namespace
}  // namespace belfry::redis
