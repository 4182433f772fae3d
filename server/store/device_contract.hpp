// The contract of DeviceStore, one suite for every adapter. Needs the World of due_entries_contract.hpp, with
// DeviceStore& devices().
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "store/device_store.hpp"
#include "store/due_entries.hpp"
#include "store/store_contract.hpp"

namespace belfry::store::testing {

inline DeviceId device_id(std::uint32_t number) { return DeviceId(uuid(6, number)); }

template <class World>
class DeviceContract : public StoreContract<World> {
 protected:
  void SetUp() override { alice = this->made(1, "alice"), bob = this->made(2, "bob"); }

  static Device a_device(std::uint32_t number, UserId user, std::string token, WallTime when = at(0)) {
    return {.id = device_id(number),
            .user = user,
            .platform = Platform::android,
            .name = "Zoë's phone",
            .provider = PushProvider::fcm,
            .address = {.token = std::move(token), .voip_token = "v", .p256dh = "p", .auth = "a"},
            .active = when,
            .created = when};
  }
  RegisteredDevice put(const Device& device) {
    return this->template found<RegisteredDevice>([&](auto done) { this->world_.devices().put(device, done); });
  }
  std::vector<Device> list(UserId user) {
    return this->template found<std::vector<Device>>([&](auto done) { this->world_.devices().list(user, done); });
  }
  bool remove(std::uint32_t number, UserId user) {
    return this->template found<bool>([&](auto done) { this->world_.devices().remove(device_id(number), user, done); });
  }
  void forget(std::uint32_t number, const std::string& token) {
    this->template found<void>([&](auto done) { this->world_.devices().forget_token(device_id(number), token, done); });
  }
  void touch(std::uint32_t number, UserId user, WallTime when) {
    this->world_.devices().touch(device_id(number), user, when);
    this->world_.settle();
  }

