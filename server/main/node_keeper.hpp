// NodeKeeper: what one shard does so that servers on one database can rely on each other: signs of life, taking over the calls of
// servers that are gone, and reading from the outbox which ends other servers could not deliver. In real time, on one shard.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <utility>

#include "app/outbox/end_follower.hpp"
#include "base/clock.hpp"
#include "store/nodes.hpp"

namespace belfry {

class NodeKeeper {
 public:
  struct Parts {
    store::Nodes& nodes;
    outbox::EndFollower& untold_ends;
    const Clock& domain_clock;
    bool shared;  // other servers may work on the same database
    std::function<void(store::TakenOver)> adopt;
  };
  explicit NodeKeeper(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] TimePoint next_deadline() const { return beat_; }
  void on_time(TimePoint now) {
    if (now < beat_) return;
    beat_ = now + (parts_.shared ? kSharedBeat : kBeat);
    if (parts_.shared) take_over(now);
    parts_.nodes.heartbeat(parts_.domain_clock.wall());
    if (parts_.shared) parts_.untold_ends.read(now, [this, now] { database_was_away(now); });
  }

 private:
  // A call that dies with its server ends at the last beat: shorter is more exact and writes more. Where others wait for a beat,
  // five fit into store::kNodeLapses.
  static constexpr Duration kBeat = std::chrono::seconds{5};
  static constexpr Duration kSharedBeat = std::chrono::seconds{1};
  static constexpr std::size_t kMostAtOnce = 1'000;

  void take_over(TimePoint now) {
    const auto silence = now < wait_until_ ? store::Silence::is_forgiven : store::Silence::means_gone;
    parts_.nodes.take_over(kMostAtOnce, silence, [this, now](Expected<store::TakenOver, store::Unavailable> taken) {
      if (!taken) return database_was_away(now);
      // The answer that was lost in the outage may have said that others took our calls: assume that they did.
      if (std::exchange(unanswered_, false)) taken->was_taken_for_gone = true;
      if (taken->was_taken_for_gone || !taken->calls.empty()) parts_.adopt(std::move(*taken));
    });
  }

  /// While the database is away the other servers cannot give signs of life either. So each failed question starts anew the time
  /// in which their silence is forgiven.
  void database_was_away(TimePoint now) {
    wait_until_ = now + 2 * store::kNodeLapses;
    unanswered_ = true;
  }

  Parts parts_;
  TimePoint beat_{}, wait_until_{};
  bool unanswered_ = false;
};

}  // namespace belfry
