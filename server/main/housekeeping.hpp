// Housekeeping: what one shard does for the whole server now and then, in real time: it follows other servers' changes of users
// and logins, and deletes what has expired. Not here: other servers' calls (node_keeper.hpp).
#pragma once

#include <algorithm>
#include <chrono>

#include "app/accounts/change_follower.hpp"
#include "app/accounts/revocation_cache.hpp"
#include "app/calls/unheard_ends.hpp"
#include "main/stores/backend.hpp"

namespace belfry {

class Housekeeping {
 public:
  struct Parts {
    StorePorts store;
    accounts::RevocationCache& revocations;
    const accounts::Accounts::Consequences& consequences;
    const Clock& domain_clock;
    std::uint64_t last_change;
    Duration retention;  // 0: keep for ever
  };
  explicit Housekeeping(const Parts& parts)
      : parts_(parts),
        follower_(parts.store.accounts, parts.revocations, parts.consequences, parts.last_change) {}

  [[nodiscard]] TimePoint next_deadline() const { return std::min({follower_.next_deadline(), prune_, sweep_}); }
  void on_time(TimePoint now) {
    follower_.on_time(now);
    const WallTime wall = parts_.domain_clock.wall();
    const auto kept = std::chrono::duration_cast<std::chrono::milliseconds>(parts_.retention);
    if (now >= prune_) {
      prune_ = now + kPrune;
      if (kept.count() != 0 && kept < wall - WallTime{}) {
        parts_.store.archive.forget_before(wall - kept, kForgottenAtOnce);
        parts_.store.devices.forget_deliveries_before(wall - kept, kForgottenAtOnce);
      }
    }
    if (now < sweep_) return;
    sweep_ = now + kSweep;
    parts_.revocations.sweep(wall);
    parts_.store.accounts.forget_before(wall - kAnswersKept, wall);
    parts_.store.outbox.forget_before(wall - calls::UnheardEnds::kKept, kEntriesForgottenAtOnce);
  }

 private:
  static constexpr Duration kPrune = std::chrono::seconds{5};
  // Takes a millisecond or two of the writer's time, and suffices for eight million rows a day.
  static constexpr std::size_t kForgottenAtOnce = 500;
  static constexpr std::size_t kEntriesForgottenAtOnce = 10'000;  // few grow old; a statement has 1.8 s for it
  static constexpr Duration kSweep = std::chrono::minutes{10};
  static constexpr Duration kAnswersKept = std::chrono::hours{24};  // SPEC 2.1 Idempotency-Key

  Parts parts_;
  accounts::ChangeFollower follower_;
  TimePoint prune_{}, sweep_{};
};

}  // namespace belfry