  static PushId push_id(std::uint32_t device, PushType type = PushType::ring) { return {call_id(1), device_id(device), type}; }
  std::size_t plan(const std::vector<std::uint32_t>& devices, PushType type = PushType::ring, std::int64_t when = 0) {
    PushPlan plan{.call = call_id(1), .user = bob, .type = type, .at = at(when)};
    for (const auto number : devices) {
      OutboxEntry entry{.to = bob, .call = call_id(1), .at = at(when), .kind = OutboxKind::push, .due = at(when)};
      entry.key = std::string(to_text(type)) + std::to_string(number);
      plan.pushes.push_back({.device = device_id(number), .provider = PushProvider::fcm, .entry = entry});
    }
    return this->template found<std::size_t>([&](auto done) { this->world_.devices().plan(plan, done); });
  }
  std::vector<std::string> entries() {
    const auto taken = this->template found<std::vector<OutboxEntry>>([&](auto done) {
      this->world_.due_entries().take({.kind = OutboxKind::push, .now = at(1'000), .until = at(1'000), .limit = 100}, done);
    });
    std::vector<std::string> keys;
    for (const auto& each : taken) keys.push_back(each.key);
    return keys;
  }
  std::optional<PushTry> start_try(const PushId& id) {
    return this->template found<std::optional<PushTry>>([&](auto done) { this->world_.devices().start_try(id, at(5), done); });
  }
  bool end_try(const PushEnd& end) {
    return this->template found<bool>([&](auto done) { this->world_.devices().end_try(end, done); });
  }
  std::vector<Device> stop_rings() {
    return this->template found<std::vector<Device>>(
        [&](auto done) { this->world_.devices().stop_rings(call_id(1), bob, done); });
  }
  DeliveryPage deliveries(const DeliveryQuery& query = {}) {
    return this->template found<DeliveryPage>([&](auto done) { this->world_.devices().deliveries(query, done); });
  }
  PushDelivery delivery(const PushId& id) {
    for (const auto& each : deliveries({.page = {.limit = 100}}).deliveries)
      if (each.id == id) return each;
    ADD_FAILURE() << "no such delivery";
    return {};
  }
  /// alice calls bob, who has two devices.
  void ring_bob() {
    put(a_device(1, bob, "one"));
    put(a_device(2, bob, "two", at(1)));
    ASSERT_TRUE(this->commits(a_call(1, alice, bob)));
  }
  UserId alice, bob;
};

TYPED_TEST_SUITE_P(DeviceContract);

// J-6.1
TYPED_TEST_P(DeviceContract, DeviceIsKeptWithAllItsFields) {
  auto device = this->a_device(1, this->alice, "token");
  device.dnd = true;
  const auto kept = this->put(device);
  EXPECT_EQ(kept.how, Registered::made);
  EXPECT_EQ(kept.device, device);
  EXPECT_EQ(this->list(this->alice), std::vector{device});
  EXPECT_TRUE(this->list(this->bob).empty());
}

// J-6.1
TYPED_TEST_P(DeviceContract, SameTokenIsTheSameDeviceAndMovesToTheUserWhoRegistersIt) {
  this->put(this->a_device(1, this->alice, "token"));
  auto again = this->a_device(2, this->bob, "token", at(50));
  again.name = "Tablet";
  again.address.p256dh = "q";
  const auto moved = this->put(again);
  EXPECT_EQ(moved.how, Registered::found);
  again.id = device_id(1), again.created = at(0);
  EXPECT_EQ(moved.device, again);
  EXPECT_TRUE(this->list(this->alice).empty());
  EXPECT_EQ(this->list(this->bob), std::vector{again});
  auto other = this->a_device(3, this->alice, "token");
  other.provider = PushProvider::apns;
  EXPECT_EQ(this->put(other).how, Registered::made) << "the same text is another token at another provider";
}

// J-6.1: an app registers at each start.
TYPED_TEST_P(DeviceContract, DoNotDisturbOutlastsARegistrationByTheSameUser) {
  auto quiet = this->a_device(1, this->alice, "token");
  quiet.dnd = true;
  this->put(quiet);
  EXPECT_TRUE(this->put(this->a_device(2, this->alice, "token", at(50))).device.dnd);
  EXPECT_TRUE(this->list(this->alice)[0].dnd);
  EXPECT_FALSE(this->put(this->a_device(3, this->bob, "token", at(60))).device.dnd) << "it was alice's choice";
}

TYPED_TEST_P(DeviceContract, DevicesWithoutATokenAreNotTakenForEachOther) {
  for (const std::uint32_t number : {1U, 2U}) {
    auto device = this->a_device(number, this->alice, "");
    device.provider = PushProvider::none;
    EXPECT_EQ(this->put(device).how, Registered::made);
  }
  EXPECT_EQ(this->list(this->alice).size(), 2U);
}

// J-6.1
TYPED_TEST_P(DeviceContract, OldestGoesBeyondTwenty) {
  for (std::uint32_t number = 1; number <= 21; ++number)
    this->put(this->a_device(number, this->alice, "t" + std::to_string(number), at(number)));
  const auto kept = this->list(this->alice);
  ASSERT_EQ(kept.size(), kMaxDevices);
  EXPECT_EQ(kept.front().id, device_id(2));
  EXPECT_EQ(kept.back().id, device_id(21));
}

// J-2.13, S19, R-000-44
TYPED_TEST_P(DeviceContract, OwnersAreThoseWhoHaveADeviceAndWhetherOneOfThemCanBeRung) {
  const UserId carol = this->made(3, "carol"), dan = this->made(4, "dan");
  const auto add = [this](std::uint32_t number, UserId user, auto change) {
    auto device = this->a_device(number, user, "t" + std::to_string(number), at(1'000));
    change(device);
    this->put(device);
  };
  add(1, this->alice, [](Device& device) { device.active = at(999); });
  add(2, this->alice, [](Device&) {});
  add(3, this->bob, [](Device& device) { device.active = at(999); });
  add(4, this->bob, [](Device& device) { device.provider = PushProvider::apns; });
  add(5, this->bob, [](Device& device) { device.dnd = true; });
  add(6, dan, [](Device&) {});
  const auto owners = [&](std::vector<UserId> users, std::vector<PushProvider> providers) {
    return this->template found<std::vector<DeviceOwner>>([&](auto done) {
      this->world_.devices().owners({.users = users, .providers = providers, .active_since = at(1'000)}, done);
    });
  };
  const std::vector<UserId> three = {carol, this->bob, this->alice};
  EXPECT_EQ(owners(three, {PushProvider::webpush, PushProvider::fcm}),
            (std::vector<DeviceOwner>{{this->alice, true}, {this->bob, false}}));
  EXPECT_EQ(owners(three, {}), (std::vector<DeviceOwner>{{this->alice, false}, {this->bob, false}}));
  EXPECT_EQ(owners({this->bob}, {PushProvider::apns}), (std::vector<DeviceOwner>{{this->bob, true}}));
  EXPECT_TRUE(owners({}, {PushProvider::fcm}).empty());
}

// J-6.1
TYPED_TEST_P(DeviceContract, LongestUnusedGoesBeyondTwentyAndNeverTheOneBeingRegistered) {
  for (std::uint32_t number = 1; number <= 20; ++number)
    this->put(this->a_device(number, this->alice, "t" + std::to_string(number), at(number)));
  this->touch(1, this->alice, at(3'600'000));
  this->put(this->a_device(21, this->alice, "t21", at(0)));
  std::vector<DeviceId> kept;
  for (const auto& each : this->list(this->alice)) kept.push_back(each.id);
  EXPECT_EQ(kept.size(), kMaxDevices);
  EXPECT_EQ(std::count(kept.begin(), kept.end(), device_id(1)), 1) << "it was used since";
  EXPECT_EQ(std::count(kept.begin(), kept.end(), device_id(2)), 0);
  EXPECT_EQ(std::count(kept.begin(), kept.end(), device_id(21)), 1);
}

// J-6.1
TYPED_TEST_P(DeviceContract, DeviceThatMovesToAUserWithTwentyIsKeptInPlaceOfAnother) {
  this->put(this->a_device(40, this->bob, "moves", at(0)));
  for (std::uint32_t number = 1; number <= 20; ++number)
    this->put(this->a_device(number, this->alice, "t" + std::to_string(number), at(number)));
  EXPECT_EQ(this->put(this->a_device(41, this->alice, "moves", at(0))).how, Registered::found);
  const auto kept = this->list(this->alice);
  ASSERT_EQ(kept.size(), kMaxDevices);
  EXPECT_EQ(kept.front().id, device_id(40));
  EXPECT_EQ(kept[1].id, device_id(2));
  EXPECT_EQ(this->put(this->a_device(42, this->alice, "moves", at(50))).how, Registered::found);
  EXPECT_EQ(this->list(this->alice).size(), kMaxDevices) << "its own again";
}

// J-6.1
TYPED_TEST_P(DeviceContract, OnlyItsUserRemovesIt) {
  this->put(this->a_device(1, this->alice, "token"));
  EXPECT_FALSE(this->remove(1, this->bob));
  EXPECT_FALSE(this->remove(2, this->alice));
  EXPECT_TRUE(this->remove(1, this->alice));
  EXPECT_TRUE(this->list(this->alice).empty());
}

// R-000-48
TYPED_TEST_P(DeviceContract, DeviceOfAForgottenTokenIsRemovedUnlessItHasANewOne) {
  this->put(this->a_device(1, this->alice, "token"));
  this->forget(1, "older");
  EXPECT_EQ(this->list(this->alice).size(), 1U);
  this->forget(1, "token");
  EXPECT_TRUE(this->list(this->alice).empty());
}

// J-6.3
TYPED_TEST_P(DeviceContract, UseMovesTheLastActivityForwardOnly) {
  this->put(this->a_device(1, this->alice, "token", at(5)));
  this->touch(1, this->bob, at(90'000));
  this->touch(1, this->alice, at(1));
  EXPECT_EQ(this->list(this->alice)[0].active, at(5));
  this->touch(1, this->alice, at(90'000));
  EXPECT_EQ(this->list(this->alice)[0].active, at(90'000));
}

TYPED_TEST_P(DeviceContract, PlanLogsEachPushOnceAndPutsItIntoTheOutbox) {
  this->ring_bob();
  EXPECT_EQ(this->plan({1, 2}), 2U);
  EXPECT_EQ(this->plan({2, 1}), 0U);
  EXPECT_EQ(this->entries(), (std::vector<std::string>{"ring1", "ring2"}));
  const auto planned = this->delivery(this->push_id(2));
  EXPECT_EQ(planned,
            (PushDelivery{
                .id = this->push_id(2), .user = this->bob, .provider = PushProvider::fcm, .created = at(0), .updated = at(0)}));
}

// J-6.5: the leg was closed while the ring was being planned.
TYPED_TEST_P(DeviceContract, RingIsNotPlannedForALegThatIsNoLongerPending) {
  this->ring_bob();
  ASSERT_TRUE(this->commits(answered(a_call(1, this->alice, this->bob))));
  EXPECT_EQ(this->plan({1, 2}), 0U);
  EXPECT_TRUE(this->entries().empty());
  EXPECT_EQ(this->plan({1}, PushType::cancel), 1U);
}

TYPED_TEST_P(DeviceContract, TriesAreCountedAndTheLastOneEndsThePush) {
  this->ring_bob();
  this->plan({1});
  const auto first = this->start_try(this->push_id(1));
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->attempt, 1U);
  EXPECT_EQ(first->device, this->a_device(1, this->bob, "one"));
  EXPECT_TRUE(this->end_try({.id = this->push_id(1), .error = "503", .at = at(6)}));
  EXPECT_EQ(this->delivery(this->push_id(1)).error, "503");
  EXPECT_EQ(this->start_try(this->push_id(1))->attempt, 2U);
  EXPECT_TRUE(this->end_try({.id = this->push_id(1), .status = PushStatus::delivered, .latency_ms = 40, .at = at(7)}));
  EXPECT_EQ(this->start_try(this->push_id(1)), std::nullopt);
  EXPECT_FALSE(this->end_try({.id = this->push_id(1), .status = PushStatus::failed, .error = "late", .at = at(8)}));
  EXPECT_FALSE(this->end_try({.id = this->push_id(9), .status = PushStatus::failed, .at = at(8)}));
  EXPECT_EQ(this->delivery(this->push_id(1)), (PushDelivery{.id = this->push_id(1),
                                                            .user = this->bob,
                                                            .provider = PushProvider::fcm,
                                                            .status = PushStatus::delivered,
                                                            .attempts = 2,
                                                            .latency_ms = 40,
                                                            .created = at(0),
                                                            .updated = at(7)}));
}

TYPED_TEST_P(DeviceContract, RemovedAndMovedDevicesAreNotTried) {
  this->ring_bob();
  this->plan({1, 2});
  ASSERT_TRUE(this->remove(1, this->bob));
  this->put(this->a_device(7, this->alice, "two"));
  EXPECT_EQ(this->start_try(this->push_id(1)), std::nullopt);
  EXPECT_EQ(this->start_try(this->push_id(2)), std::nullopt);
  EXPECT_EQ(this->start_try({call_id(2), device_id(1)}), std::nullopt);
}

// J-6.5, J-8.4
TYPED_TEST_P(DeviceContract, StoppedRingsAreNotTriedAndThoseThatMayRingAreReturned) {
  for (std::uint32_t number = 3; number <= 6; ++number)
    this->put(this->a_device(number, this->bob, "t" + std::to_string(number), at(number)));
  this->ring_bob();
  this->plan({1, 2, 3, 4, 5});
  for (const std::uint32_t number : {2U, 3U, 4U, 5U}) this->start_try(this->push_id(number));
  ASSERT_TRUE(this->end_try({.id = this->push_id(2), .status = PushStatus::delivered, .at = at(6)}));
  ASSERT_TRUE(this->end_try({.id = this->push_id(3), .error = "503", .at = at(6)}));
  ASSERT_TRUE(this->end_try({.id = this->push_id(4), .status = PushStatus::failed, .error = "400", .at = at(6)}));
  std::vector<DeviceId> may_ring;
  for (const auto& each : this->stop_rings()) may_ring.push_back(each.id);
  EXPECT_EQ(may_ring, (std::vector{device_id(2), device_id(3), device_id(5)})) << "accepted, will be tried again, under way";
  for (const std::uint32_t number : {1U, 2U, 3U, 4U, 5U}) EXPECT_EQ(this->start_try(this->push_id(number)), std::nullopt);
  for (const std::uint32_t number : {1U, 3U}) {
    EXPECT_EQ(this->delivery(this->push_id(number)).status, PushStatus::pending);
    EXPECT_TRUE(this->end_try({.id = this->push_id(number), .status = PushStatus::dropped, .at = at(10)}));
    EXPECT_EQ(this->delivery(this->push_id(number)).status, PushStatus::dropped);
  }
}

// J-6.7
TYPED_TEST_P(DeviceContract, DeliveriesAreListedNewestFirstByCallUserAndStatus) {
  this->ring_bob();
  this->plan({1}, PushType::ring, 0);
  this->plan({2}, PushType::ring, 1);
  this->plan({1}, PushType::cancel, 2);
  this->start_try(this->push_id(1));
  ASSERT_TRUE(this->end_try({.id = this->push_id(1), .status = PushStatus::delivered, .at = at(6)}));
  const auto all = this->deliveries({.call = call_id(1), .user = this->bob});
  EXPECT_EQ(all.total, 3U);
  ASSERT_EQ(all.deliveries.size(), 3U);
  EXPECT_EQ(all.deliveries[0].id, this->push_id(1, PushType::cancel));
  EXPECT_EQ(all.deliveries[2].id, this->push_id(1));
  const auto second = this->deliveries({.page = {.number = 2, .limit = 1}});
  EXPECT_EQ(second.total, 3U);
  ASSERT_EQ(second.deliveries.size(), 1U);
  EXPECT_EQ(second.deliveries[0].id, this->push_id(2));
  EXPECT_EQ(this->deliveries({.status = PushStatus::delivered}).total, 1U);
  EXPECT_EQ(this->deliveries({.call = call_id(2)}).total, 0U);
  EXPECT_EQ(this->deliveries({.user = this->alice}).total, 0U);
}

// J-6.7: a page must not need the whole log.
TYPED_TEST_P(DeviceContract, OnlyTheNewestDeliveriesAreCountedAndListed) {
  this->ring_bob();
  this->plan({1}, PushType::ring, 0);
  this->plan({2}, PushType::ring, 1);
  this->plan({1}, PushType::cancel, 2);
  const auto first = this->deliveries({.user = this->bob, .status = PushStatus::pending, .page = {.limit = 1}, .most = 2});
  EXPECT_EQ(first.total, 2U);
  ASSERT_EQ(first.deliveries.size(), 1U);
  EXPECT_EQ(first.deliveries[0].id, this->push_id(1, PushType::cancel));
  const auto last = this->deliveries({.page = {.number = 2, .limit = 1}, .most = 2});
  ASSERT_EQ(last.deliveries.size(), 1U);
  EXPECT_EQ(last.deliveries[0].id, this->push_id(2));
  EXPECT_TRUE(this->deliveries({.page = {.number = 3, .limit = 1}, .most = 2}).deliveries.empty());
  EXPECT_EQ(this->deliveries({.most = 3}).total, 3U);
}

// A statement without a bound that once took too long would never succeed again.
TYPED_TEST_P(DeviceContract, OldDeliveriesAreDeletedAFewAtATime) {
  this->ring_bob();
  this->plan({1, 2}, PushType::ring, 0);
  this->plan({1}, PushType::cancel, 0);
  this->plan({2}, PushType::cancel, 1);
  for (const std::uint64_t left : {2U, 1U, 1U}) {
    this->world_.devices().forget_deliveries_before(at(1), 2);
    this->world_.settle();
    EXPECT_EQ(this->deliveries().total, left);
  }
}

REGISTER_TYPED_TEST_SUITE_P(DeviceContract, DeviceIsKeptWithAllItsFields, SameTokenIsTheSameDeviceAndMovesToTheUserWhoRegistersIt,
                            DoNotDisturbOutlastsARegistrationByTheSameUser, DevicesWithoutATokenAreNotTakenForEachOther,
                            OldestGoesBeyondTwenty, OwnersAreThoseWhoHaveADeviceAndWhetherOneOfThemCanBeRung,
                            LongestUnusedGoesBeyondTwentyAndNeverTheOneBeingRegistered,
                            DeviceThatMovesToAUserWithTwentyIsKeptInPlaceOfAnother, OnlyItsUserRemovesIt,
                            DeviceOfAForgottenTokenIsRemovedUnlessItHasANewOne, UseMovesTheLastActivityForwardOnly,
                            PlanLogsEachPushOnceAndPutsItIntoTheOutbox, RingIsNotPlannedForALegThatIsNoLongerPending,
                            TriesAreCountedAndTheLastOneEndsThePush, RemovedAndMovedDevicesAreNotTried,
                            StoppedRingsAreNotTriedAndThoseThatMayRingAreReturned,
                            DeliveriesAreListedNewestFirstByCallUserAndStatus, OnlyTheNewestDeliveriesAreCountedAndListed,
                            OldDeliveriesAreDeletedAFewAtATime);

}  // namespace belfry::store::testing
