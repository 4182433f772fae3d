// Checkpointer: copies the write-ahead log back into the database file, beside the writer. A log left to grow costs a third of
// the throughput (ARCHITECTURE 3.5), and it only begins anew once every page of it has been copied, which under load never
// happens by chance. So the bulk is copied and synced by this thread, and the writer copies the last few pages itself, between
// two commits, when few are left.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "adapters/sqlite/connection.hpp"
#include "base/log.hpp"

namespace belfry::sqlite {

/// How long the log is, and whether a checkpoint is due. Shared by the writer and the checkpointer.
class WalSize {
 public:
  /// Disk failures are written to `log`.
  explicit WalSize(Log* log = nullptr) : log_(log) {}
  /// From now on tells of each commit on `connection`.
  void watch(Connection& connection);
  /// The writer, between two transactions.
  void finish_checkpoint(Connection& connection);
  /// The checkpointer: all pages but the last few, synced.
  void copy_bulk(Connection& connection);
  /// The checkpointer: sleeps until the log is long. False: the end.
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
  std::atomic<bool> kept_{false};  // no page is copied back any more
  int pages_ = 0;                  // the writer's thread only
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
