// SPEC J-2.13, R-000-44: who could be rung by a push, on the memory store.
#include "app/push/device_owners.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/push/push_stage_for_tests.hpp"

namespace belfry::push {
namespace {

class DeviceOwnersTest : public PushTest {
 protected:
  bool can_be_rung(const std::vector<UserId>& users) {
    bool answer = false;
    owners_.can_be_rung(users, [&](const auto& found) { answer = found.value(); });
    return answer;
  }
  DeviceOwners owners_{{devices(), providers_, clock_, log_}};
};

// J-6.3, J-6.8, C-23
TEST_F(DeviceOwnersTest, DeviceInUseOfAProviderThatIsOnCanBeRung) {
  EXPECT_FALSE(can_be_rung({alice_, bob_}));
  add_device(1, "idle", 7 * 24h + 1ms);
  add_device(2, "apple", {}, PushProvider::apns);
  EXPECT_FALSE(can_be_rung({alice_, bob_}));
  add_device(3, "used", 7 * 24h);
  EXPECT_TRUE(can_be_rung({alice_, bob_}));
  EXPECT_FALSE(can_be_rung({alice_}));
}

// R-000-45
TEST_F(DeviceOwnersTest, OnlyThoseWhoHaveNoDeviceAtAllAreLogged) {
  add_device(1, "apple", {}, PushProvider::apns);
  owners_.log_those_without(call_id(1), {bob_});
  EXPECT_THAT(log_.lines, IsEmpty());
  owners_.log_those_without(call_id(1), {alice_, bob_});
  EXPECT_THAT(log_.lines, ElementsAre("No devices found for user " + to_text(alice_.value()) +
                                      " event=push.no_devices participantId=" + to_text(alice_.value()) +
                                      " callId=" + to_text(call_id(1).value())));
}

}  // namespace
}  // namespace belfry::push
