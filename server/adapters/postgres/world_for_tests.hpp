// The tests' database, emptied, and the stores of one server on it.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "adapters/postgres/cluster_for_tests.hpp"
#include "adapters/postgres/stores.hpp"
#include "base/inline_mailboxes.hpp"

namespace belfry::postgres::testing {

/// A connection beside the stores, like an operator's.
class Psql {
 public:
  explicit Psql(const std::string& url = Cluster::shared().url()) : connection_(url, resolver_, patient()) {}
  Rows operator()(std::string_view sql) { return connection().script(std::string(sql)); }
  /// For one statement, which may take a minute.
  Connection& connection() {
    patient();
    return connection_;
  }
  /// Runs a query that returns one number.
  std::int64_t count(std::string_view sql) { return connection().run(sql).at(0).number(); }

 private:
  const Deadline& patient() {
    deadline_.begin(std::chrono::seconds(60));
    return deadline_;
  }
  Deadline deadline_;
  Resolver resolver_;
  Connection connection_;
};

/// Ten times what a server waits: whether a test passes does not depend on how fast its machine is.
constexpr Patience kPatient{
    .question = std::chrono::seconds(24), .statement = std::chrono::seconds(18), .lock = std::chrono::seconds(8)};

/// The stores of one server process.
class Server {
 public:
  explicit Server(std::uint8_t number, const std::string& url = Cluster::shared().url(), const Patience& patience = kPatient) {
    Options options{.url = url, .patience = patience};
    options.node[15] = number;
    auto opened = Database::open(options, mailboxes_, log_);
    if (!opened.has_value()) throw std::runtime_error(opened.error());
    database_ = *std::move(opened);
    stores_.emplace(*database_, ShardIndex{0});
  }
  store::CallStore& calls() { return stores_->calls(); }
  store::CallArchive& archive() { return stores_->archive(); }
  store::AccountStore& accounts() { return stores_->accounts(); }
  store::ConversationStore& conversations() { return stores_->conversations(); }
  store::MessageStore& messages() { return stores_->messages(); }
  store::FileStore& files() { return stores_->files(); }
  store::DeviceStore& devices() { return stores_->devices(); }
  store::Outbox& outbox() { return stores_->outbox(); }
  store::DueEntries& due_entries() { return stores_->due_entries(); }
  store::Nodes& nodes() { return stores_->nodes(); }
  Database& database() { return *database_; }
  void settle() {
    while (run_answers()) {
    }
  }
  /// Waits for every question asked so far and runs the answers. False: there were none.
  bool run_answers() {
    database_->wait_for_all();
    return mailboxes_.run_waiting();
  }
  /// Runs the answers that have come so far.
  bool run_waiting() { return mailboxes_.run_waiting(); }

 private:
  QuietLog log_;
  InlineMailboxes mailboxes_;
  std::unique_ptr<Database> database_;
  std::optional<Stores> stores_;
};

inline void empty_database() {
  Psql psql;
  if (psql.connection().run("SELECT to_regclass('calls') IS NOT NULL").at(0).flag())
    psql(
        "TRUNCATE calls, call_participants, user_call_slots, call_audit, call_attempts, quality_samples, idempotency_keys, "
        "outbox, changes, logins, users, nodes, message_attachments, files, removed_files, messages, conversations, "
        "conversation_members, blocks, devices, push_deliveries "
        "RESTART IDENTITY");
}

class PostgresWorld {
 public:
  PostgresWorld() {
    empty_database();
    server_.emplace(number_);
  }
  store::CallStore& calls() { return server_->calls(); }
  store::CallArchive& archive() { return server_->archive(); }
  store::AccountStore& accounts() { return server_->accounts(); }
  store::ConversationStore& conversations() { return server_->conversations(); }
  store::MessageStore& messages() { return server_->messages(); }
  store::FileStore& files() { return server_->files(); }
  store::DeviceStore& devices() { return server_->devices(); }
  store::Outbox& outbox() { return server_->outbox(); }
  store::DueEntries& due_entries() { return server_->due_entries(); }
  store::Nodes& nodes() { return server_->nodes(); }
  void settle() { server_->settle(); }
  void damage(std::string_view sql) { Psql{}(sql); }
  /// The server dies, five seconds pass by the database's clock, and another server starts.
  void restart() {
    server_.reset();
    damage(R"(UPDATE nodes SET "seenAt" = 0)");
    server_.emplace(++number_);
  }

 private:
  std::uint8_t number_ = 1;
  std::optional<Server> server_;
};

}  // namespace belfry::postgres::testing
