#include "app/files/unused_files.hpp"

#include <memory>
#include <utility>

#include "app/files/files.hpp"

namespace belfry::files {

void UnusedFiles::on_time(TimePoint now) {
  own_thread_.check();
  if (now < next_deadline()) return;
  next_ = now + kRound;
  const WallTime wall = ports_.clock.wall();
  const auto kept = std::chrono::duration_cast<std::chrono::milliseconds>(kept_);
  if (wall - WallTime{} <= kept) return;
  ports_.store.take_unused(wall - kept, kAtOnce, [this, now](const auto& taken) {
    if (!taken || taken->empty()) return;  // the next round tries again
    if (taken->size() == kAtOnce) next_ = now + kNextBatch;
    remove_bytes(*taken);
  });
}

void UnusedFiles::remove_bytes(const std::vector<file::FileId>& ids) {
  auto job = [this, &blobs = ports_.blobs, ids]() -> FileWorkers::Answer {
    std::vector<file::FileId> gone;
    for (const auto& id : ids)
      if (blobs.remove(blob_key(id, Part::whole)) && blobs.remove(blob_key(id, Part::thumbnail))) gone.push_back(id);
    return [this, gone = std::move(gone)] { ports_.store.bytes_removed(gone, [](const auto&) {}); };
  };
  // If too much waits, or the storage fails, the store names them again in the next round.
  static_cast<void>(ports_.workers.run(mine_, {}, std::move(job)));
}

}  // namespace belfry::files
