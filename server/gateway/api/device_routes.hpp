// Operations on the devices that may be pushed, and the log of pushes for administrators (SPEC J-6.1, J-6.7, R-002-27).
#pragma once

#include <string>

#include "app/push/devices.hpp"
#include "gateway/api/operation.hpp"
#include "store/device_store.hpp"

namespace belfry::gateway {

/// The services of this shard. All must outlive the operations.
struct DeviceServices {
  push::Devices& devices;
  store::DeviceStore& store;
  std::string vapid_public_key{};  // browsers need it to subscribe; empty: Web Push is off
};

[[nodiscard]] Operations device_operations(const DeviceServices& services);

}  // namespace belfry::gateway
