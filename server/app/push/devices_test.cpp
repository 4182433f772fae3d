// What of a device's registration and use reaches the store (SPEC J-6.1, J-6.3).
#include "app/push/devices.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "adapters/memory/stores.hpp"
#include "store/forwarding_device_store.hpp"
#include "store/store_contract.hpp"

namespace belfry::push {
namespace {

using namespace std::chrono_literals;
using store::testing::kNoon;
using store::testing::user_id;
using store::testing::uuid;

class MovedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{} + passed; }
  [[nodiscard]] WallTime wall() const override {
    return {kNoon + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count()};
  }
  Duration passed{};
};

class SeededRandom final : public Random {
 public:
  void fill(MutableBytes bytes) override {
    for (auto& byte : bytes) byte = static_cast<std::byte>(engine_());
  }

 private:
  std::minstd_rand engine_{1};
};

class CountedTouches final : public store::ForwardingDeviceStore {
 public:
  using ForwardingDeviceStore::ForwardingDeviceStore;
  void touch(store::DeviceId id, store::UserId user, WallTime now) override {
    ++touches;
    ForwardingDeviceStore::touch(id, user, now);
  }
  int touches = 0;
};

class DevicesTest : public ::testing::Test {
 protected:
  void use(std::uint32_t user, std::uint32_t device) { devices_.used(user_id(user), to_text(uuid(6, device))); }

  store::PushAddress kept_of(store::PushProvider provider) {
    devices_.put(user_id(1), {.provider = provider, .address = {.token = "t", .voip_token = "v", .p256dh = "p", .auth = "a"}},
                 [](const auto&) {});
    store::PushAddress kept;
    devices_.list(user_id(1), [&](const auto& all) { kept = all->back().address; });
    return kept;
  }

  memory::Tables tables_;
  memory::Stores stores_{tables_};
  CountedTouches store_{stores_.devices()};
  MovedClock clock_;
  SeededRandom random_;
  Devices devices_{{store_, clock_, random_}};
};

TEST_F(DevicesTest, WhatItsProviderDoesNotUseIsNotKept) {
  EXPECT_EQ(kept_of(store::PushProvider::none), store::PushAddress{});
  clock_.passed += 1ms;
  EXPECT_EQ(kept_of(store::PushProvider::fcm), store::PushAddress{.token = "t"});
  clock_.passed += 1ms;
  EXPECT_EQ(kept_of(store::PushProvider::apns), (store::PushAddress{.token = "t", .voip_token = "v"}));
  clock_.passed += 1ms;
  EXPECT_EQ(kept_of(store::PushProvider::webpush), (store::PushAddress{.token = "t", .p256dh = "p", .auth = "a"}));
}

// J-6.3
TEST_F(DevicesTest, UseIsStoredOnceAMinute) {
  for (int request = 0; request < 100; ++request) use(1, 1), clock_.passed += 500ms;
  EXPECT_EQ(store_.touches, 1);
  use(1, 2), use(2, 1);
  EXPECT_EQ(store_.touches, 3) << "other devices, and the same text of another user";
  clock_.passed = 1min - 1ms;
  use(1, 1);
  EXPECT_EQ(store_.touches, 3);
  clock_.passed = 1min;
  use(1, 1);
  EXPECT_EQ(store_.touches, 4);
}

TEST_F(DevicesTest, InventedIdsOfAUserAreStoredNoMoreOftenThanAUserHasDevices) {
  for (std::uint32_t invented = 1; invented <= 1'000; ++invented) use(1, invented);
  EXPECT_EQ(store_.touches, store::kMaxDevices);
}

TEST_F(DevicesTest, WhatIsNoIdOfADeviceIsNotStored) {
  devices_.used(user_id(1), "my phone");
  EXPECT_EQ(store_.touches, 0);
}

TEST(RecentUses, AreForgottenBeyondABoundAndStoredAgain) {
  RecentUse recent;
  const store::DeviceId device(uuid(6, 1));
  for (std::uint32_t user = 0; user < RecentUse::kMaxUsers; ++user) EXPECT_TRUE(recent.note(user_id(user), device, {kNoon}));
  EXPECT_FALSE(recent.note(user_id(0), device, {kNoon}));
  EXPECT_TRUE(recent.note(user_id(RecentUse::kMaxUsers), device, {kNoon}));
  EXPECT_TRUE(recent.note(user_id(0), device, {kNoon}));
}

}  // namespace
}  // namespace belfry::push
