// The contract of DeviceStore.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "store/contract_suite.hpp"
#include "store/device_store.hpp"
#include "store/due_entries.hpp"

namespace belfry::store::testing {
namespace {

DeviceId device_id(std::uint32_t number) { return DeviceId(uuid(6, number)); }

class DeviceContract : public ContractSuite {
 protected:
  void SetUp() override { alice = made(1, "alice"), bob = made(2, "bob"); }

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
    return found<RegisteredDevice>([&](auto done) { world_.devices().put(device, done); });
  }
  std::vector<Device> list(UserId user) {
    return found<std::vector<Device>>([&](auto done) { world_.devices().list(user, done); });
  }
  bool remove(std::uint32_t number, UserId user) {
    return found<bool>([&](auto done) { world_.devices().remove(device_id(number), user, done); });
  }
  void forget(std::uint32_t number, const std::string& token) {
    found<void>([&](auto done) { world_.devices().forget_token(device_id(number), token, done); });
  }
  void touch(std::uint32_t number, UserId user, WallTime when) {
    world_.devices().touch(device_id(number), user, when);
    world_.settle();
  }

  static PushId push_id(std::uint32_t device, PushType type = PushType::ring) { return {call_id(1), device_id(device), type}; }
  std::size_t plan(const std::vector<std::uint32_t>& devices, PushType type = PushType::ring, std::int64_t when = 0) {
    PushPlan plan{.call = call_id(1), .user = bob, .type = type, .at = at(when)};
    for (const auto number : devices) {
      OutboxEntry entry{.to = bob, .call = call_id(1), .at = at(when), .kind = OutboxKind::push, .due = at(when)};
      entry.key = std::string(to_text(type)) + std::to_string(number);
      plan.pushes.push_back({.device = device_id(number), .provider = PushProvider::fcm, .entry = entry});
    }
    return found<std::size_t>([&](auto done) { world_.devices().plan(plan, done); });
  }
  std::vector<std::string> entries() {
    const auto taken = found<std::vector<OutboxEntry>>([&](auto done) {
      world_.due_entries().take({.kind = OutboxKind::push, .now = at(1'000), .until = at(1'000), .limit = 100}, done);
    });
    std::vector<std::string> keys;
    for (const auto& each : taken) keys.push_back(each.key);
    return keys;
  }
  std::optional<PushTry> start_try(const PushId& id) {
    return found<std::optional<PushTry>>([&](auto done) { world_.devices().start_try(id, at(5), done); });
  }
  bool end_try(const PushEnd& end) {
    return found<bool>([&](auto done) { world_.devices().end_try(end, done); });
  }
  std::vector<Device> stop_rings() {
    return found<std::vector<Device>>([&](auto done) { world_.devices().stop_rings(call_id(1), bob, done); });
  }
  DeliveryPage deliveries(const DeliveryQuery& query = {}) {
    return found<DeliveryPage>([&](auto done) { world_.devices().deliveries(query, done); });
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
    ASSERT_TRUE(commits(a_call(1, alice, bob)));
  }
  UserId alice, bob;
};

INSTANTIATE_TEST_SUITE_P(Stores, DeviceContract, ::testing::ValuesIn(stores_under_test()), name_of);

// J-6.1
TEST_P(DeviceContract, DeviceIsKeptWithAllItsFields) {
  auto device = a_device(1, alice, "token");
  device.dnd = true;
  const auto kept = put(device);
  EXPECT_EQ(kept.how, Registered::made);
  EXPECT_EQ(kept.device, device);
  EXPECT_EQ(list(alice), std::vector{device});
  EXPECT_TRUE(list(bob).empty());
}

// J-6.1
TEST_P(DeviceContract, SameTokenIsTheSameDeviceAndMovesToTheUserWhoRegistersIt) {
  put(a_device(1, alice, "token"));
  auto again = a_device(2, bob, "token", at(50));
  again.name = "Tablet";
  again.address.p256dh = "q";
  const auto moved = put(again);
  EXPECT_EQ(moved.how, Registered::found);
  again.id = device_id(1), again.created = at(0);
  EXPECT_EQ(moved.device, again);
  EXPECT_TRUE(list(alice).empty());
  EXPECT_EQ(list(bob), std::vector{again});
  auto other = a_device(3, alice, "token");
  other.provider = PushProvider::apns;
  EXPECT_EQ(put(other).how, Registered::made) << "the same text is another token at another provider";
}

// J-6.1: an app registers at each start.
TEST_P(DeviceContract, DoNotDisturbOutlastsARegistrationByTheSameUser) {
  auto quiet = a_device(1, alice, "token");
  quiet.dnd = true;
  put(quiet);
  EXPECT_TRUE(put(a_device(2, alice, "token", at(50))).device.dnd);
  EXPECT_TRUE(list(alice)[0].dnd);
  EXPECT_FALSE(put(a_device(3, bob, "token", at(60))).device.dnd) << "it was alice's choice";
}

// S19
TEST_P(DeviceContract, OnlyWhatItsUserNamesChangesOfADevice) {
  const auto device = put(a_device(1, alice, "token")).device, other = put(a_device(2, alice, "other")).device;
  const auto change = [&](const DeviceChange& request) {
    return found<std::optional<Device>>([&](auto done) { world_.devices().change(request, done); });
  };
  auto expected = device;
  expected.dnd = true;
  EXPECT_EQ(change({.id = device.id, .user = alice, .dnd = true}), expected);
  expected.name = "Tablet";
  EXPECT_EQ(change({.id = device.id, .user = alice, .name = "Tablet"}), expected);
  EXPECT_EQ(list(alice), (std::vector{expected, other}));
  expected.dnd = false, expected.name = "";
  EXPECT_EQ(change({.id = device.id, .user = alice, .dnd = false, .name = ""}), expected);
  EXPECT_EQ(change({.id = device.id, .user = bob, .dnd = true}), std::nullopt) << "alice's";
  EXPECT_EQ(change({.id = device_id(9), .user = alice, .dnd = true}), std::nullopt);
  EXPECT_EQ(list(alice), (std::vector{expected, other}));
}

TEST_P(DeviceContract, DevicesWithoutATokenAreNotTakenForEachOther) {
  for (const std::uint32_t number : {1U, 2U}) {
    auto device = a_device(number, alice, "");
    device.provider = PushProvider::none;
    EXPECT_EQ(put(device).how, Registered::made);
  }
  EXPECT_EQ(list(alice).size(), 2U);
}

// J-6.1
TEST_P(DeviceContract, OldestGoesBeyondTwenty) {
  for (std::uint32_t number = 1; number <= 21; ++number) put(a_device(number, alice, "t" + std::to_string(number), at(number)));
  const auto kept = list(alice);
  ASSERT_EQ(kept.size(), kMaxDevices);
  EXPECT_EQ(kept.front().id, device_id(2));
  EXPECT_EQ(kept.back().id, device_id(21));
}

// J-2.13, S19, R-000-44
TEST_P(DeviceContract, OwnersAreThoseWhoHaveADeviceAndWhetherOneOfThemCanBeRung) {
  const UserId carol = made(3, "carol"), dan = made(4, "dan");
  const auto add = [this](std::uint32_t number, UserId user, auto change) {
    auto device = a_device(number, user, "t" + std::to_string(number), at(1'000));
    change(device);
    put(device);
  };
  add(1, alice, [](Device& device) { device.active = at(999); });
  add(2, alice, [](Device&) {});
  add(3, bob, [](Device& device) { device.active = at(999); });
  add(4, bob, [](Device& device) { device.provider = PushProvider::apns; });
  add(5, bob, [](Device& device) { device.dnd = true; });
  add(6, dan, [](Device&) {});
  const auto owners = [&](std::vector<UserId> users, std::vector<PushProvider> providers) {
    return found<std::vector<DeviceOwner>>(
        [&](auto done) { world_.devices().owners({.users = users, .providers = providers, .active_since = at(1'000)}, done); });
  };
  const std::vector<UserId> three = {carol, bob, alice};
  EXPECT_EQ(owners(three, {PushProvider::webpush, PushProvider::fcm}), (std::vector<DeviceOwner>{{alice, true}, {bob, false}}));
  EXPECT_EQ(owners(three, {}), (std::vector<DeviceOwner>{{alice, false}, {bob, false}}));
  EXPECT_EQ(owners({bob}, {PushProvider::apns}), (std::vector<DeviceOwner>{{bob, true}}));
  EXPECT_TRUE(owners({}, {PushProvider::fcm}).empty());
}

// J-6.1
TEST_P(DeviceContract, LongestUnusedGoesBeyondTwentyAndNeverTheOneBeingRegistered) {
  for (std::uint32_t number = 1; number <= 20; ++number) put(a_device(number, alice, "t" + std::to_string(number), at(number)));
  touch(1, alice, at(3'600'000));
  put(a_device(21, alice, "t21", at(0)));
  std::vector<DeviceId> kept;
  for (const auto& each : list(alice)) kept.push_back(each.id);
  EXPECT_EQ(kept.size(), kMaxDevices);
  EXPECT_EQ(std::count(kept.begin(), kept.end(), device_id(1)), 1) << "it was used since";
  EXPECT_EQ(std::count(kept.begin(), kept.end(), device_id(2)), 0);
  EXPECT_EQ(std::count(kept.begin(), kept.end(), device_id(21)), 1);
}

// J-6.1
TEST_P(DeviceContract, DeviceThatMovesToAUserWithTwentyIsKeptInPlaceOfAnother) {
  put(a_device(40, bob, "moves", at(0)));
  for (std::uint32_t number = 1; number <= 20; ++number) put(a_device(number, alice, "t" + std::to_string(number), at(number)));
  EXPECT_EQ(put(a_device(41, alice, "moves", at(0))).how, Registered::found);
  const auto kept = list(alice);
  ASSERT_EQ(kept.size(), kMaxDevices);
  EXPECT_EQ(kept.front().id, device_id(40));
  EXPECT_EQ(kept[1].id, device_id(2));
  EXPECT_EQ(put(a_device(42, alice, "moves", at(50))).how, Registered::found);
  EXPECT_EQ(list(alice).size(), kMaxDevices) << "its own again";
}

// J-6.1
TEST_P(DeviceContract, OnlyItsUserRemovesIt) {
  put(a_device(1, alice, "token"));
  EXPECT_FALSE(remove(1, bob));
  EXPECT_FALSE(remove(2, alice));
  EXPECT_TRUE(remove(1, alice));
  EXPECT_TRUE(list(alice).empty());
}

// R-000-48
TEST_P(DeviceContract, DeviceOfAForgottenTokenIsRemovedUnlessItHasANewOne) {
  put(a_device(1, alice, "token"));
  forget(1, "older");
  EXPECT_EQ(list(alice).size(), 1U);
  forget(1, "token");
  EXPECT_TRUE(list(alice).empty());
}

// J-6.3
TEST_P(DeviceContract, UseMovesTheLastActivityForwardOnly) {
  put(a_device(1, alice, "token", at(5)));
  touch(1, bob, at(90'000));
  touch(1, alice, at(1));
  EXPECT_EQ(list(alice)[0].active, at(5));
  touch(1, alice, at(90'000));
  EXPECT_EQ(list(alice)[0].active, at(90'000));
}

TEST_P(DeviceContract, PlanLogsEachPushOnceAndPutsItIntoTheOutbox) {
  ring_bob();
  EXPECT_EQ(plan({1, 2}), 2U);
  EXPECT_EQ(plan({2, 1}), 0U);
  EXPECT_EQ(entries(), (std::vector<std::string>{"ring1", "ring2"}));
  const auto planned = delivery(push_id(2));
  EXPECT_EQ(planned,
            (PushDelivery{.id = push_id(2), .user = bob, .provider = PushProvider::fcm, .created = at(0), .updated = at(0)}));
}

// J-6.5: the leg was closed while the ring was being planned.
TEST_P(DeviceContract, RingIsNotPlannedForALegThatIsNoLongerPending) {
  ring_bob();
  ASSERT_TRUE(commits(answered(a_call(1, alice, bob))));
  EXPECT_EQ(plan({1, 2}), 0U);
  EXPECT_TRUE(entries().empty());
  EXPECT_EQ(plan({1}, PushType::cancel), 1U);
}

TEST_P(DeviceContract, TriesAreCountedAndTheLastOneEndsThePush) {
  ring_bob();
  plan({1});
  const auto first = start_try(push_id(1));
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->attempt, 1U);
  EXPECT_EQ(first->device, a_device(1, bob, "one"));
  EXPECT_TRUE(end_try({.id = push_id(1), .error = "503", .at = at(6)}));
  EXPECT_EQ(delivery(push_id(1)).error, "503");
  EXPECT_EQ(start_try(push_id(1))->attempt, 2U);
  EXPECT_TRUE(end_try({.id = push_id(1), .status = PushStatus::delivered, .latency_ms = 40, .at = at(7)}));
  EXPECT_EQ(start_try(push_id(1)), std::nullopt);
  EXPECT_FALSE(end_try({.id = push_id(1), .status = PushStatus::failed, .error = "late", .at = at(8)}));
  EXPECT_FALSE(end_try({.id = push_id(9), .status = PushStatus::failed, .at = at(8)}));
  EXPECT_EQ(delivery(push_id(1)), (PushDelivery{.id = push_id(1),
                                                .user = bob,
                                                .provider = PushProvider::fcm,
                                                .status = PushStatus::delivered,
                                                .attempts = 2,
                                                .latency_ms = 40,
                                                .created = at(0),
                                                .updated = at(7)}));
}

TEST_P(DeviceContract, RemovedAndMovedDevicesAreNotTried) {
  ring_bob();
  plan({1, 2});
  ASSERT_TRUE(remove(1, bob));
  put(a_device(7, alice, "two"));
  EXPECT_EQ(start_try(push_id(1)), std::nullopt);
  EXPECT_EQ(start_try(push_id(2)), std::nullopt);
  EXPECT_EQ(start_try({call_id(2), device_id(1)}), std::nullopt);
}

// J-6.5, J-8.4
TEST_P(DeviceContract, StoppedRingsAreNotTriedAndThoseThatMayRingAreReturned) {
  for (std::uint32_t number = 3; number <= 6; ++number) put(a_device(number, bob, "t" + std::to_string(number), at(number)));
  ring_bob();
  plan({1, 2, 3, 4, 5});
  for (const std::uint32_t number : {2U, 3U, 4U, 5U}) start_try(push_id(number));
  ASSERT_TRUE(end_try({.id = push_id(2), .status = PushStatus::delivered, .at = at(6)}));
  ASSERT_TRUE(end_try({.id = push_id(3), .error = "503", .at = at(6)}));
  ASSERT_TRUE(end_try({.id = push_id(4), .status = PushStatus::failed, .error = "400", .at = at(6)}));
  std::vector<DeviceId> may_ring;
  for (const auto& each : stop_rings()) may_ring.push_back(each.id);
  EXPECT_EQ(may_ring, (std::vector{device_id(2), device_id(3), device_id(5)})) << "accepted, will be tried again, under way";
  for (const std::uint32_t number : {1U, 2U, 3U, 4U, 5U}) EXPECT_EQ(start_try(push_id(number)), std::nullopt);
  for (const std::uint32_t number : {1U, 3U}) {
    EXPECT_EQ(delivery(push_id(number)).status, PushStatus::pending);
    EXPECT_TRUE(end_try({.id = push_id(number), .status = PushStatus::dropped, .at = at(10)}));
    EXPECT_EQ(delivery(push_id(number)).status, PushStatus::dropped);
  }
}

// J-6.7
TEST_P(DeviceContract, DeliveriesAreListedNewestFirstByCallUserAndStatus) {
  ring_bob();
  plan({1}, PushType::ring, 0);
  plan({2}, PushType::ring, 1);
  plan({1}, PushType::cancel, 2);
  start_try(push_id(1));
  ASSERT_TRUE(end_try({.id = push_id(1), .status = PushStatus::delivered, .at = at(6)}));
  const auto all = deliveries({.call = call_id(1), .user = bob});
  EXPECT_EQ(all.total, 3U);
  ASSERT_EQ(all.deliveries.size(), 3U);
  EXPECT_EQ(all.deliveries[0].id, push_id(1, PushType::cancel));
  EXPECT_EQ(all.deliveries[2].id, push_id(1));
  const auto second = deliveries({.page = {.number = 2, .limit = 1}});
  EXPECT_EQ(second.total, 3U);
  ASSERT_EQ(second.deliveries.size(), 1U);
  EXPECT_EQ(second.deliveries[0].id, push_id(2));
  EXPECT_EQ(deliveries({.status = PushStatus::delivered}).total, 1U);
  EXPECT_EQ(deliveries({.call = call_id(2)}).total, 0U);
  EXPECT_EQ(deliveries({.user = alice}).total, 0U);
}

// J-6.7: a page must not need the whole log.
TEST_P(DeviceContract, OnlyTheNewestDeliveriesAreCountedAndListed) {
  ring_bob();
  plan({1}, PushType::ring, 0);
  plan({2}, PushType::ring, 1);
  plan({1}, PushType::cancel, 2);
  const auto first = deliveries({.user = bob, .status = PushStatus::pending, .page = {.limit = 1}, .most = 2});
  EXPECT_EQ(first.total, 2U);
  ASSERT_EQ(first.deliveries.size(), 1U);
  EXPECT_EQ(first.deliveries[0].id, push_id(1, PushType::cancel));
  const auto last = deliveries({.page = {.number = 2, .limit = 1}, .most = 2});
  ASSERT_EQ(last.deliveries.size(), 1U);
  EXPECT_EQ(last.deliveries[0].id, push_id(2));
  EXPECT_TRUE(deliveries({.page = {.number = 3, .limit = 1}, .most = 2}).deliveries.empty());
  EXPECT_EQ(deliveries({.most = 3}).total, 3U);
}

// A statement without a bound that once took too long would never succeed again.
TEST_P(DeviceContract, OldDeliveriesAreDeletedAFewAtATime) {
  ring_bob();
  plan({1, 2}, PushType::ring, 0);
  plan({1}, PushType::cancel, 0);
  plan({2}, PushType::cancel, 1);
  for (const std::uint64_t left : {2U, 1U, 1U}) {
    world_.devices().forget_deliveries_before(at(1), 2);
    world_.settle();
    EXPECT_EQ(deliveries().total, left);
  }
}

}  // namespace
}  // namespace belfry::store::testing
