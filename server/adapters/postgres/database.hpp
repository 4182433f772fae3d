// Database: a PostgreSQL database as one server process sees it: a writer of calls, a general writer for all other writing,
// readers; each a thread with its own connection. Shared by all shards; answers travel back through the mailboxes, so a shard
// never waits. Connections belong to these threads alone, which are started by the main thread: a shard may have a descriptor
// table of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/postgres/call_writer.hpp"
#include "adapters/postgres/question.hpp"
#include "adapters/sql/migration.hpp"
#include "base/expected.hpp"
#include "base/log.hpp"
#include "base/mailbox.hpp"

namespace belfry::postgres {

struct Options {
  std::string url{};  // "postgres://user@host/database"
  Uuid node{};        // of this process, for its signs of life; unique
  WallTime now{};     // what `appliedAt` shall say
  unsigned readers = 2;
};

class Database {
 public:
  /// Brings the schema up to date first. The text says why it cannot be opened, for the operator; it names no password.
  [[nodiscard]] static Expected<std::unique_ptr<Database>, std::string> open(const Options& options, Mailboxes& mailboxes,
                                                                             Log& log);
  /// Commits what waits, posts its answers, ends the threads.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // --- any thread ---
  void commit(Request request);
  void find_out(FateRequest request);
  void write(Question question);
  void read(Question question);
  /// Until every answer has been posted. For operators' commands and tests; a shard must not wait.
  void wait_for_all() const;
  [[nodiscard]] const Uuid& node() const;

 private:
  struct Parts;
  explicit Database(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// `belfry migrate status` and `up`, beside a running server or without one.
[[nodiscard]] Expected<std::vector<sql::MigrationStatus>, std::string> migrate_status(const std::string& url);
[[nodiscard]] Expected<std::vector<sql::MigrationStatus>, std::string> migrate_up(const std::string& url, WallTime now);

}  // namespace belfry::postgres
