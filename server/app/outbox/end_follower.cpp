#include "app/outbox/end_follower.hpp"

#include <algorithm>
#include <utility>

namespace belfry::outbox {

EndFollower::EndFollower(store::Outbox& outbox, std::uint64_t newest, Learn learn)
    : outbox_(outbox),
      learn_(std::move(learn)),
      newest_(newest),
      marks_{{TimePoint{}, newest_ - std::min(newest_, kReadAgainAtStart)}} {}

void EndFollower::read(TimePoint now, std::function<void()> unavailable) {
  own_thread_.check();
  if (std::exchange(reading_, true)) return;
  read_page(marks_.front().newest, {.began = now, .unavailable = std::move(unavailable)});
}

void EndFollower::read_page(std::uint64_t after, Reading reading) {
  outbox_.waiting(
      after, kMostAtOnce,
      [this, reading = std::move(reading)](const Expected<std::vector<store::OutboxEntry>, store::Unavailable>& found) {
        if (!found) {
          reading_ = false;
          return reading.unavailable();
        }
        for (const auto& entry : *found) learn(entry);
        if (found->size() == kMostAtOnce) return read_page(found->back().seq, reading);
        reading_ = false;
        move_marks(reading.began);
      });
}

void EndFollower::learn(const store::OutboxEntry& entry) {
  newest_ = std::max(newest_, entry.seq);
  if (known_.insert(entry.seq).second) learn_(entry);
}

/// A mark may go once a read that began kLongestTransaction after it has finished. The time alone does not suffice: this server
/// may have been stopped meanwhile.
void EndFollower::move_marks(TimePoint began) {
  marks_.push_back({began, newest_});
  while (marks_.size() > 1 && marks_[1].at + kLongestTransaction <= began) marks_.pop_front();
  known_.erase(known_.begin(), known_.upper_bound(marks_.front().newest));
}

}  // namespace belfry::outbox
