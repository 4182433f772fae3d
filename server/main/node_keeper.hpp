// NodeKeeper: what one shard does so that servers on one database can rely on each other: signs of life, taking over the calls of
// those that are gone, and learning which ends others left untold. In real time, on one shard.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "app/calls/unheard_ends.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/nodes.hpp"
#include "store/outbox.hpp"

namespace belfry {

class NodeKeeper {
 public:
  struct Parts {
    store::Nodes& nodes;
    store::Outbox& outbox;
    calls::UnheardEnds& unheard;
    const Clock& domain_clock;
    bool shared;                // other servers may work on the same database
    std::uint64_t outbox_read;  // the number of the newest entry that is remembered already
    std::function<void(store::TakenOver)> adopt;
    std::function<void(const store::OutboxEntry&)> tell;  // another server left word of this end
  };
  explicit NodeKeeper(Parts parts)
      : parts_(std::move(parts)),
        newest_(parts_.outbox_read),
        marks_{{TimePoint{}, newest_ - std::min(newest_, kReadAgainAtStart)}} {}

  [[nodiscard]] TimePoint next_deadline() const { return beat_; }
  void on_time(TimePoint now) {
    if (now < beat_) return;
    beat_ = now + (parts_.shared ? kSharedBeat : kBeat);
    if (parts_.shared) take_over(now);
    parts_.nodes.heartbeat(parts_.domain_clock.wall());
    if (parts_.shared) learn_of_untold_ends(now);
  }

 private:
  // A call that dies with its server ends at the last beat: shorter is more exact and writes more. Where others wait for a beat,
  // five fit into store::kNodeLapses.
  static constexpr Duration kBeat = std::chrono::seconds{5};
  static constexpr Duration kSharedBeat = std::chrono::seconds{1};
  static constexpr std::size_t kMostAtOnce = 1'000;
  /// Transactions become visible out of the order of their numbers. An entry whose transaction was under way when the ones behind
  /// it were read is seen within this time, because the database ends one that is idle for 5 s or busy for longer than a
  /// statement may take. Longer reads more entries again each second.
  static constexpr Duration kLongestTransaction = std::chrono::seconds{10};
  static constexpr std::uint64_t kReadAgainAtStart = 256;  // what was under way while recall() read

  void take_over(TimePoint now) {
    const auto silence = now < wait_until_ ? store::Silence::is_forgiven : store::Silence::means_gone;
    parts_.nodes.take_over(kMostAtOnce, silence, [this, now](Expected<store::TakenOver, store::Unavailable> taken) {
      if (!taken) return database_was_away(now);
      // An answer that was lost may have said so.
      if (std::exchange(unanswered_, false)) taken->was_buried = true;
      if (taken->was_buried || !taken->calls.empty()) parts_.adopt(std::move(*taken));
    });
  }

  /// Asked each second, also while we wait: the others cannot give signs of life either, and must have time to when it is back.
  void database_was_away(TimePoint now) {
    wait_until_ = now + 2 * store::kNodeLapses;
    unanswered_ = true;
  }

  void learn_of_untold_ends(TimePoint now) {
    if (std::exchange(reading_, true)) return;
    read_page(marks_.front().newest, now);
  }

  void read_page(std::uint64_t after, TimePoint now) {
    parts_.outbox.waiting(after, kMostAtOnce,
                          [this, now](const Expected<std::vector<store::OutboxEntry>, store::Unavailable>& found) {
                            if (!found) {
                              reading_ = false;
                              return database_was_away(now);
                            }
                            for (const auto& entry : *found) learn(entry);
                            if (found->size() == kMostAtOnce) return read_page(found->back().seq, now);
                            reading_ = false;
                            move_marks(now);
                          });
  }

  void learn(const store::OutboxEntry& entry) {
    newest_ = std::max(newest_, entry.seq);
    if (!known_.insert(entry.seq).second) return;
    parts_.unheard.remember(entry);
    parts_.tell(entry);
  }

  /// All up to a mark has been seen once a reading that began kLongestTransaction after it has ended, not when that time is over:
  /// this server may have stood still meanwhile.
  void move_marks(TimePoint began) {
    marks_.push_back({began, newest_});
    while (marks_.size() > 1 && marks_[1].at + kLongestTransaction <= began) marks_.pop_front();
    known_.erase(known_.begin(), known_.upper_bound(marks_.front().newest));
  }

  struct Mark {
    TimePoint at{};  // of a reading
    std::uint64_t newest = 0;
  };
  Parts parts_;
  TimePoint beat_{}, wait_until_{};
  bool unanswered_ = false;
  bool reading_ = false;
  std::uint64_t newest_;
  std::deque<Mark> marks_;         // oldest first; what is behind the first one is read again
  std::set<std::uint64_t> known_;  // of those
};

}  // namespace belfry
