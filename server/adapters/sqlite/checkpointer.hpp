// Checkpointer: copies the write-ahead log back into the database file, concurrently with the writer. A growing log costs a third
// of the throughput, and it restarts only once every page has been copied, which never happens by chance under load. So this
// thread copies and syncs most of it, and when few pages are left, the writer copies those itself between two commits.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "adapters/sqlite/connection.hpp"
#include "base/log.hpp"

namespace belfry::sqlite {

/// The length of the log, and whether a checkpoint is due. Shared by the writer and the checkpointer.
class WalSize {
 public:
  /// `log` gets the disk failures.
  explicit WalSize(Log* log = nullptr) : log_(log) {}
  /// Counts the pages of each commit on `connection` from now on.
  void watch(Connection& connection);
  /// Called by the writer between two transactions: copies the last pages.
  void finish_checkpoint(Connection& connection);
  /// Called by the checkpointer: copies and syncs all pages but the last few.
  void copy_bulk(Connection& connection);
  /// Called by the checkpointer: sleeps until the log is long. False: stop() was called.
  [[nodiscard]] bool wait_until_long();
  void stop();

 private:
  static constexpr int kLongInPages = 8'192;      // 32 MiB
  static constexpr int kTooLongInPages = 24'576;  // 96 MiB: the disk cannot keep up, so the writer waits for it
  static int on_commit(void* self, sqlite3*, const char*, int pages);
  enum class Wanted : int { nothing, checkpoint, end };
  std::atomic<Wanted> wanted_{Wanted::nothing};
  void keep_the_log(Connection& connection);
  Log* log_;
  std::atomic<bool> finish_{false};
  std::atomic<bool> kept_{false};  // the disk failed: no more pages are copied back
  int pages_ = 0;                  // used by the writer's thread only
};

class Checkpointer {
 public:
  Checkpointer(std::unique_ptr<Connection> connection, WalSize& wal);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

 private:
  std::unique_ptr<Connection> connection_;
  WalSize& wal_;
  std::jthread thread_;
};

}  // namespace belfry::sqlite
