#include "adapters/sqlite/schema.hpp"

#include <chrono>
#include <fstream>

#include "adapters/sql/older_calls_for_tests.hpp"
#include "adapters/sqlite/call_reads.hpp"
#include "adapters/sqlite/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::store::testing {
namespace {

using namespace std::chrono_literals;
using sqlite::Access;
using sqlite::Connection;

class SqliteMigrations : public ::testing::Test {
 protected:
  sqlite::testing::ScratchFolder folder_;
};

// R-002-18
TEST_F(SqliteMigrations, UpCreatesTheTablesAndASecondRunChangesNothing) {
  const auto before = sqlite::migrate_status(folder_.file());
  ASSERT_TRUE(before.has_value());
  for (const auto& step : *before) EXPECT_FALSE(step.applied.has_value());
  const auto first = sqlite::migrate_up(folder_.file(), at(1));
  ASSERT_TRUE(first.has_value());
  const auto second = sqlite::migrate_up(folder_.file(), at(2));
  ASSERT_TRUE(second.has_value());
  ASSERT_EQ(first->size(), second->size());
  for (std::size_t i = 0; i < first->size(); ++i) {
    EXPECT_EQ((*first)[i].version, static_cast<int>(i) + 1);
    EXPECT_EQ((*first)[i].applied, at(1));
    EXPECT_EQ((*second)[i].applied, at(1));
  }
  EXPECT_EQ(sqlite::migrate_status(folder_.file())->back().applied, at(1));
  Connection connection(folder_.file(), Access::read_only, 1s);
  for (const auto* table : {"calls", "call_audit", "call_participants", "user_call_slots", "users"}) {
    sqlite::Use use(connection.prepared("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"));
    use.text(table);
    EXPECT_TRUE(use.row()) << table;
  }
}

TEST_F(SqliteMigrations, CallsOfAnOlderVersionKeepTheirOffers) {
  {
    Connection old(folder_.file(), Access::read_write, 1s);
    old.run("PRAGMA foreign_keys=OFF");
    old.run(std::string(sql::kMigrationTable));
    for (const auto& step : sqlite::migrations().first(2)) {
      old.run(std::string(step.sql));
      old.run("INSERT INTO schema_migrations VALUES (" + std::to_string(step.version) + ", 'old', 1)");
    }
    old.run(
        R"(INSERT INTO calls ("id", "callerId", "recipientId", "callType", "status", "createdAt", "ringTimeoutSec", "offer") )"
        "VALUES (" +
        quoted(call_id(1)) + ", " + quoted(user_id(1)) + ", " + quoted(user_id(2)) +
        R"(, 'video', 'calling', 5, 45, '{"sdp":1}'))");
  }
  ASSERT_TRUE(sqlite::migrate_up(folder_.file(), at(2)).has_value());
  Connection connection(folder_.file(), Access::read_only, 1s);
  const auto call = sqlite::find_call(connection, call_id(1));
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->row.media, call::CallType::video);
  EXPECT_EQ(call->row.ring_seconds, 45U);
  EXPECT_EQ(call->row.created.unix_ms, 5);
  EXPECT_EQ(call->row.offer.text(), R"({"sdp":1})");
}

// K45: it is asked at every sign of presence.
TEST_F(SqliteMigrations, WhoHasBlockedAUserIsFoundWithoutReadingAllBlocks) {
  ASSERT_TRUE(sqlite::migrate_up(folder_.file(), at(1)).has_value());
  Connection connection(folder_.file(), Access::read_only, 1s);
  sqlite::Use use(connection.prepared(R"(EXPLAIN QUERY PLAN SELECT "userId" FROM blocks WHERE "blockedUserId" = 'a')"));
  ASSERT_TRUE(use.row());
  for (int column = 0; column < 3; ++column) (void)use.number();
  EXPECT_NE(use.text().find("SEARCH blocks USING COVERING INDEX blocks_of_blocked"), std::string::npos);
}

TEST_F(SqliteMigrations, DatabaseOfANewerVersionIsRefusedAndLeftUnchanged) {
  ASSERT_TRUE(sqlite::migrate_up(folder_.file(), at(1)).has_value());
  {
    Connection connection(folder_.file(), Access::read_write, 1s);
    connection.run("INSERT INTO schema_migrations VALUES (999, 'later', 1)");
  }
  EXPECT_FALSE(sqlite::migrate_up(folder_.file(), at(2)).has_value());
  InlineMailboxes mailboxes;
  const auto opened = sqlite::Database::open({.path = folder_.file()}, mailboxes);
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().find("999"), std::string::npos);
}

TEST_F(SqliteMigrations, FileThatIsNoDatabaseIsNamedInTheError) {
  std::ofstream(folder_.file()) << "not a database, but long enough to look at: " << std::string(2'000, 'x');
  InlineMailboxes mailboxes;
  const auto opened = sqlite::Database::open({.path = folder_.file()}, mailboxes);
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().find(folder_.file()), std::string::npos);
}

