// SPEC J-6.4 to J-6.6, R-000-41 to R-000-48: from an entry for a user to what the provider is sent.
#include "app/push/push_stage_for_tests.hpp"

namespace belfry::push {
namespace {

// J-6.4, R-000-47
TEST_F(PushTest, RingSaysWhoCallsAndUntilWhen) {
  add_device(1, "phone");
  clock_.passed = 500ms;
  ring();
  ASSERT_EQ(providers_.open.size(), 1U);
  const auto& message = providers_.open.front().message;
  EXPECT_EQ(message.json,
            R"({"type":"ring","callId":")" + to_text(call_id(1).value()) + R"(","callerId":")" + to_text(alice_.value()) +
                R"(","callerName":"alice","callType":"audio","conversationId":"","expiresAt":"2026-11-21T12:01:00.000Z"})");
  EXPECT_EQ(message.left, 59'500ms);
  answer(store::PushAccepted{});
  EXPECT_EQ(delivery(1).status, PushStatus::delivered);
  EXPECT_EQ(delivery(1).attempts, 1U);
  EXPECT_EQ(delivery(1).latency_ms, 40);
}

// R-000-41, J-6.8, C-23: active within seven days
TEST_F(PushTest, OnlyDevicesInUseOfAProviderThatIsOnArePushed) {
  add_device(1, "used", 7 * 24h);
  add_device(2, "idle", 7 * 24h + 1ms);
  add_device(3, "apple", {}, PushProvider::apns);
  ring();
  EXPECT_THAT(providers_.sent, ElementsAre("used ring"));
  EXPECT_TRUE(log_.lines.empty()) << "there are devices";
}

// R-000-44, R-000-45
TEST_F(PushTest, UserWithoutDevicesIsLogged) {
  ring();
  EXPECT_THAT(log_.lines, ElementsAre("No devices found for user " + to_text(bob_.value()) +
                                      " event=push.no_devices participantId=" + to_text(bob_.value()) +
                                      " callId=" + to_text(call_id(1).value())));
  EXPECT_TRUE(providers_.sent.empty());
}

// A stored call with 1000 legs is not small.
TEST_F(PushTest, CallIsReadOnceForAllItsMembers) {
  std::vector<UserId> members;
  for (std::uint32_t number = 10; number < 50; ++number) {
    members.push_back(made(number, "m" + std::to_string(number)));
    add_device_of(members.back(), number, "t" + std::to_string(number));
  }
  ASSERT_TRUE(commits(a_group_call(1, alice_, members)));
  for (const auto& member : members) store_plan(PushType::ring, {}, member);
  run();
  EXPECT_EQ(providers_.sent.size(), members.size());
  EXPECT_EQ(calls_.loads, 1);
}

// R-000-46, J-6.6
TEST_F(PushTest, DevicesDoNotWaitForEachOther) {
  add_device(1, "slow"), add_device(2, "fast");
  ring();
  ASSERT_EQ(providers_.open.size(), 2U);
  std::swap(providers_.open[0], providers_.open[1]);
  answer(store::PushAccepted{});
  EXPECT_EQ(delivery(2).status, PushStatus::delivered);
  EXPECT_EQ(delivery(1).status, PushStatus::pending);
}

// J-6.6
TEST_F(PushTest, SilentEndpointsThatUsersNamedDoNotHoldTheOperatorsProviders) {
  add_device(1, "silent", {}, PushProvider::webpush), add_device(2, "waits", {}, PushProvider::webpush);
  add_device(3, "phone");
  ring();
  EXPECT_THAT(providers_.sent, testing::UnorderedElementsAre("silent ring", "phone ring"));
}

// J-6.6
TEST_F(PushTest, PostponedPushIsTriedAgainAfterTheTimeNamedUntilItHasFailedOften) {
  add_device(1, "phone");
  ring();
  answer(store::PushPostponed{.error = "503", .retry_after = 7s});
  EXPECT_EQ(delivery(1).error, "503");
  run(6s);
  EXPECT_EQ(providers_.sent.size(), 1U);
  run(1s);
  EXPECT_EQ(providers_.sent.size(), 2U);
  answer(store::PushPostponed{.error = "timeout"});
  run(1999ms);
  EXPECT_EQ(providers_.sent.size(), 2U);
  run(1ms);
  EXPECT_EQ(providers_.sent.size(), 3U);
  answer(store::PushPostponed{.error = "429"});
  run(60s);
  EXPECT_EQ(providers_.sent.size(), 3U);
  EXPECT_EQ(delivery(1).status, PushStatus::failed);
  EXPECT_EQ(counters_.attempts(PushProvider::fcm), 3U);
  EXPECT_EQ(counters_.ended_as(PushProvider::fcm, PushStatus::failed), 1U);
  EXPECT_EQ(counters_.open(), 0U);
  EXPECT_EQ(delivery(1).error, "429");
  EXPECT_EQ(delivery(1).attempts, 3U);
}

// J-7.3: a server that died after the delivery left the entry.
TEST_F(PushTest, DeliveredPushThatIsTakenAgainIsCountedOnceAsDelivered) {
  add_device(1, "phone");
  ring();
  answer(store::PushAccepted{});
  world_.stores.outbox().put({.to = bob_,
                              .call = call_id(1),
                              .at = clock_.wall(),
                              .kind = store::OutboxKind::push,
                              .key = key_of(PushType::ring, {.id = device_id(1), .provider = PushProvider::fcm}),
                              .due = clock_.wall(),
                              .expires = at(60'000)},
                             [](const auto&) {});
  run();
  EXPECT_EQ(providers_.sent.size(), 1U);
  EXPECT_EQ(counters_.ended_as(PushProvider::fcm, PushStatus::delivered), 1U);
  EXPECT_EQ(counters_.ended_as(PushProvider::fcm, PushStatus::dropped), 0U);
  EXPECT_EQ(delivery(1).status, PushStatus::delivered);
}

// X-32, J-6.6
TEST_F(PushTest, PushThatWouldBeTriedAfterItsEndHasExpired) {
  add_device(1, "phone");
  ring();
  answer(store::PushPostponed{.error = "503", .retry_after = 60s});
  EXPECT_EQ(delivery(1).status, PushStatus::expired);
}

// R-000-48
TEST_F(PushTest, DeviceThatTheProviderNoLongerKnowsIsRemoved) {
  add_device(1, "phone"), add_device(2, "other");
  ring();
  answer(store::PushUnregistered{.token = "phone", .error = "404 UNREGISTERED"});
  EXPECT_EQ(delivery(1).status, PushStatus::unregistered);
  EXPECT_EQ(delivery(1).error, "404 UNREGISTERED");
  std::vector<store::DeviceId> left;
  devices().list(bob_, [&](const auto& all) {
    for (const auto& each : *all) left.push_back(each.id);
  });
  EXPECT_THAT(left, ElementsAre(device_id(2)));
}

TEST_F(PushTest, RefusedPushHasFailed) {
  add_device(1, "phone");
  ring();
  answer(store::PushRefused{"400 INVALID_ARGUMENT"});
  run(30s);
  EXPECT_EQ(providers_.sent.size(), 1U);
  EXPECT_EQ(delivery(1).status, PushStatus::failed);
}

// J-6.5
TEST_F(PushTest, CancelGoesToTheDevicesThatMayRingButNotToTheOneThatActed) {
  add_device(1, "acted"), add_device(2, "rings"), add_device(3, "refused");
  ring();
  answer(store::PushAccepted{}), answer(store::PushAccepted{}), answer(store::PushRefused{"400"});
  ASSERT_TRUE(commits(answered(call_)));
  put(PushType::cancel, "answered_elsewhere " + to_text(device_id(1).value()));
  EXPECT_THAT(providers_.sent, ElementsAre("acted ring", "rings ring", "refused ring", "rings cancel"));
  EXPECT_THAT(providers_.open.front().message.json, HasSubstr(R"("reason":"answered_elsewhere"})"));
  put(PushType::cancel, "answered_elsewhere " + to_text(device_id(1).value()));
  EXPECT_EQ(providers_.sent.size(), 4U) << "once";
}

// J-6.5
TEST_F(PushTest, RingThatWaitsForAnotherTryIsDroppedAndCancelled) {
  add_device(1, "phone");
  ring();
  answer(store::PushPostponed{.error = "503", .retry_after = 5s});
  ASSERT_TRUE(commits(missed(call_, at(1))));
  put(PushType::cancel, "cancelled ");
  EXPECT_THAT(providers_.sent, ElementsAre("phone ring", "phone cancel"));
  run(10s);
  EXPECT_EQ(providers_.sent.size(), 2U);
  EXPECT_EQ(delivery(1).status, PushStatus::dropped);
  EXPECT_EQ(counters_.ended_as(PushProvider::fcm, PushStatus::dropped), 1U);
}

// J-2.13
TEST_F(PushTest, EachRingThatAProviderAcceptedIsReported) {
  add_device(1, "accepts"), add_device(2, "refuses"), add_device(3, "accepts-later");
  ring();
  EXPECT_THAT(rung_, IsEmpty());
  answer(store::PushAccepted{}), answer(store::PushRefused{"400"}), answer(store::PushPostponed{.error = "503"});
  EXPECT_THAT(rung_, ElementsAre(bob_));
  run(1s);
  answer(store::PushAccepted{});
  EXPECT_THAT(rung_, ElementsAre(bob_, bob_));
  ASSERT_TRUE(commits(missed(call_, at(1))));
  put(PushType::cancel, "cancelled ");
  answer(store::PushAccepted{}), answer(store::PushAccepted{});
  EXPECT_EQ(rung_.size(), 2U) << "a cancel rings nobody";
}

// J-6.5
TEST_F(PushTest, CallThatIsOverBeforeItsRingWasPlannedPushesNobody) {
  add_device(1, "phone");
  call_ = a_call(1, alice_, bob_);
  ASSERT_TRUE(commits(call_) && commits(missed(call_, at(1))));
  put(PushType::ring);
  put(PushType::cancel, "cancelled ");
  EXPECT_TRUE(providers_.sent.empty());
}

}  // namespace
}  // namespace belfry::push
