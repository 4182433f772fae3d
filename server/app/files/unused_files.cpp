#include "app/files/unused_files.hpp"

#include <utility>

#include "app/files/files.hpp"

namespace belfry::files {

void UnusedFiles::on_time(TimePoint now) {
  own_thread_.check();
  if (now >= next_deadline()) begin_batch(now);
}

void UnusedFiles::begin_batch(TimePoint now) {
  batch_began_ = now;
  const WallTime wall = ports_.clock.wall();
  const auto kept = std::chrono::duration_cast<std::chrono::milliseconds>(kept_);
  if (wall - WallTime{} <= kept) return end_round();
  next_ = TimePoint::max();
  ports_.store.take_unused(wall - kept, after_, kAtOnce, [this](const auto& taken) {
    if (taken && !taken->empty()) return remove_bytes(*taken);
    after_ = {};
    end_round();
  });
}

/// The next one is due at its time, however long the answers of its last batch took. Under virtual time that may be over, and
/// nobody calls on_time() before time passes again.
void UnusedFiles::end_round() {
  next_ = batch_began_ + kRound;
  if (const TimePoint now = ports_.clock.now(); next_ <= now) begin_batch(now);
}
void UnusedFiles::go_on_after(Duration pause) { next_ = ports_.clock.now() + pause; }

void UnusedFiles::remove_bytes(const std::vector<file::FileId>& ids) {
  auto job = [this, &blobs = ports_.blobs, ids]() -> FileWorkers::Answer {
    std::vector<file::FileId> gone;
    for (const auto& id : ids) {
      if (!blobs.remove(blob_key(id, Part::whole)) || !blobs.remove(blob_key(id, Part::thumbnail))) break;
      gone.push_back(id);
    }
    return [this, gone = std::move(gone), ids] { note_removed(gone, ids); };
  };
  if (!ports_.workers.run(mine_, {}, std::move(job))) go_on_after(kAfterFailure);
}

/// The store names the others again.
void UnusedFiles::note_removed(const std::vector<file::FileId>& gone, const std::vector<file::FileId>& of) {
  const bool failed = gone.size() < of.size();
  if (failed)
    after_ = of[gone.size()];
  else if (of.size() < kAtOnce)
    after_ = {};
  ports_.store.bytes_removed(gone, [this, failed, all = of.size() < kAtOnce](const auto&) {
    if (all && !failed) return end_round();
    go_on_after(failed ? kAfterFailure : kNextBatch);
  });
}

}  // namespace belfry::files
