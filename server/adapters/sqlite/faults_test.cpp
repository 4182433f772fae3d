// What the store does when the disk fails or another process locks the file: nothing is half written, every request is answered,
// and it works again by itself afterwards (SPEC 0 "Store unavailable", R-001-19).
#include <chrono>
#include <string>
#include <vector>

#include "adapters/sqlite/world_for_tests.hpp"
#include "base/guarded.hpp"
#include "store/message_store.hpp"
#include "store/store_contract.hpp"

namespace belfry::store::testing {
namespace {

using namespace std::chrono_literals;
using sqlite::Access;
using sqlite::Connection;
using sqlite::testing::SqliteWorld;

class SqliteFaults : public StoreContract<SqliteWorld> {
 protected:
  void SetUp() override {
    alice = made(1, "alice");
    bob = made(2, "bob");
  }
  bool unavailable(const Transition& transition) { return std::holds_alternative<Unavailable>(commit(transition)); }
  std::size_t rows(const std::string& table) {
    Connection connection(world_.file(), Access::read_only, 1s);
    sqlite::Use use(connection.prepared("SELECT count(*) FROM " + table));
    return use.row() ? static_cast<std::size_t>(use.number()) : 0;
  }
  UserId alice, bob;
};

// R-001-19
TEST_F(SqliteFaults, LockedDatabaseAnswersUnavailableInTimeAndServiceResumesByItself) {
  world_.restart({.patience = 50ms});
  Connection other(world_.file(), Access::read_write, 1s);
  other.run("BEGIN EXCLUSIVE");
  int answers = 0;
  for (std::uint32_t number = 1; number <= 600; ++number)
    world_.calls().commit(a_call(number, alice, bob), [&](const CommitResult& result) {
      ++answers;
      EXPECT_TRUE(std::holds_alternative<Unavailable>(result));
    });
  world_.settle();
  EXPECT_EQ(answers, 600);
  EXPECT_TRUE(load(call_id(1)) == std::nullopt) << "readers go on meanwhile";
  other.run("ROLLBACK");
  EXPECT_TRUE(commits(a_call(1, alice, bob)));
}

// K38: it costs no write.
TEST_F(SqliteFaults, ReceiptThatMovesNothingIsAnsweredThoughNothingCanBeWritten) {
  world_.conversations().open({.id = conversation_id(1), .creator = alice, .others = {bob}}, std::nullopt,
                              [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
  for (std::uint32_t number = 1; number <= 2; ++number)
    world_.messages().send({.id = MessageId(uuid(6, number)),
                            .conversation = conversation_id(1),
                            .sender = alice,
                            .client_id = "c" + std::to_string(number),
                            .text = "x"},
                           [](const auto& sent) { ASSERT_TRUE(sent.has_value()); });
  world_.settle();
  const auto read = [&](std::uint64_t up_to) {
    return answer_of<Expected<MovedReceipt, MessageFault>>(
        [&](auto done) { world_.messages().move_receipt({conversation_id(1), bob, chat::Receipt::read, up_to}, done); });
  };
  EXPECT_EQ(read(1).value().unread, 1U);
  world_.restart({.patience = 50ms});
  Connection other(world_.file(), Access::read_write, 1s);
  other.run("BEGIN EXCLUSIVE");
  EXPECT_EQ(read(1).value().unread, 1U);
  EXPECT_EQ(read(0).value().now, (chat::Pointers{1, 1}));
  EXPECT_EQ(read(2).error(), MessageFault::unavailable);
  other.run("ROLLBACK");
  EXPECT_EQ(read(2).value().unread, 0U);
}

class ErrorLog final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override { return true; }
  void write(LogLevel, std::string_view message, std::initializer_list<LogField> fields) override {
    auto line = std::string(message);
    for (const LogField& field : fields)
      if (const auto* const number = std::get_if<std::int64_t>(&field.value)) line += " " + std::to_string(*number);
    lines_.with([&](auto& lines) { lines.push_back(std::move(line)); });
  }
  std::vector<std::string> lines() {
    return lines_.with([](auto& lines) { return lines; });
  }

 private:
  Guarded<std::vector<std::string>> lines_;
};

// Some writes have nobody who waits for their answer; the log is where their loss is seen.
TEST_F(SqliteFaults, FailedWritesAreLoggedOnceAndCounted) {
  ErrorLog log;
  world_.restart({.log = &log});
  auto large = a_call(1, alice, bob);
  large.row.offer = call::Description(std::string(4'000'000, 'o'));
  world_.fill_up();
  EXPECT_TRUE(unavailable(large));
  EXPECT_TRUE(unavailable(large));
  EXPECT_EQ(log.lines(), std::vector<std::string>{"the database cannot be written"});
  world_.make_room();
  EXPECT_TRUE(commits(large));
  EXPECT_EQ(log.lines().back(), "the database can be written again 2");
  world_.restart();
}

// R-001-19
TEST_F(SqliteFaults, FullDiskLeavesNothingOfTheBatchAndServiceResumesByItself) {
  auto large = a_call(1, alice, bob);
  large.row.offer = call::Description(std::string(4'000'000, 'o'));
  world_.fill_up();
  EXPECT_TRUE(unavailable(large));
  EXPECT_EQ(rows("calls") + rows("user_call_slots") + rows("call_participants") + rows("call_audit"), 0U);
  world_.make_room();
  EXPECT_TRUE(commits(large));
  EXPECT_EQ(load(call_id(1))->row.offer.text().size(), 4'000'000U);
}

// A rule of the database broken by one transition is no reason to refuse its neighbours.
TEST_F(SqliteFaults, ConstraintViolationFailsOnlyItsOwnTransition) {
  const auto carol = made(3, "carol"), dan = made(4, "dan");
  auto broken = a_call(1, alice, bob);
  broken.row.status = call::Status::connected;  // without startedAt
  std::vector<CommitResult> results(3, Unavailable{});
  const std::vector<Transition> many = {broken, a_call(2, carol, dan), a_call(3, alice, bob)};
  for (std::size_t i = 0; i < many.size(); ++i)
    world_.calls().commit(many[i], [&results, i](const CommitResult& result) { results[i] = result; });
  world_.settle();
  EXPECT_TRUE(std::holds_alternative<Unavailable>(results[0]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[1]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[2]));
  EXPECT_FALSE(load(call_id(1)).has_value());
}

// R-001-20, X-23, X-24
TEST_F(SqliteFaults, AcknowledgedCommitsSurviveARestart) {
  const auto start = a_call(1, alice, bob);
  ASSERT_TRUE(commits(start) && commits(answered(start)));
  world_.nodes().heartbeat(at(5'000));
  world_.settle();
  world_.restart();
  EXPECT_EQ(load(call_id(1))->row, answered(start).row);
  EXPECT_TRUE(std::holds_alternative<SlotTaken>(commit(a_call(2, alice, bob))));
  world_.nodes().heartbeat(at(9'000));
  world_.settle();
  const auto taken = found<store::TakenOver>([&](auto done) { world_.nodes().take_over(10, store::Silence::means_gone, done); });
  EXPECT_EQ(taken.last_heartbeat, at(5'000)) << "the newest before our own first";
  ASSERT_EQ(taken.calls.size(), 1U);
  EXPECT_EQ(taken.calls[0].call.row, answered(start).row);
  EXPECT_EQ(taken.calls[0].last_alive, at(5'000));
}

// R-001-78, R-001-79, R-001-80, R-001-18
TEST_F(SqliteFaults, DatabaseItselfRefusesImpossibleRows) {
  const auto start = a_call(1, alice, bob);
  ASSERT_TRUE(commits(start));
  const auto refused = [&](const std::string& change) {
    try {
      world_.damage("UPDATE calls SET " + change);
      return false;
    } catch (const sqlite::Failure& failure) {
      return failure.fault() == sqlite::Fault::constraint;
    }
  };
  EXPECT_TRUE(refused(R"("status" = 'connected')"));
  for (const auto* status : {"ended", "rejected", "missed"}) EXPECT_TRUE(refused("\"status\" = '" + std::string(status) + "'"));
  EXPECT_TRUE(refused(R"("status" = 'talking')"));
  EXPECT_TRUE(refused(R"("recipientId" = "callerId")"));
  EXPECT_TRUE(refused(R"("status" = 'ended', "startedAt" = 5, "endedAt" = 4, "duration" = 0)"));
  EXPECT_TRUE(refused(R"("status" = 'ended', "startedAt" = 5, "endedAt" = 6, "duration" = -1)"));
  EXPECT_TRUE(refused(R"("status" = 'ended', "startedAt" = 5, "endedAt" = 6)"));
  EXPECT_TRUE(refused(R"("status" = 'missed', "endedAt" = 6, "duration" = 1)"));
  EXPECT_FALSE(refused(R"("status" = 'ended', "startedAt" = 5, "endedAt" = 6, "duration" = 0)"));
}

// I-1
TEST_F(SqliteFaults, SecondSlotOfAUserIsRefusedByTheDatabaseItself) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  EXPECT_THROW(world_.damage("INSERT INTO user_call_slots (\"userId\", \"callId\") VALUES (" + quoted(alice) + ", 'x')"),
               sqlite::Failure);
}

// R-001-91
TEST_F(SqliteFaults, ChangeByHandMovesUpdatedAtAndNeverCreatedAt) {
  const auto start = a_call(1, alice, bob);
  ASSERT_TRUE(commits(start));
  world_.damage(R"(UPDATE calls SET "metadata" = '{"by":"hand"}')");
  const auto row = load(call_id(1))->row;
  EXPECT_NE(row.updated, start.row.updated);
  EXPECT_EQ(row.created, start.row.created);
}

// R-001-23, C-26
TEST_F(SqliteFaults, DurationIsStoredInWholeSecondsAndIsNullIfNeverConnected) {
  const auto start = a_call(1, alice, bob);
  const auto accepted = answered(start, at(4'000));
  ASSERT_TRUE(commits(start) && commits(accepted) && commits(ended(accepted, at(5'999))));
  const auto other = a_call(2, alice, bob);
  ASSERT_TRUE(commits(other) && commits(missed(other)));
  Connection connection(world_.file(), Access::read_only, 1s);
  sqlite::Use use(connection.prepared(R"(SELECT "duration" FROM calls ORDER BY "id")"));
  ASSERT_TRUE(use.row());
  EXPECT_EQ(use.number(), 1);
  ASSERT_TRUE(use.row());
  EXPECT_FALSE(use.maybe_real().has_value());
}

TEST_F(SqliteFaults, LogRestartsUnderSteadyLoad) {
  auto row = a_call(1, alice, bob);
  row.row.offer = call::Description(std::string(200'000, 'o'));
  for (std::uint32_t number = 1; number <= 400; ++number) {
    row.row.id = call_id(number);
    ASSERT_TRUE(commits(row) && commits(missed(row)));
  }
  EXPECT_LT(std::filesystem::file_size(world_.file() + "-wal"), 64U << 20U);
}

}  // namespace
}  // namespace belfry::store::testing
