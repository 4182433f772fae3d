#include "adapters/redis/key_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "adapters/redis/script_for_tests.hpp"

namespace belfry::redis {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const Uuid kServer{0xAA};
const std::string kServerText = "aa000000-0000-0000-0000-000000000000";
const ConversationId kRoom(Uuid{0xC0});
const std::string kKey = "call:pending:c0000000-0000-0000-0000-000000000000";

UserId user_numbered(std::uint8_t number) { return UserId(Uuid{number}); }
std::string text(UserId user) { return to_text(user.value()); }

class Writer : public ::testing::Test {
 protected:
  Writer() : writer(kServer, {[this](UserId user) { return online.contains(user); }, [this] { return all_online(); }}, rings) {}
  [[nodiscard]] std::vector<UserId> all_online() const { return {online.begin(), online.end()}; }
  std::vector<std::string> written(const std::vector<Changed>& changes) {
    EXPECT_TRUE(writer.write(*connection, changes, now));
    return script.take_sent();
  }
  std::vector<std::string> all_written() {
    EXPECT_TRUE(writer.write_all(*connection, now));
    return script.take_sent();
  }

  TimePoint now{seconds{1000}};
  std::set<UserId> online;
  Rings rings;
  Scripted script;
  std::unique_ptr<Connection> connection = script.connect();
  KeyWriter writer;
};

// R-000-10, R-000-12
TEST_F(Writer, ARingIsAKeyThatExpires) {
  EXPECT_TRUE(rings.began(kRoom, "{}", now + seconds{90}));
  EXPECT_THAT(written({kRoom}), ElementsAre("SET " + kKey + " {} EX 90"));
  EXPECT_FALSE(rings.began(kRoom, "{}", now + seconds{120})) << "a step of a call that goes on ringing";
}

// R-000-13
TEST_F(Writer, ARingThatEndedIsDeletedOnceAndByItsDocument) {
  EXPECT_TRUE(rings.began(kRoom, "{}", now + seconds{90}));
  (void)written({kRoom});
  EXPECT_TRUE(rings.ended(kRoom, "{}", now + seconds{90}));
  EXPECT_THAT(written({kRoom}), ElementsAre("EVAL SCRIPT 1 " + kKey + " {}"));
  EXPECT_THAT(written({kRoom}), IsEmpty());
  EXPECT_THAT(rings.all(), IsEmpty());
}

TEST_F(Writer, ARingOfAnotherServerThatEndsHereIsDeleted) {
  EXPECT_TRUE(rings.ended(kRoom, "{}", now + seconds{90}));
  EXPECT_THAT(written({kRoom}), ElementsAre("EVAL SCRIPT 1 " + kKey + " {}"));
}

// Two shards report: the end of the first call may come behind the beginning of the second.
TEST_F(Writer, TheEndOfAnOlderCallLeavesTheNewerOne) {
  EXPECT_TRUE(rings.began(kRoom, "first", now + seconds{90}));
  EXPECT_TRUE(rings.began(kRoom, "second", now + seconds{90}));
  EXPECT_FALSE(rings.ended(kRoom, "first", now + seconds{90}));
  EXPECT_THAT(written({kRoom}), ElementsAre("SET " + kKey + " second EX 90"));
}

// What ended while Redis was away is deleted when it is back, whichever document Redis still has.
TEST_F(Writer, ADeletionThatWasNotWrittenIsKept) {
  EXPECT_TRUE(rings.began(kRoom, "first", now + seconds{90}));
  (void)written({kRoom});
  EXPECT_TRUE(rings.ended(kRoom, "first", now + seconds{90}));
  EXPECT_TRUE(rings.began(kRoom, "second", now + seconds{95}));
  script.lose_after(0);
  EXPECT_FALSE(writer.write(*connection, std::vector<Changed>{kRoom}, now));
  EXPECT_TRUE(rings.ended(kRoom, "second", now + seconds{95}));
  EXPECT_THAT(all_written(), ::testing::Contains("EVAL SCRIPT 1 " + kKey + " first second"));
  EXPECT_THAT(rings.all(), IsEmpty());
}

TEST_F(Writer, AKeyThatHasExpiredIsForgotten) {
  EXPECT_TRUE(rings.ended(kRoom, "{}", now + seconds{90}));
  rings.forget_expired(now + seconds{89});
  EXPECT_EQ(rings.all().size(), 1U);
  rings.forget_expired(now + seconds{90});
  EXPECT_THAT(rings.all(), IsEmpty());
}

// R-000-40: what counts is who is online when it is written.
TEST_F(Writer, UsersAreAddedAndRemovedAsTheyAreNow) {
  const UserId ann = user_numbered(1), ben = user_numbered(2);
  online = {ann};
  EXPECT_THAT(
      written({ben, ann, ben, ann}),
      ElementsAre(AllOf(StartsWith("EVAL SCRIPT 3 chat:online_users belfry:online:" + kServerText), EndsWith("15 " + text(ann))),
                  AllOf(StartsWith("EVAL SCRIPT 3 chat:online_users"), EndsWith("15 " + text(ben)))));
}

TEST_F(Writer, AllIsWrittenAnew) {
  online = {user_numbered(1), user_numbered(2)};
  EXPECT_TRUE(rings.began(kRoom, "{}", now + seconds{90}));
  now += seconds{30};
  const std::string set = "belfry:online:" + kServerText + ":new";
  EXPECT_THAT(all_written(), ElementsAre("SET " + kKey + " {} EX 60", "DEL " + set,
                                         "SADD " + set + " " + text(user_numbered(1)) + " " + text(user_numbered(2)),
                                         "EXPIRE " + set + " 15", HasSubstr("belfry:servers")));
}

TEST_F(Writer, ManyUsersAreWrittenInPieces) {
  for (std::uint32_t i = 0; i < 2'500; ++i) {
    Uuid id{};
    id[0] = static_cast<std::uint8_t>(i >> 8U);
    id[1] = static_cast<std::uint8_t>(i);
    online.insert(UserId(id));
  }
  (void)all_written();
  std::vector<std::size_t> pieces;
  for (const Command& command : script.commands())
    if (command.front() == "SADD") pieces.push_back(command.size() - 2);
  EXPECT_THAT(pieces, ElementsAre(1000U, 1000U, 500U));
}

TEST_F(Writer, ABeatWritesAllOnceRedisHasLostIt) {
  online = {user_numbered(1)};
  EXPECT_TRUE(writer.beat(*connection, now));
  EXPECT_EQ(script.take_sent().size(), 1U);
  script.reply({.kind = Reply::Kind::integer, .number = 0});
  EXPECT_TRUE(writer.beat(*connection, now));
  EXPECT_THAT(script.take_sent(), ::testing::Contains(StartsWith("SADD ")));
  online.clear();
  script.reply({.kind = Reply::Kind::integer, .number = 0});
  EXPECT_TRUE(writer.beat(*connection, now));
  EXPECT_EQ(script.take_sent().size(), 1U) << "nothing is there to be written";
}

// R-001-88
TEST_F(Writer, AnErrorIsAFaultThatNamesItsFirstWordOnly) {
  online = {user_numbered(1)};
  const std::vector<Changed> ann{user_numbered(1)};
  script.reply({.kind = Reply::Kind::error, .text = "WRONGTYPE Operation against a key of " + text(user_numbered(1))});
  const auto refused = writer.write(*connection, ann, now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "it answered WRONGTYPE");
  script.reply({.kind = Reply::Kind::error, .text = "hush: no code"});
  const auto other = writer.write(*connection, ann, now);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().reason, Not(HasSubstr("hush")));
}

}  // namespace
}  // namespace belfry::redis
