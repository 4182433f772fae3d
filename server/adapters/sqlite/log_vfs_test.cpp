#include "adapters/sqlite/log_vfs.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/sqlite/world_for_tests.hpp"

namespace belfry::sqlite {
namespace {

class LogVfs : public ::testing::Test {
 protected:
  void SetUp() override { writer_.run("PRAGMA wal_autocheckpoint=0; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)"); }
  void insert(int rows, int bytes) {
    for (int row = 0; row < rows; ++row)
      writer_.run("INSERT INTO t (b) VALUES (hex(zeroblob(" + std::to_string(bytes / 2) + ")))");
  }
  std::int64_t number(Connection& connection, std::string_view sql) {
    Use use(connection.prepared(sql));
    return use.row() ? use.number() : -1;
  }
  std::string check(Connection& connection) {
    Use use(connection.prepared("PRAGMA integrity_check"));
    return use.row() ? std::string(use.text()) : "no answer";
  }

  testing::ScratchFolder folder_;
  Connection writer_{folder_.file(), Access::read_write, std::chrono::seconds(1)};
  Connection reader_{folder_.file(), Access::read_only, std::chrono::seconds(1)};
};

TEST_F(LogVfs, CommitLargerThanOneWriteIsWholeForAnotherConnection) {
  writer_.begin_to_write();
  insert(100, 20'000);
  EXPECT_EQ(number(reader_, "SELECT count(*) FROM t"), 0) << "not before the commit";
  writer_.commit();
  EXPECT_EQ(number(reader_, "SELECT sum(length(b)) FROM t"), 2'000'000);
  EXPECT_EQ(check(reader_), "ok");
}

// Pages that do not fit the cache go to the log before the commit, and come back from it.
TEST_F(LogVfs, PagesSpilledMidwayAreReadBackByTheOneWhoWroteThem) {
  writer_.run("PRAGMA cache_size=4");
  writer_.begin_to_write();
  insert(300, 3'000);
  EXPECT_EQ(number(writer_, "SELECT sum(length(b)) FROM t"), 900'000);
  writer_.commit();
  EXPECT_EQ(number(reader_, "SELECT sum(length(b)) FROM t"), 900'000);
  EXPECT_EQ(check(reader_), "ok");
}

TEST_F(LogVfs, WhatIsTakenBackLeavesNothingThoughPartOfItWasInTheLog) {
  insert(3, 100);
  writer_.run("PRAGMA cache_size=4");
  writer_.begin_to_write();
  insert(300, 3'000);
  writer_.roll_back();
  insert(2, 100);
  EXPECT_EQ(number(reader_, "SELECT count(*) FROM t"), 5);
  EXPECT_EQ(check(reader_), "ok");
}

TEST_F(LogVfs, LogThatBeginsAnewIsReadFromItsBeginning) {
  for (int round = 0; round < 5; ++round) {
    insert(20, 3'000);
    writer_.run("PRAGMA wal_checkpoint(RESTART)");
  }
  EXPECT_EQ(number(reader_, "SELECT count(*) FROM t"), 100);
  EXPECT_EQ(check(reader_), "ok");
}

// As kill -9 leaves them: the files as they stand, opened by somebody else with SQLite's own file system.
TEST_F(LogVfs, WhatWasCommittedIsInTheFilesAlready) {
  writer_.begin_to_write();
  insert(50, 9'000);
  writer_.commit();
  writer_.begin_to_write();
  insert(50, 9'000);
  testing::ScratchFolder copies;
  for (const auto* part : {"", "-wal"}) std::filesystem::copy_file(folder_.file() + part, copies.file() + part);
  Connection copy(copies.file(), Access::read_only, std::chrono::seconds(1));
  EXPECT_EQ(number(copy, "SELECT count(*) FROM t"), 50);
  EXPECT_EQ(check(copy), "ok");
}

}  // namespace
}  // namespace belfry::sqlite
