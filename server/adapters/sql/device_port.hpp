// DeviceStore on an SQL database (port.hpp). The statements are the adapter's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/sql/port.hpp"
#include "store/device_store.hpp"

namespace belfry::sql {

/// Keeps the device of this token, if there is one, or adds it; removes those beyond the limit.
template <class Connection>
[[nodiscard]] store::RegisteredDevice register_device(Connection& connection, store::Device device) {
  auto how = store::Registered::made;
  if (const auto known = device.address.token.empty() ? std::nullopt : device_of_token(connection, device)) {
    device.id = known->id;
    device.created = known->created;
    if (known->user == device.user) device.dnd = known->dnd;
    update_device(connection, device);
    how = store::Registered::found;
  } else {
    insert_device(connection, device);
  }
  remove_devices_beyond(connection, device, store::kMaxDevices);
  return {std::move(device), how};
}

template <class Connection>
[[nodiscard]] std::size_t plan_pushes(Connection& connection, const Uuid& node, const store::PushPlan& plan) {
  if (plan.type == store::PushType::ring && !lock_pending_leg(connection, plan.call, plan.user)) return 0;
  std::size_t made = 0;
  for (const auto& push : plan.pushes) {
    const store::PushDelivery delivery{.id = {plan.call, push.device, plan.type},
                                       .user = plan.user,
                                       .provider = push.provider,
                                       .created = plan.at,
                                       .updated = plan.at};
    if (!insert_delivery(connection, delivery)) continue;
    put_in_outbox(connection, node, push.entry);
    ++made;
  }
  return made;
}

template <class Connection>
[[nodiscard]] std::vector<store::Device> stop_ring_pushes(Connection& connection, const store::CallId& call,
                                                          const store::UserId& user) {
  mark_rings_stopped(connection, call, user);
  return devices_that_may_ring(connection, call, user);
}

template <class Db>
class DeviceStoreOn final : public store::DeviceStore {
  using UserId = store::UserId;
  using DeviceId = store::DeviceId;

 public:
  DeviceStoreOn(Db& database, ShardIndex shard) : port_(database, shard) {}

  void put(store::Device device, Answer<store::RegisteredDevice> done) override {
    port_.write([device = std::move(device)](auto& connection) { return register_device(connection, device); }, std::move(done));
  }
  void list(UserId user, Answer<std::vector<store::Device>> done) override {
    port_.read([user](auto& connection) { return devices_of(connection, user); }, std::move(done));
  }
  void owners(store::OwnerQuery query, Answer<std::vector<store::DeviceOwner>> done) override {
    port_.read([query = std::move(query)](auto& connection) { return device_owners(connection, query); }, std::move(done));
  }
  void change(store::DeviceChange change, Answer<std::optional<store::Device>> done) override {
    port_.write([change = std::move(change)](auto& connection) { return change_device(connection, change); }, std::move(done));
  }
  void remove(DeviceId id, UserId user, Answer<bool> done) override {
    port_.write([id, user](auto& connection) { return remove_device(connection, id, user); }, std::move(done));
  }
  void forget_token(DeviceId id, std::string token, Answer<void> done) override {
    port_.write([id, token = std::move(token)](auto& connection) { remove_device_of_token(connection, id, token); },
                std::move(done));
  }
  void touch(DeviceId id, UserId user, WallTime now) override {
    port_.tell([id, user, now](auto& connection) { touch_device(connection, id, user, now); });
  }
  void plan(store::PushPlan plan, Answer<std::size_t> done) override {
    port_.write([node = port_.database().node(),
                 plan = std::move(plan)](auto& connection) { return plan_pushes(connection, node, plan); },
                std::move(done));
  }
  void stop_rings(store::CallId call, UserId user, Answer<std::vector<store::Device>> done) override {
    port_.write([call, user](auto& connection) { return stop_ring_pushes(connection, call, user); }, std::move(done));
  }
  void start_try(store::PushId id, WallTime now, Answer<std::optional<store::PushTry>> done) override {
    port_.write([id, now](auto& connection) { return start_push_try(connection, id, now); }, std::move(done));
  }
  void end_try(store::PushEnd end, Answer<bool> done) override {
    port_.write([end = std::move(end)](auto& connection) { return end_push_try(connection, end); }, std::move(done));
  }
  void deliveries(store::DeliveryQuery query, Answer<store::DeliveryPage> done) override {
    port_.read([query](auto& connection) { return page_of_deliveries(connection, query); }, std::move(done));
  }
  void forget_deliveries_before(WallTime when, std::size_t most) override {
    port_.tell([when, most](auto& connection) { forget_old_deliveries(connection, when, most); });
  }

 private:
  Port<Db> port_;
};

}  // namespace belfry::sql
