// ChangeFollower: applies to this server, within a quarter of a second, the changes that other servers and operators' commands
// made to users and logins (R-002-06, SPEC 2.8.7). One per process, on one shard, driven by that shard's real time.
#pragma once

#include <chrono>
#include <cstdint>

#include "app/accounts/accounts.hpp"
#include "app/accounts/revocation_cache.hpp"
#include "store/account_store.hpp"

namespace belfry::accounts {

constexpr Duration kFollowEvery = std::chrono::milliseconds{250};

class ChangeFollower {
 public:
  ChangeFollower(store::AccountStore& store, RevocationCache& revocations, const Accounts::Consequences& consequences,
                 std::uint64_t seq)
      : store_(store),
        revocations_(revocations),
        consequences_(consequences),
        seq_(seq) {}

  [[nodiscard]] TimePoint next_deadline() const { return next_; }
  void on_time(TimePoint now);

 private:
  void apply(const store::Change& change);

  store::AccountStore& store_;
  RevocationCache& revocations_;
  const Accounts::Consequences& consequences_;
  std::uint64_t seq_;
  TimePoint next_{};
  bool asking_ = false;
};

}  // namespace belfry::accounts
