// Database: one SQLite file and the threads that work on it: a writer, readers, one for searches, a checkpointer. The main thread
// opens it before any shard runs, because a shard may have a descriptor table of its own (connection.hpp); then all shards share
// it. Answers come back through the mailboxes, which outlive it, so a shard never waits for the disk.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sql/migration.hpp"
#include "adapters/sqlite/job.hpp"
#include "base/expected.hpp"
#include "base/log.hpp"
#include "base/mailbox.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"

namespace belfry::sqlite {

struct Options {
  std::string path{};
  Uuid node{};     // of this process, for its heartbeats
  WallTime now{};  // the value for `appliedAt`
  unsigned readers = 2;
  Log* log = nullptr;  // gets disk failures
  // How long to wait for another process's lock. A question must be answered within 5 s even then (SPEC 0).
  std::chrono::milliseconds patience{1'500};
};

class Database {
 public:
  /// Migrates the schema first. The error text tells the operator why the file cannot be opened.
  [[nodiscard]] static Expected<std::unique_ptr<Database>, std::string> open(const Options& options, Mailboxes& mailboxes);
  /// Commits what is queued, posts the answers, ends the threads.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // --- any thread ---
  void write(std::unique_ptr<Job> job);
  void read(std::unique_ptr<Job> job);
  /// A read that takes long: it waits for others of its kind, and no other read waits for it.
  void search(std::unique_ptr<Job> job);
  /// Blocks until every answer has been posted. For operators' commands and tests; never call it on a shard.
  void wait_for_all() const;
  [[nodiscard]] const Uuid& node() const;

 private:
  struct Parts;
  explicit Database(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// `belfry migrate status` and `up`; a server may be running or not.
[[nodiscard]] Expected<std::vector<sql::MigrationStatus>, std::string> migrate_status(const std::string& path);
[[nodiscard]] Expected<std::vector<sql::MigrationStatus>, std::string> migrate_up(const std::string& path, WallTime now);

}  // namespace belfry::sqlite
