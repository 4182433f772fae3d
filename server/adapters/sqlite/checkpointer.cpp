#include "adapters/sqlite/checkpointer.hpp"

#include <pthread.h>

#include <utility>

namespace belfry::sqlite {
namespace {

constexpr int kFewPages = 512;  // 2 MiB: a few milliseconds of the writer's time
constexpr int kRounds = 4;

/// How many pages are left to copy; 0 also when it did not work: the next long log brings the next try.
int copy_pages(sqlite3* database) {
  int in_log = 0, copied = 0;
  if (sqlite3_wal_checkpoint_v2(database, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied) != SQLITE_OK) return 0;
  return in_log - copied;
}

/// A checkpoint that does not reach the log's end leaves its pages unsynced, and then the writer, who reaches it, would wait for
/// all of them. By SQLite's own descriptor: closing another one of the same file would drop the process' locks on it.
void sync_file(sqlite3* database) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK) return;
  if (file != nullptr && file->pMethods != nullptr) file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
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
  copy_pages(connection.get());
  pages_ = 0;
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
    while (wal_.wait_until_long()) copy();
  });
}

Checkpointer::~Checkpointer() { wal_.stop(); }

void Checkpointer::copy() {
  for (int round = 0; round < kRounds && copy_pages(connection_->get()) > kFewPages; ++round) {
  }
  sync_file(connection_->get());
  copy_pages(connection_->get());
  wal_.nearly_done();
}

}  // namespace belfry::sqlite
