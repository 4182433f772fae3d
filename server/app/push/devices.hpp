// Devices: users register the devices that may be pushed (SPEC J-6.1 to J-6.3). Owned by the shard's stack, used on its thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/push/recent_use.hpp"
#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/own_thread.hpp"
#include "base/random.hpp"
#include "store/device_store.hpp"
#include "wire/webpush/endpoint.hpp"

namespace belfry::push {

/// What is wrong with a registration; each names the field.
enum class DeviceFlaw : std::uint8_t { token_missing, token_invalid, keys_missing, keys_invalid, voip_token_invalid };

class Devices {
 public:
  struct Parts {
    store::DeviceStore& store;
    const Clock& clock;
    Random& random;
    webpush::AllowedHosts endpoints = webpush::AllowedHosts::public_only;
  };
  struct Registration {
    store::Platform platform = store::Platform::web;
    store::PushProvider provider = store::PushProvider::none;
    store::PushAddress address{};
    std::string name{};
  };
  template <class T>
  using Answer = store::DeviceStore::Answer<T>;

  explicit Devices(const Parts& parts) : parts_(parts) {}

  /// Whether it may be registered.
  [[nodiscard]] Expected<void, DeviceFlaw> check(const Registration& registration) const;
  void put(store::UserId user, Registration registration, Answer<store::RegisteredDevice> done);
  void list(store::UserId user, Answer<std::vector<store::Device>> done) {
    own_thread_.check();
    parts_.store.list(user, std::move(done));
  }
  void change(store::DeviceChange change, Answer<std::optional<store::Device>> done) {
    own_thread_.check();
    parts_.store.change(std::move(change), std::move(done));
  }
  void remove(store::DeviceId id, store::UserId user, Answer<bool> done) {
    own_thread_.check();
    parts_.store.remove(id, user, std::move(done));
  }
  /// The client named this device, in a request or when its socket connected. Any text may come: most clients have no device
  /// here. Stored at most once a minute for each device and shard: any request may come here.
  void used(store::UserId user, std::string_view device);

 private:
  [[no_unique_address]] OwnThread own_thread_;
  Parts parts_;
  RecentUse recent_;
};

}  // namespace belfry::push
