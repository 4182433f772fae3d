#include "adapters/sqlite/log_vfs.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

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
TEST_F(LogVfs, SpilledPagesAreReadBackByTheirWriter) {
  writer_.run("PRAGMA cache_size=4");
  writer_.begin_to_write();
  insert(300, 3'000);
  EXPECT_EQ(number(writer_, "SELECT sum(length(b)) FROM t"), 900'000);
  writer_.commit();
  EXPECT_EQ(number(reader_, "SELECT sum(length(b)) FROM t"), 900'000);
  EXPECT_EQ(check(reader_), "ok");
}

TEST_F(LogVfs, RollbackLeavesNothingAlthoughPartWasInTheLog) {
  insert(3, 100);
  writer_.run("PRAGMA cache_size=4");
  writer_.begin_to_write();
  insert(300, 3'000);
  writer_.roll_back();
  insert(2, 100);
  EXPECT_EQ(number(reader_, "SELECT count(*) FROM t"), 5);
  EXPECT_EQ(check(reader_), "ok");
}

TEST_F(LogVfs, RestartedLogIsReadFromItsBeginning) {
  for (int round = 0; round < 5; ++round) {
    insert(20, 3'000);
    writer_.run("PRAGMA wal_checkpoint(RESTART)");
  }
  EXPECT_EQ(number(reader_, "SELECT count(*) FROM t"), 100);
  EXPECT_EQ(check(reader_), "ok");
}

// As kill -9 leaves them: the files as they stand, opened by another process with SQLite's own file system.
TEST_F(LogVfs, CommittedRowsAreInTheFilesAtOnce) {
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

/// One file of the log's kind on a disk that can be full.
class LogFileOnADisk : public ::testing::Test {
 protected:
  static constexpr int kPage = 4096;
  void SetUp() override {
    ::signal(SIGXFSZ, SIG_IGN);  // so that a write beyond the limit fails instead
    vfs_ = sqlite3_vfs_find(log_vfs());
    memory_.resize(static_cast<std::size_t>(vfs_->szOsFile));
    constexpr int kFlags = SQLITE_OPEN_WAL | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    std::ofstream(folder_.file()) << "whose mode the log takes over";
    name_ = folder_.file() + "-wal" + std::string(4, '\0');
    ASSERT_EQ(vfs_->xOpen(vfs_, name_.c_str(), file(), kFlags, nullptr), SQLITE_OK);
    ::getrlimit(RLIMIT_FSIZE, &usual_);
  }
  void TearDown() override {
    room_for(usual_.rlim_cur);
    file()->pMethods->xClose(file());
  }
  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }
  void room_for(rlim_t bytes) const {
    const rlimit limit{.rlim_cur = bytes, .rlim_max = usual_.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  int write(int page) {
    const std::string bytes(kPage, static_cast<char>('a' + page));
    return file()->pMethods->xWrite(file(), bytes.data(), kPage, page * kPage);
  }
  int read(int page) {
    std::string bytes(kPage, 0);
    return file()->pMethods->xRead(file(), bytes.data(), kPage, page * kPage);
  }
  int sync() { return file()->pMethods->xSync(file(), SQLITE_SYNC_NORMAL); }
  /// SQLite does not look at what most of these answer.
  int control() { return file()->pMethods->xFileControl(file(), SQLITE_FCNTL_COMMIT_PHASETWO, nullptr); }

  testing::ScratchFolder folder_;
  std::string name_;
  std::vector<std::byte> memory_;
  sqlite3_vfs* vfs_ = nullptr;
  rlimit usual_{};
};

// The failure is reported to the next call of any kind; the commit that lost its pages must fail all the same.
TEST_F(LogFileOnADisk, FailedWriteFailsTheCommitAlthoughAnotherCallReportedItFirst) {
  ASSERT_EQ(write(0), SQLITE_OK);
  ASSERT_EQ(sync(), SQLITE_OK);
  room_for(kPage);
  ASSERT_EQ(write(1), SQLITE_OK);
  EXPECT_NE(control(), SQLITE_OK);
  room_for(usual_.rlim_cur);
  EXPECT_NE(write(2), SQLITE_OK) << "behind a hole";
  EXPECT_NE(sync(), SQLITE_OK);
  EXPECT_EQ(read(0), SQLITE_OK) << "what was committed is there, or nobody could begin again";
  EXPECT_NE(read(1), SQLITE_OK);
  EXPECT_EQ(write(1), SQLITE_OK);
  EXPECT_EQ(sync(), SQLITE_OK);
  EXPECT_EQ(read(1), SQLITE_OK);
}

}  // namespace
}  // namespace belfry::sqlite
