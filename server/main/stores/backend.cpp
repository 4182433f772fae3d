#include "main/stores/backend.hpp"

#include <filesystem>
#include <string_view>
#include <utility>

#include "adapters/memory/stores.hpp"
#include "adapters/postgres/stores.hpp"
#include "adapters/sqlite/stores.hpp"
#include "app/calls/unheard_ends.hpp"
#include "base/inline_mailboxes.hpp"

namespace belfry {
namespace {

// More active calls than any server has; the sweep would find the rest.
constexpr std::size_t kMaxActive = 1'000'000;
// As many as the calls keep in memory (app/calls/unheard_ends.hpp); ends beyond that are sent by snapshots only.
constexpr std::size_t kMaxOutbox = calls::UnheardEnds::kMost;

/// The Database and the Stores of one adapter.
template <class Database, class Stores>
class DatabaseBackend final : public Backend {
 public:
  DatabaseBackend(std::unique_ptr<Database> database, ShardIndex shards, Sharing sharing)
      : database_(std::move(database)),
        sharing_(sharing) {
    for (ShardIndex shard = 0; shard < shards; ++shard) stores_.push_back(std::make_unique<Stores>(*database_, shard));
  }
  [[nodiscard]] StorePorts ports(ShardIndex shard) override {
    Stores& mine = *stores_.at(shard);
    return {mine.calls(),       mine.archive(),       mine.accounts(), mine.outbox(),   mine.nodes(),
            mine.due_entries(), mine.conversations(), mine.devices(),  mine.messages(), mine.files()};
  }
  void wait_for_all() override { database_->wait_for_all(); }
  [[nodiscard]] Sharing sharing() const override { return sharing_; }

 private:
  std::unique_ptr<Database> database_;
  const Sharing sharing_;
  std::vector<std::unique_ptr<Stores>> stores_;
};

class MemoryBackend final : public Backend {
 public:
  MemoryBackend(memory::Tables& tables, ShardIndex shards) {
    for (ShardIndex shard = 0; shard < shards; ++shard) stores_.push_back(std::make_unique<memory::Stores>(tables));
  }
  [[nodiscard]] StorePorts ports(ShardIndex shard) override {
    memory::Stores& mine = *stores_.at(shard);
    return {mine.calls(),       mine.archive(),       mine.accounts(), mine.outbox(),   mine.nodes(),
            mine.due_entries(), mine.conversations(), mine.devices(),  mine.messages(), mine.files()};
  }
  void wait_for_all() override {}
  [[nodiscard]] Sharing sharing() const override { return Sharing::alone; }

 private:
  std::vector<std::unique_ptr<memory::Stores>> stores_;
};

void finish(Backend& backend, InlineMailboxes& mailboxes) {
  do {
    backend.wait_for_all();
  } while (mailboxes.run_waiting());
}

template <class Database, class Stores>
Expected<std::unique_ptr<Backend>, std::string> kept(Expected<std::unique_ptr<Database>, std::string> opened, ShardIndex shards,
                                                     Backend::Sharing sharing) {
  if (!opened) return unexpected(opened.error());
  return std::unique_ptr<Backend>(std::make_unique<DatabaseBackend<Database, Stores>>(std::move(*opened), shards, sharing));
}

}  // namespace

void make_folder_of(const std::string& file) {
  std::error_code ignored;  // opening the file gives a better error
  if (const auto folder = std::filesystem::path(file).parent_path(); !folder.empty())
    std::filesystem::create_directories(folder, ignored);
}

Expected<std::unique_ptr<Backend>, std::string> open_backend(const std::string& database, memory::Tables& tables,
                                                             const Uuid& node, Mailboxes& mailboxes, WallTime now, Log& log) {
  constexpr std::string_view kSqlite = "sqlite:";
  const ShardIndex shards = mailboxes.shard_count();
  if (database == "memory:") return std::unique_ptr<Backend>(std::make_unique<MemoryBackend>(tables, shards));
  if (database.starts_with(kSqlite)) {
    sqlite::Options options;
    options.path = database.substr(kSqlite.size());
    make_folder_of(options.path);
    options.log = &log;
    options.node = node;
    options.now = now;
    return kept<sqlite::Database, sqlite::Stores>(sqlite::Database::open(options, mailboxes), shards, Backend::Sharing::alone);
  }
  postgres::Options options;
  options.url = database;
  options.node = node;
  options.now = now;
  return kept<postgres::Database, postgres::Stores>(postgres::Database::open(options, mailboxes, log), shards,
                                                    Backend::Sharing::with_others);
}

Expected<Remembered, std::string> recall(const std::string& database, memory::Tables& tables, const Uuid& node, WallTime now,
                                         OrphanedCalls orphans, Log& log) {
  InlineMailboxes mailboxes;
  auto backend = open_backend(database, tables, node, mailboxes, now, log);
  if (!backend) return unexpected(backend.error());
  const StorePorts store = (*backend)->ports(0);
  Remembered remembered;
  int missing = 3;
  store.nodes.heartbeat(now);  // before taking over calls, so that no other server counts us as dead
  if (orphans == OrphanedCalls::left_alone) --missing;
  if (orphans == OrphanedCalls::taken_over)
    store.nodes.take_over(kMaxActive, store::Silence::means_gone, [&](auto taken) {
      if (taken) remembered.taken_over = std::move(*taken), --missing;
    });
  store.accounts.revocations(now, [&](auto revocations) {
    if (revocations) remembered.revocations = std::move(*revocations), --missing;
  });
  finish(**backend, mailboxes);
  // Includes the entries that the takeover added.
  store.outbox.waiting(0, kMaxOutbox, [&](auto waiting) {
    if (waiting) remembered.outbox = std::move(*waiting), --missing;
  });
  finish(**backend, mailboxes);
  if (missing != 0) return unexpected(std::string("the database was opened but does not answer; is it locked or full?"));
  return remembered;
}

}  // namespace belfry
