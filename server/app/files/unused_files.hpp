// UnusedFiles: removes the files that were uploaded and sent with no message, and those whose messages are deleted, after a time.
// First their rows, in a transaction that also notes their ids; then their bytes; then the notes. So a file that somebody may
// read always has its bytes, and a server that stops between two steps goes on at the next start. A few at a time, the next
// ones when these are done: removal is in no hurry, and waits for the storage. Bytes that cannot be removed end the batch, and
// the next one begins behind them. A round goes through all of them, batch by batch. The next round is ten minutes later, also
// if the store could not be asked, which ends the round. One per server, owned by the ShardStack that tends it and used on its
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "app/files/file_workers.hpp"
#include "base/clock.hpp"
#include "base/mailbox.hpp"
#include "base/own_thread.hpp"
#include "domain/file/file.hpp"
#include "store/blob_store.hpp"
#include "store/file_store.hpp"

namespace belfry::files {

class UnusedFiles {
 public:
  /// All of them must outlive this object.
  struct Ports {
    store::FileStore& store;
    store::BlobStore& blobs;
    FileWorkers& workers;
    const Clock& clock;
  };
  /// `kept`: how long they stay; 0: for ever.
  UnusedFiles(ShardIndex mine, Duration kept, const Ports& ports) : mine_(mine), kept_(kept), ports_(ports) {}

  [[nodiscard]] TimePoint next_deadline() const { return kept_ == Duration{} ? TimePoint::max() : next_; }
  void on_time(TimePoint now);

 private:
  static constexpr Duration kRound = std::chrono::minutes{10};
  // While there are more. A storage service takes some 50 ms for each of two requests a file.
  static constexpr Duration kNextBatch = std::chrono::seconds{5};
  static constexpr Duration kAfterFailure = std::chrono::minutes{1};
  static constexpr std::uint32_t kAtOnce = 20;
  void begin_batch(TimePoint now);
  void remove_bytes(const std::vector<file::FileId>& ids);
  void note_removed(const std::vector<file::FileId>& gone, const std::vector<file::FileId>& of);
  void go_on_after(Duration pause);
  void end_round();

  [[no_unique_address]] OwnThread own_thread_;
  ShardIndex mine_;
  Duration kept_;
  Ports ports_;
  TimePoint next_{};         // the end of time while a batch is under way
  TimePoint batch_began_{};  // the last one
  file::FileId after_{};     // the one whose bytes could not be removed last, in this round
};

}  // namespace belfry::files
