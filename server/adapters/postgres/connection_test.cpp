// Several statements in one round trip (libpq, "Pipeline Mode"): what each of them sees, and what becomes of all when one of them
// fails, the connection breaks, or the time is over.
#include "adapters/postgres/connection.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/postgres/world_for_tests.hpp"

namespace belfry::postgres {
namespace {

using testing::Cluster;
using testing::Psql;

class Pipelines : public ::testing::Test {
 protected:
  Pipelines() {
    other_("DROP TABLE IF EXISTS notes");
    other_("CREATE TABLE notes (\"number\" bigint CONSTRAINT notes_once UNIQUE, \"text\" text)");
  }
  ~Pipelines() override {
    if (connection_.good()) psql_("ROLLBACK");
    other_("ROLLBACK");
    other_("DROP TABLE notes");
  }
  static Statement note(std::int64_t number, std::string_view text = "") {
    Params params;
    params.number(number);
    params.text(text);
    return {R"(INSERT INTO notes ("number", "text") VALUES ($1, $2))", std::move(params)};
  }
  static Statement count() { return {"SELECT count(*) FROM notes"}; }
  void post(Statement statement) { connection_.post(statement.sql, std::move(statement.params)); }
  Failure failure_of(std::vector<Statement> statements) {
    try {
      connection_.run_all(std::move(statements));
    } catch (const Failure& failure) {
      return failure;
    }
    throw std::runtime_error("they all succeeded");
  }
  std::int64_t notes() { return Psql{}.count("SELECT count(*) FROM notes"); }
  /// Until `other_` ends its transaction, whoever locks the notes waits.
  void change_a_note() {
    other_(R"(INSERT INTO notes ("number") VALUES (1))");
    other_("BEGIN");
    other_(R"(UPDATE notes SET "number" = 2)");
  }
  static Statement lock_notes() { return {"SELECT 1 FROM notes FOR UPDATE"}; }

  Psql psql_, other_;
  Connection& connection_ = psql_.connection();
};

TEST_F(Pipelines, EachStatementSeesWhatThoseBeforeItDidAndAnswersInItsPlace) {
  const auto rows = connection_.run_all({count(), note(1), count(), note(2), note(3), count()});
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows[0].at(0).number(), 0);
  EXPECT_EQ(rows[1].changed(), 1);
  EXPECT_EQ(rows[2].at(0).number(), 1);
  EXPECT_EQ(rows[5].at(0).number(), 3);
}

TEST_F(Pipelines, PostedStatementsRunBeforeTheNextOneWhichAnswersAlone) {
  post(note(1));
  post(note(2));
  EXPECT_EQ(connection_.run(count()).at(0).number(), 2);
  post(note(3));
  const auto rows = connection_.run_all({count()});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at(0).number(), 3);
  post(note(4));
  psql_("SELECT 1");
  EXPECT_EQ(notes(), 4) << "a script comes behind them too";
}

// As in a transaction whose statements go one by one (READ COMMITTED).
TEST_F(Pipelines, StatementBehindALockSeesWhatTheLockWaitedFor) {
  change_a_note();
  std::jthread committer([this] {
    Psql watcher;
    while (watcher.count("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 0) {
    }
    other_("COMMIT");
  });
  post({"BEGIN"});
  const auto rows = connection_.run_all({lock_notes(), {"SELECT \"number\" FROM notes"}});
  psql_("COMMIT");
  EXPECT_EQ(rows[1].at(0).number(), 2);
}

TEST_F(Pipelines, FirstFailureIsThrownNothingBehindItRunsAndTheConnectionGoesOn) {
  const auto failure = failure_of({note(1), note(1), {"SELECT 1 / 0"}, note(2)});
  EXPECT_EQ(failure.fault(), Fault::refused);
  EXPECT_EQ(failure.sqlstate(), "23505");
  EXPECT_EQ(failure.constraint(), "notes_once");
  EXPECT_TRUE(connection_.good());
  EXPECT_EQ(notes(), 0) << "without a transaction around them, they are one";
  EXPECT_EQ(connection_.run_all({note(1), count()})[1].at(0).number(), 1);
}

TEST_F(Pipelines, FailureOfAPostedStatementIsThrownByTheNextAndNothingIsLeft) {
  psql_("BEGIN");
  post(note(1));
  post({"SELECT 1 / 0"});
  post(note(2));
  EXPECT_EQ(failure_of({count()}).sqlstate(), "22012");
  psql_("ROLLBACK");
  EXPECT_EQ(notes(), 0) << "not sent again";
}

// COMMIT goes with the last writes: it must not commit what stands before one that failed.
TEST_F(Pipelines, CommitBehindAFailureDoesNotHappen) {
  post({"BEGIN"});
  post(note(1));
  post({"SELECT 1 / 0"});
  EXPECT_EQ(failure_of({{"COMMIT"}}).sqlstate(), "22012");
  psql_("ROLLBACK");
  EXPECT_EQ(notes(), 0);
}

// Preparing it fails, in front of all.
TEST_F(Pipelines, StatementThatCannotBePreparedRefusesAllAndLeavesNothing) {
  post(note(1));
  EXPECT_EQ(failure_of({{"SELECT nothing_of_this_name"}}).sqlstate(), "42703");
  EXPECT_TRUE(connection_.good());
  EXPECT_EQ(notes(), 0);
}

TEST_F(Pipelines, ConnectionThatBreaksInTheMiddleIsLost) {
  post({"BEGIN"});
  post(note(1));
  const auto failure = failure_of({note(2), {"SELECT pg_terminate_backend(pg_backend_pid())"}, note(3), {"COMMIT"}});
  EXPECT_EQ(failure.fault(), Fault::lost);
  EXPECT_FALSE(connection_.good());
  EXPECT_EQ(notes(), 0);
}

TEST_F(Pipelines, OneThatWaitsInTheMiddleIsLostWhenTheTimeIsOver) {
  Deadline deadline;
  deadline.begin(std::chrono::seconds(60));
  Resolver resolver;
  Connection hasty(Cluster::shared().url(), resolver, deadline);
  const std::vector<Statement> statements{{"SELECT 1"}, lock_notes(), {"SELECT 2"}};
  hasty.run_all(statements);  // prepares them
  change_a_note();
  deadline.begin(std::chrono::milliseconds(200));
  EXPECT_THROW(hasty.run_all(statements), Failure);
  EXPECT_TRUE(deadline.passed());
  EXPECT_FALSE(hasty.good());
}

// Each side would wait for the other to read, if one of them only wrote.
TEST_F(Pipelines, MoreThanTheBuffersHoldGoesThroughBothWays) {
  const std::string text(100'000, 'x');
  std::vector<Statement> statements;
  for (std::int64_t number = 1; number <= 100; ++number) {
    auto statement = note(number, text);
    statement.sql = R"(INSERT INTO notes ("number", "text") VALUES ($1, $2) RETURNING "text")";
    statements.push_back(std::move(statement));
  }
  const auto rows = connection_.run_all(std::move(statements));
  ASSERT_EQ(rows.size(), 100U);
  for (const auto& each : rows) ASSERT_EQ(each.at(0).text(), text);
}

}  // namespace
}  // namespace belfry::postgres
