// NodeKeeper: what lets servers on one database rely on each other: heartbeats, taking over the calls of servers that
// are gone, and reading from the outbox the ends that other servers could not deliver. In real time, on one shard.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <utility>

#include "app/outbox/end_follower.hpp"
#include "base/clock.hpp"
#include "main/stores/backend.hpp"
#include "store/nodes.hpp"

namespace belfry {

class NodeKeeper {
 public:
  struct Parts {
    store::Nodes& nodes;
    outbox::EndFollower& unheard_ends;
    const Clock& domain_clock;
    Backend::Sharing sharing;
    std::function<void(store::TakenOver)> adopt;
  };
  explicit NodeKeeper(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] TimePoint next_deadline() const { return beat_; }
  void on_time(TimePoint now) {
    if (now < beat_) return;
    beat_ = now + (is_shared() ? kSharedBeat : kBeat);
    if (is_shared()) take_over(now);
    parts_.nodes.heartbeat(parts_.domain_clock.wall());
    if (is_shared()) parts_.unheard_ends.read(now, [this, now] { database_was_away(now); });
  }

 private:
  [[nodiscard]] bool is_shared() const { return parts_.sharing == Backend::Sharing::with_others; }
  // A call whose server dies ends at the last heartbeat: a shorter interval is more exact and writes more. If other servers
  // depend on the heartbeat, five fit into store::kNodeLapses.
  static constexpr Duration kBeat = std::chrono::seconds{5};
  static constexpr Duration kSharedBeat = std::chrono::seconds{1};
  static constexpr std::size_t kMostAtOnce = 1'000;

  void take_over(TimePoint now) {
    const auto silence = now < wait_until_ ? store::Silence::is_forgiven : store::Silence::means_gone;
    parts_.nodes.take_over(kMostAtOnce, silence, [this, now](Expected<store::TakenOver, store::Unavailable> taken) {
      if (!taken) return database_was_away(now);
      // The answer that was lost in the outage may have said that other servers took our calls: assume so.
      if (std::exchange(unanswered_, false)) taken->was_taken_for_gone = true;
      if (taken->was_taken_for_gone || !taken->calls.empty() || taken->released > 0) parts_.adopt(std::move(*taken));
    });
  }

  /// While the database is unreachable, the other servers cannot send heartbeats either. So each failed query restarts the time
  /// in which their silence is ignored.
  void database_was_away(TimePoint now) {
    wait_until_ = now + 2 * store::kNodeLapses;
    unanswered_ = true;
  }

  Parts parts_;
  TimePoint beat_{}, wait_until_{};
  bool unanswered_ = false;
};

}  // namespace belfry
