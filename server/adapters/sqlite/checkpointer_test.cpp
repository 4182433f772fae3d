#include "adapters/sqlite/checkpointer.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

#include "adapters/sqlite/world_for_tests.hpp"

namespace belfry::sqlite {
namespace {

int failing_sync(sqlite3_file*, int) { return SQLITE_IOERR_FSYNC; }

/// From now on the database's own file cannot be synced by this connection.
void break_sync(Connection& connection) {
  sqlite3_file* file = nullptr;
  ASSERT_EQ(sqlite3_file_control(connection.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file), SQLITE_OK);
  static sqlite3_io_methods methods = *file->pMethods;
  methods.xSync = failing_sync;
  file->pMethods = &methods;
}

std::int64_t number(Connection& connection, std::string_view sql) {
  Use use(connection.prepared(sql));
  return use.row() ? use.number() : -1;
}

// The kernel tells of a failed sync once and forgets the pages. A later sync works, and must not have the log begun anew over
// the only copy of them.
TEST(Checkpoints, LogIsKeptAfterAFailedSyncOfTheDatabase) {
  const testing::ScratchFolder folder;
  const auto wait = std::chrono::seconds(1);
  WalSize wal;
  {
    Connection writer(folder.file(), Access::read_write, wait), copier(folder.file(), Access::read_write, wait);
    wal.watch(writer);
    writer.run("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t (b) VALUES ('first')");
    {
      Connection reader(folder.file(), Access::read_only, wait);
      reader.begin();
      ASSERT_EQ(number(reader, "SELECT count(*) FROM t"), 1);  // so that the copier does not reach the end of the log
      writer.run("INSERT INTO t (b) VALUES ('second')");
      ASSERT_EQ(number(copier, "SELECT count(*) FROM t"), 2);
      break_sync(copier);
      wal.copy_bulk(copier);
      reader.roll_back();
    }
    wal.finish_checkpoint(writer);
    writer.run("INSERT INTO t (b) VALUES ('third')");
  }
  ASSERT_TRUE(std::filesystem::exists(folder.file() + "-wal"));
  testing::ScratchFolder copies;
  std::filesystem::copy_file(folder.file() + "-wal", copies.file() + "-wal");
  std::filesystem::copy_file(folder.file(), copies.file());
  Connection again(copies.file(), Access::read_write, wait);
  EXPECT_EQ(number(again, "SELECT count(*) FROM t"), 3);
  int in_log = 0, copied = 0;
  sqlite3_wal_checkpoint_v2(again.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);
  EXPECT_GE(in_log, 4) << "of the very first page on";
}

}  // namespace
}  // namespace belfry::sqlite