/// A file as a server of a certain schema left it when it crashed at noon and 70 seconds, and the stores that open it next.
class OlderFile {
 public:
  OlderFile(int version, const std::string& content) {
    Connection old(folder_.file(), Access::read_write, 1s);
    old.run("PRAGMA foreign_keys=OFF");
    old.run(std::string(sql::kMigrationTable));
    for (const auto& step : sqlite::migrations().first(static_cast<std::size_t>(version))) {
      old.run(std::string(step.sql));
      old.run("INSERT INTO schema_migrations VALUES (" + std::to_string(step.version) + ", 'old', 1)");
    }
    old.run(content);
    old.run("INSERT INTO nodes (\"id\", \"heartbeatAt\") VALUES (" + quoted(session_id(9)) + ", " +
            std::to_string(at(70'000).unix_ms) + ")");
  }
  void open() {
    auto opened = sqlite::Database::open({.path = folder_.file(), .now = at(80'000)}, mailboxes_);
    if (!opened.has_value()) throw std::runtime_error(opened.error());
    database_ = *std::move(opened);
    stores_.emplace(*database_, ShardIndex{0});
  }
  CallStore& calls() { return stores_->calls(); }
  CallArchive& archive() { return stores_->archive(); }
  Outbox& outbox() { return stores_->outbox(); }
  Nodes& nodes() { return stores_->nodes(); }
  void settle() {
    do {
      database_->wait_for_all();
    } while (mailboxes_.run_waiting());
  }
  Connection look() const { return {folder_.file(), Access::read_only, 1s}; }

 private:
  sqlite::testing::ScratchFolder folder_;
  InlineMailboxes mailboxes_;
  std::unique_ptr<sqlite::Database> database_;
  std::optional<sqlite::Stores> stores_;
};

constexpr sql::testing::ByteSpelling kBytes{.before = "X'", .after = "'"};

/// The schema of the first release that people had, and the last in which a call had two people always.
class SqliteUpgrade : public ::testing::TestWithParam<int> {};

// R-002-18
TEST_P(SqliteUpgrade, KeepsEveryCallAndItsLegs) {
  const sql::testing::OlderCalls older;
  OlderFile file(GetParam(), older.inserts(kBytes));
  file.open();
  auto connection = file.look();
  for (const auto& call : older.all()) {
    const auto found = sqlite::find_call(connection, call.row().id);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->row, call.row());
    EXPECT_EQ(found->caller().username, older.name_of(call.row().caller));
    EXPECT_EQ(found->callee().username, older.name_of(callee_of(call.row())));
  }
  sqlite::Use check(connection.prepared("PRAGMA integrity_check"));
  ASSERT_TRUE(check.row());
  EXPECT_EQ(check.text(), "ok");
  sqlite::Use strangers(connection.prepared("PRAGMA foreign_key_check"));
  EXPECT_FALSE(strangers.row());
}

// X-23, X-25
TEST_P(SqliteUpgrade, ServerTakesOverTheCallsOfTheOlderOne) {
  const sql::testing::OlderCalls older;
  OlderFile file(GetParam(), older.inserts(kBytes));
  file.open();
  std::vector<CallRow> taken;
  file.nodes().take_over(100, Silence::means_gone, [&](const auto& result) {
    for (const auto& orphan : result->calls) taken.push_back(orphan.call.row);
  });
  std::size_t unheard = 0, violations = 0;
  file.settle();
  file.outbox().waiting(0, 1'000, [&](const auto& entries) { unheard = entries->size(); });
  file.archive().violations(at(0), [&](const auto& found) { violations = found->size(); });
  file.settle();
  EXPECT_EQ(taken, older.active());
  EXPECT_EQ(unheard, 2 * (older.all().size() - older.active().size())) << "ended right before the crash, each told to two";
  EXPECT_EQ(violations, 0U);
}

// I-1, I-4
TEST_P(SqliteUpgrade, MigratedCallsEndAndFreeTheirSlots) {
  const sql::testing::OlderCalls older;
  OlderFile file(GetParam(), older.inserts(kBytes));
  file.open();
  const auto& talking = *std::find_if(older.all().begin(), older.all().end(),
                                      [](const auto& each) { return each.row().status == call::Status::connected; });
  std::vector<CommitResult> results;
  const auto note = [&](const CommitResult& result) { results.push_back(result); };
  const UserId caller = talking.row().caller, callee = callee_of(talking.row());
  file.calls().commit(a_call(99, callee, caller), note);
  file.calls().commit(ended(talking.steps.back()), note);
  file.calls().commit(a_call(99, callee, caller), note);
  file.settle();
  ASSERT_EQ(results.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<SlotTaken>(results[0]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[1]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[2]));
}

INSTANTIATE_TEST_SUITE_P(Schema, SqliteUpgrade, ::testing::Values(3, 5, 6));

// X-25
class SqliteUpgradeOfOutbox : public ::testing::TestWithParam<int> {};
TEST_P(SqliteUpgradeOfOutbox, KeepsUnheardEnds) {
  const sql::testing::OlderCalls older;
  const auto& over = older.all().back().row();
  OlderFile file(GetParam(), older.inserts(kBytes) + R"(INSERT INTO outbox ("userId", "callId", "aware", "createdAt") VALUES ()" +
                                 quoted(over.caller) + ", " + quoted(over.id) + ", FALSE, 5);");
  file.open();
  std::vector<OutboxEntry> waiting;
  file.outbox().waiting(0, 10, [&](const auto& entries) { waiting = *entries; });
  file.settle();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].to, over.caller);
  EXPECT_EQ(waiting[0].call, over.id);
  EXPECT_FALSE(waiting[0].aware);
  EXPECT_EQ(waiting[0].kind, OutboxKind::call_end);
  EXPECT_EQ(waiting[0].seq, 1U);
  EXPECT_EQ(waiting[0].due, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Schema, SqliteUpgradeOfOutbox, ::testing::Values(5, 6));

}  // namespace
}  // namespace belfry::store::testing
