// DeviceOwners: which users could be rung by a push. A call that starts asks, to tell its caller whether anybody can be reached
// (SPEC J-2.13). On a server whose providers are all off nobody plans pushes; it logs who has no device (R-000-44).
//
// Not here: which devices are pushed in the end (planner.hpp). Owned by the shard's stack, used on its thread.
#pragma once

#include <chrono>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/own_thread.hpp"
#include "store/device_store.hpp"
#include "store/push_message.hpp"

namespace belfry::push {

class DeviceOwners {
 public:
  struct Parts {
    store::DeviceStore& store;
    const store::PushSender& providers;
    const Clock& clock;  // of the domain
    Log& log;
    Duration active = std::chrono::hours{7 * 24};  // R-000-41
  };
  explicit DeviceOwners(const Parts& parts) : parts_(parts) {}

  /// Whether some device of these users would be pushed.
  void can_be_rung(std::vector<store::UserId> users, store::DeviceStore::Answer<bool> done);
  /// These users were called and are away: logs those who have no device.
  void log_those_without(const store::CallId& call, std::vector<store::UserId> users);

 private:
  [[nodiscard]] store::OwnerQuery query(std::vector<store::UserId> users) const;

  [[no_unique_address]] OwnThread own_thread_;
  Parts parts_;
};

/// R-000-44, R-000-45, J-7.5
void log_no_devices(Log& log, const store::UserId& user, const store::CallId& call);

}  // namespace belfry::push
