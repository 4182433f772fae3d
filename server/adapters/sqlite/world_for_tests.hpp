// A database in a file of its own, which is deleted after the test.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "adapters/sqlite/ask.hpp"
#include "adapters/sqlite/stores.hpp"
#include "base/inline_mailboxes.hpp"

namespace belfry::sqlite::testing {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "belfry-sqlite-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch folder");
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] std::string file() const { return (path_ / "belfry.db").string(); }

 private:
  std::filesystem::path path_;
};

inline std::unique_ptr<Database> open_or_throw(const Options& options, Mailboxes& mailboxes) {
  auto opened = Database::open(options, mailboxes);
  if (!opened.has_value()) throw std::runtime_error(opened.error());
  return *std::move(opened);
}

/// The stores of one server process, on a file that other processes may have open too.
class Server {
 public:
  Server(std::uint8_t number, const std::string& file) {
    Options options{.path = file};
    options.node[0] = number;
    database_ = open_or_throw(options, mailboxes_);
    stores_.emplace(*database_, ShardIndex{0});
  }
  store::CallStore& calls() { return stores_->calls(); }
  store::AccountStore& accounts() { return stores_->accounts(); }
  store::ConversationStore& conversations() { return stores_->conversations(); }
  store::MessageStore& messages() { return stores_->messages(); }
  store::FileStore& files() { return stores_->files(); }
  store::DeviceStore& devices() { return stores_->devices(); }
  store::Outbox& outbox() { return stores_->outbox(); }
  /// Waits for every question asked so far and runs the answers. False: there were none.
  bool run_answers() {
    database_->wait_for_all();
    return mailboxes_.run_waiting();
  }

 private:
  InlineMailboxes mailboxes_;
  std::unique_ptr<Database> database_;
  std::optional<Stores> stores_;
};

class SqliteWorld {
 public:
  SqliteWorld() { open({}); }
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
  void settle() {
    do {
      database_->wait_for_all();
    } while (mailboxes_.run_waiting());
  }
  /// Like an operator's own tool: without our settings.
  void damage(std::string_view sql) {
    Connection connection(file(), Access::read_write, std::chrono::seconds(1));
    sqlite3_db_config(connection.get(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, nullptr);
    connection.run("PRAGMA foreign_keys=OFF");
    connection.run(std::string(sql));
  }

  /// The disk has no page left for the database; make_room() gives it pages again.
  void fill_up() { in_writer("PRAGMA max_page_count=1"); }
  void make_room() { in_writer("PRAGMA max_page_count=1000000000"); }

  [[nodiscard]] std::string file() const { return folder_.file(); }
  /// A process stops and another starts.
  void restart(Options options = {}) {
    stores_.reset();
    database_.reset();
    options.node[0] = static_cast<std::uint8_t>(++starts_);
    open(std::move(options));
  }

 private:
  void in_writer(const std::string& sql) {
    tell_writer(*database_, ShardIndex{0}, [sql](Connection& connection) { connection.run(sql); });
    settle();
  }
  void open(Options options) {
    options.path = file();
    database_ = open_or_throw(options, mailboxes_);
    stores_.emplace(*database_, ShardIndex{0});
  }

  ScratchFolder folder_;
  InlineMailboxes mailboxes_;
  std::unique_ptr<Database> database_;
  std::optional<Stores> stores_;
  unsigned starts_ = 0;
};

}  // namespace belfry::sqlite::testing
