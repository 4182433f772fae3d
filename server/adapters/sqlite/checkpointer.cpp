#include "adapters/sqlite/checkpointer.hpp"

#include <pthread.h>

#include <utility>

namespace belfry::sqlite {
namespace {

constexpr int kFewPages = 512;  // 2 MiB: a few milliseconds of the writer's time
constexpr int kRounds = 4;

enum class Disk : std::uint8_t { fine, lost_pages };
struct Copied {
  Disk disk = Disk::fine;
  int left = 0;  // pages; 0 also after a failure: the next long log causes the next try
};

Copied copy_pages(sqlite3* database) {
  int in_log = 0, copied = 0;
  const int code = sqlite3_wal_checkpoint_v2(database, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);
  if (code != SQLITE_OK) return {.disk = code == SQLITE_IOERR_FSYNC ? Disk::lost_pages : Disk::fine};
  return {.left = in_log - copied};
}

/// A checkpoint that does not reach the end of the log does not sync its pages; the writer, who reaches the end, would then wait
/// for all of them. Uses SQLite's own descriptor: closing another one of the same file would drop the process's locks on it.
Disk sync_file(sqlite3* database) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK) return Disk::fine;
  if (file == nullptr || file->pMethods == nullptr) return Disk::fine;
  const int code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
  return code == SQLITE_OK ? Disk::fine : Disk::lost_pages;
}

/// The last connection to close would copy the log too, and delete it.
void copy_nothing_at_the_end(Connection& connection) {
  sqlite3_db_config(connection.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace

int WalSize::on_commit(void* self, sqlite3*, const char*, int pages) {
  auto& size = *static_cast<WalSize*>(self);
  size.pages_ = pages;
  auto nothing = Wanted::nothing;
  if (pages >= kLongInPages && size.wanted_.compare_exchange_strong(nothing, Wanted::checkpoint)) size.wanted_.notify_one();
  return SQLITE_OK;
}

void WalSize::watch(Connection& connection) { sqlite3_wal_hook(connection.get(), &WalSize::on_commit, this); }

void WalSize::finish_checkpoint(Connection& connection) {
  if (!finish_.exchange(false, std::memory_order_acquire) && pages_ < kTooLongInPages) return;
  if (kept_.load(std::memory_order_acquire)) return copy_nothing_at_the_end(connection);
  if (copy_pages(connection.get()).disk == Disk::lost_pages) keep_the_log(connection);
  pages_ = 0;
}

void WalSize::copy_bulk(Connection& connection) {
  if (kept_.load(std::memory_order_acquire)) return;
  Copied copied{.left = kFewPages + 1};
  for (int round = 0; round < kRounds && copied.left > kFewPages; ++round) copied = copy_pages(connection.get());
  if (copied.disk == Disk::fine) copied.disk = sync_file(connection.get());
  if (copied.disk == Disk::fine) copied = copy_pages(connection.get());
  if (copied.disk == Disk::lost_pages) keep_the_log(connection);
  finish_.store(true, std::memory_order_release);
}

/// The kernel reports a failed page write only once and then treats the page as written: the next sync would succeed and prove
/// nothing. The pages copied so far may be lost, so the log must not be overwritten. The next start copies all of it.
void WalSize::keep_the_log(Connection& connection) {
  kept_.store(true, std::memory_order_release);
  copy_nothing_at_the_end(connection);
  if (log_ != nullptr) log_->error("the disk lost pages of the database; its log is kept and grows until the next start");
}

bool WalSize::wait_until_long() {
  auto checkpoint = Wanted::checkpoint;
  wanted_.compare_exchange_strong(checkpoint, Wanted::nothing);
  wanted_.wait(Wanted::nothing);
  return wanted_.load() != Wanted::end;
}

void WalSize::stop() {
  wanted_.store(Wanted::end);
  wanted_.notify_all();
}

Checkpointer::Checkpointer(std::unique_ptr<Connection> connection, WalSize& wal) : connection_(std::move(connection)), wal_(wal) {
  thread_ = std::jthread([this] {
    ::pthread_setname_np(::pthread_self(), "belfry-checkpt");
    while (wal_.wait_until_long()) wal_.copy_bulk(*connection_);
  });
}

Checkpointer::~Checkpointer() { wal_.stop(); }

}  // namespace belfry::sqlite
