// Database: a PostgreSQL database as used by one server process: a writer of calls, a general writer for all other changes,
// readers, and one for searches, each a thread with its own connection. All shards share it; answers come back through the
// mailboxes, so a shard never waits. The main thread starts these threads, and only they use the connections, because a shard may
// have a descriptor table of its own.
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
  Uuid node{};        // the unique id of this process, for its heartbeats
  WallTime now{};     // the value for `appliedAt`
  unsigned readers = 2;
  Patience patience{};
};

class Database {
 public:
  /// Migrates the schema first. The error text tells the operator why the database cannot be opened; it contains no password.
  [[nodiscard]] static Expected<std::unique_ptr<Database>, std::string> open(const Options& options, Mailboxes& mailboxes,
                                                                             Log& log);
  /// Commits what is queued, posts the answers, ends the threads.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // --- any thread ---
  void commit(Request request);
  void find_out(FateRequest request);
  void write(Question question);
  void read(Question question);
  /// A read that takes long: it waits for others of its kind, and no other read waits for it.
  void search(Question question);
  /// Blocks until every answer has been posted. For operators' commands and tests; never call it on a shard.
  void wait_for_all() const;
  [[nodiscard]] const Uuid& node() const;

 private:
  struct Parts;
  explicit Database(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// `belfry migrate status` and `up`; a server may be running or not.
[[nodiscard]] Expected<std::vector<sql::MigrationStatus>, std::string> migrate_status(const std::string& url);
[[nodiscard]] Expected<std::vector<sql::MigrationStatus>, std::string> migrate_up(const std::string& url, WallTime now);

}  // namespace belfry::postgres
