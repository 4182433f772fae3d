// ForwardingDeviceStore: passes everything on to another device store. To change or watch one operation, derive from it and
// override that one.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/device_store.hpp"

namespace belfry::store {

class ForwardingDeviceStore : public DeviceStore {
 public:
  explicit ForwardingDeviceStore(DeviceStore& next) : next_(next) {}
  void put(Device device, Answer<RegisteredDevice> done) override { next_.put(std::move(device), std::move(done)); }
  void list(UserId user, Answer<std::vector<Device>> done) override { next_.list(user, std::move(done)); }
  void owners(OwnerQuery query, Answer<std::vector<DeviceOwner>> done) override {
    next_.owners(std::move(query), std::move(done));
  }
  void change(DeviceChange change, Answer<std::optional<Device>> done) override {
    next_.change(std::move(change), std::move(done));
  }
  void remove(DeviceId id, UserId user, Answer<bool> done) override { next_.remove(id, user, std::move(done)); }
  void forget_token(DeviceId id, std::string token, Answer<void> done) override {
    next_.forget_token(id, std::move(token), std::move(done));
  }
  void touch(DeviceId id, UserId user, WallTime now) override { next_.touch(id, user, now); }
  void plan(PushPlan plan, Answer<std::size_t> done) override { next_.plan(std::move(plan), std::move(done)); }
  void stop_rings(CallId call, UserId user, Answer<std::vector<Device>> done) override {
    next_.stop_rings(call, user, std::move(done));
  }
  void start_try(PushId id, WallTime now, Answer<std::optional<PushTry>> done) override {
    next_.start_try(id, now, std::move(done));
  }
  void end_try(PushEnd end, Answer<bool> done) override { next_.end_try(std::move(end), std::move(done)); }
  void deliveries(DeliveryQuery query, Answer<DeliveryPage> done) override { next_.deliveries(query, std::move(done)); }
  void forget_deliveries_before(WallTime when, std::size_t most) override { next_.forget_deliveries_before(when, most); }

 private:
  DeviceStore& next_;
};

}  // namespace belfry::store
