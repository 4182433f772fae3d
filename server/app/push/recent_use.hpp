// RecentUse: which devices one shard has noted as used within the last minute, so that their other requests store nothing
// (SPEC J-6.3). A device is active for days, so a minute more or less does not matter. Of one shard, in memory, bounded.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <vector>

#include "store/device_store.hpp"

namespace belfry::push {

class RecentUse {
 public:
  static constexpr std::chrono::milliseconds kEvery = std::chrono::minutes{1};
  /// Beyond this many all are forgotten: each of them stores one more use.
  static constexpr std::size_t kMaxUsers = 10'000;

  /// True: store this use. A user who names more devices than anybody has gets no more stored within the minute: any id may come.
  [[nodiscard]] bool note(const store::UserId& user, const store::DeviceId& device, WallTime now);

 private:
  struct Use {
    store::DeviceId device{};
    WallTime at{};
  };
  std::map<store::UserId, std::vector<Use>> users_;
};

}  // namespace belfry::push
