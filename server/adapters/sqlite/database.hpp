// Database: one SQLite file and the threads that work on it: a writer, readers, a checkpointer. Opened in the main thread before
// any shard runs, since a shard may have a descriptor table of its own (connection.hpp); then shared by all shards. Answers
// travel back through the mailboxes, which outlive it, so a shard never waits for the disk.
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
  Uuid node{};     // of this process, for its signs of life
  WallTime now{};  // what `appliedAt` shall say
  unsigned readers = 2;
  Log* log = nullptr;  // gets disk failures
  // A question must be answered within 5 s even while another process locks the file (SPEC 0).
  std::chrono::milliseconds patience{1'500};
};

class Database {
 public:
  /// Brings the schema up to date first. The text says why it cannot be opened, for the operator.
  [[nodiscard]] static Expected<std::unique_ptr<Database>, std::string> open(const Options& options, Mailboxes& mailboxes);
  /// Commits what waits, posts its answers, ends the threads.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // --- any thread ---
  void write(std::unique_ptr<Job> job);
  void read(std::unique_ptr<Job> job);
  /// Until every answer has been posted. For operators' commands and tests; a shard must not wait.
  void wait_for_all() const;
  [[nodiscard]] const Uuid& node() const;

 private:
  struct Parts;
  explicit Database(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// `belfry migrate status` and `up`, beside a running server or without one.
[[nodiscard]] Expected<std::vector<sql::MigrationStatus>, std::string> migrate_status(const std::string& path);
[[nodiscard]] Expected<std::vector<sql::MigrationStatus>, std::string> migrate_up(const std::string& path, WallTime now);

}  // namespace belfry::sqlite
