#include "adapters/sqlite/database.hpp"

#include <array>
#include <chrono>
#include <future>

#include "adapters/sqlite/ask.hpp"
#include "adapters/sqlite/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::store::testing {
namespace {

/// Tasks of two shards, run by hand.
class TwoShards final : public Mailboxes {
 public:
  void post(ShardIndex shard, std::function<void()> task) override { EXPECT_TRUE(boxes_.at(shard).try_push(std::move(task))); }
  [[nodiscard]] ShardIndex shard_count() const override { return 2; }
  std::size_t run(ShardIndex shard) {
    std::vector<std::function<void()>> tasks;
    static_cast<void>(boxes_.at(shard).pop_all_for(tasks, Duration{0}));
    for (const auto& task : tasks) task();
    return tasks.size();
  }

 private:
  using Box = WorkQueue<std::function<void()>>;
  std::array<Box, 2> boxes_{Box(1'000), Box(1'000)};
};

class SqliteDatabase : public ::testing::Test {
 protected:
  sqlite::testing::ScratchFolder folder_;
  TwoShards shards_;
  std::unique_ptr<sqlite::Database> database_ = *sqlite::Database::open({.path = folder_.file()}, shards_);
};

TEST_F(SqliteDatabase, AnswersComeToTheShardThatAsked) {
  sqlite::Stores first(*database_, 0), second(*database_, 1);
  bool first_heard = false, second_heard = false;
  first.accounts().create({.id = user_id(1), .username = "alice"}, [&](const auto& made) { first_heard = made.has_value(); });
  second.accounts().create({.id = user_id(2), .username = "bob"}, [&](const auto& made) { second_heard = made.has_value(); });
  database_->wait_for_all();
  EXPECT_FALSE(first_heard || second_heard) << "each callback runs on its own shard";
  shards_.run(1);
  EXPECT_TRUE(second_heard && !first_heard);
  shards_.run(0);
  EXPECT_TRUE(first_heard);
}

// R-004-72: one user's searches held up everybody's reads for seconds.
TEST_F(SqliteDatabase, NoReadWaitsForSearches) {
  std::promise<void> released, read;
  const auto search = [until = released.get_future().share()](sqlite::Connection&) -> Expected<int, Unavailable> {
    until.wait();
    return 0;
  };
  const Done<Expected<int, Unavailable>> done = [](const auto& answer) { EXPECT_TRUE(answer.has_value()); };
  for (int i = 0; i < 8; ++i) sqlite::ask_searcher(*database_, 0, Unavailable{}, search, done);
  const auto note_read = [&read](sqlite::Connection&) -> Expected<int, Unavailable> {
    read.set_value();
    return 0;
  };
  sqlite::ask_reader(*database_, 0, note_read, done);
  EXPECT_EQ(read.get_future().wait_for(std::chrono::seconds{10}), std::future_status::ready);
  released.set_value();
  database_->wait_for_all();
  EXPECT_EQ(shards_.run(0), 9U);
}

TEST_F(SqliteDatabase, WaitingTransitionsAreCommittedAndAnsweredTogether) {
  sqlite::Stores stores(*database_, 0);
  sqlite::Connection other(folder_.file(), sqlite::Access::read_write, std::chrono::seconds(1));
  other.run("BEGIN IMMEDIATE");  // the writer waits for us, and the rest behind it
  int made = 0;
  for (std::uint32_t number = 1; number <= 200; ++number)
    stores.accounts().create({.id = user_id(number), .username = "u" + std::to_string(number)},
                             [&](const auto& user) { made += user.has_value() ? 1 : 0; });
  other.run("COMMIT");
  database_->wait_for_all();
  EXPECT_LE(shards_.run(0), 2U) << "the first alone at most, then all others at once";
  EXPECT_EQ(made, 200);
}

// SPEC 0: answered within 5 s, however many wait
TEST_F(SqliteDatabase, LockHeldByAnotherConnectionFailsAllWaitingRequestsAtOnce) {
  using namespace std::chrono_literals;
  database_ = *sqlite::Database::open({.path = folder_.file(), .patience = 50ms}, shards_);
  sqlite::Stores stores(*database_, 0);
  sqlite::Connection other(folder_.file(), sqlite::Access::read_write, 1s);
  other.run("BEGIN IMMEDIATE");
  int failed = 0;
  for (std::uint32_t number = 1; number <= 900; ++number)
    stores.accounts().create({.id = user_id(number), .username = "u" + std::to_string(number)}, [&](const auto& user) {
      failed += !user.has_value() && user.error() == CreateFault::unavailable ? 1 : 0;
    });
  database_->wait_for_all();
  EXPECT_LE(shards_.run(0), 2U) << "nobody's patience begins when another's has ended";
  EXPECT_EQ(failed, 900);
}

TEST_F(SqliteDatabase, ClosingCommitsWaitingTransitions) {
  sqlite::Stores stores(*database_, 0);
  for (std::uint32_t number = 1; number <= 50; ++number)
    stores.accounts().create({.id = user_id(number), .username = "u" + std::to_string(number)}, [](const auto&) {});
  database_.reset();
  sqlite::Connection connection(folder_.file(), sqlite::Access::read_only, std::chrono::seconds(1));
  sqlite::Use use(connection.prepared("SELECT count(*) FROM users"));
  ASSERT_TRUE(use.row());
  EXPECT_EQ(use.number(), 50);
}

}  // namespace
}  // namespace belfry::store::testing
