// NodeKeeper: what one shard does so that servers on one database can rely on each other: signs of life, taking over the calls of
// those that are gone, and learning which ends others left untold. In real time, on one shard.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>
#include <utility>

#include "app/calls/unheard_ends.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "main/stores/backend.hpp"

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
  explicit NodeKeeper(Parts parts) : parts_(std::move(parts)), newest_(parts_.outbox_read) {}

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
  /// Transactions may become visible out of the order of their numbers: so many are read again.
  static constexpr std::uint64_t kReadAgain = 256;

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
    const std::uint64_t from = newest_ > kReadAgain ? newest_ - kReadAgain : 0;
    parts_.outbox.waiting(from, kMostAtOnce,
                          [this, now](const Expected<std::vector<store::OutboxEntry>, store::Unavailable>& found) {
                            if (!found) return database_was_away(now);
                            for (const auto& entry : *found) {
                              newest_ = std::max(newest_, entry.seq);
                              if (!known_.insert(entry.seq).second) continue;
                              parts_.unheard.remember(entry);
                              parts_.tell(entry);
                            }
                            while (!known_.empty() && *known_.begin() + kReadAgain < newest_) known_.erase(known_.begin());
                          });
  }

  Parts parts_;
  TimePoint beat_{}, wait_until_{};
  bool unanswered_ = false;
  std::uint64_t newest_;
  std::set<std::uint64_t> known_;
};

}  // namespace belfry
