// The rows of devices and of the log of pushes: reads and changes, each inside the caller's transaction. The order of a change is
// in adapters/sql/device_port.hpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "store/device_store.hpp"

namespace belfry::sqlite {

/// The device with this provider and token.
[[nodiscard]] std::optional<store::Device> device_of_token(Connection& connection, const store::Device& device);
void insert_device(Connection& connection, const store::Device& device);
void update_device(Connection& connection, const store::Device& device);
/// Removes the user's oldest devices.
void remove_devices_beyond(Connection& connection, const store::Device& newest, std::size_t limit);
[[nodiscard]] std::vector<store::Device> devices_of(Connection& connection, const store::UserId& user);
[[nodiscard]] std::vector<store::DeviceOwner> device_owners(Connection& connection, const store::OwnerQuery& query);
[[nodiscard]] std::optional<store::Device> change_device(Connection& connection, const store::DeviceChange& change);
[[nodiscard]] bool remove_device(Connection& connection, const store::DeviceId& id, const store::UserId& user);
void remove_device_of_token(Connection& connection, const store::DeviceId& id, const std::string& token);
void touch_device(Connection& connection, const store::DeviceId& id, const store::UserId& user, WallTime now);

/// False: the user's leg is not pending. While it is, no other transaction can close it before this one ends.
[[nodiscard]] bool lock_pending_leg(Connection& connection, const store::CallId& call, const store::UserId& user);
/// False: it is in the log already.
[[nodiscard]] bool insert_delivery(Connection& connection, const store::PushDelivery& delivery);
void mark_rings_stopped(Connection& connection, const store::CallId& call, const store::UserId& user);
[[nodiscard]] std::vector<store::Device> devices_that_may_ring(Connection& connection, const store::CallId& call,
                                                               const store::UserId& user);
[[nodiscard]] std::optional<store::PushTry> start_push_try(Connection& connection, const store::PushId& id, WallTime now);
[[nodiscard]] bool end_push_try(Connection& connection, const store::PushEnd& end);
[[nodiscard]] store::DeliveryPage page_of_deliveries(Connection& connection, const store::DeliveryQuery& query);
void forget_old_deliveries(Connection& connection, WallTime when, std::size_t most);

}  // namespace belfry::sqlite
