// The contract of AccountStore for what is stored of a user's presence.

#include <gtest/gtest.h>

#include <vector>

#include "store/contract_suite.hpp"

namespace belfry::store::testing {
namespace {

class PresenceContract : public FourUsersContract {
 protected:
  std::vector<Presence> presence(const std::vector<UserId>& users, UserId asker) {
    return found<std::vector<Presence>>([&](auto done) { world_.accounts().presence(users, asker, done); });
  }
  void log_in(std::uint32_t number, UserId user, WallTime when) {
    const Login login{.id = login_id(number), .user = user, .created = when, .expires = at(1'000'000)};
    found<void>([&](auto done) { world_.accounts().add_login(login, done); });
  }
  void register_device(std::uint32_t number, UserId user, WallTime when) {
    const Device device{.id = DeviceId(uuid(6, number)), .user = user, .name = "Phone", .active = when, .created = when};
    found<RegisteredDevice>([&](auto done) { world_.devices().put(device, done); });
  }
  void block(UserId user, UserId other) {
    found<bool>([&](auto done) { world_.conversations().block(user, other, at(0), done); });
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, PresenceContract, ::testing::ValuesIn(stores_under_test()), name_of);

// K46: one question for all of them.
TEST_P(PresenceContract, IsOfThoseWhoExistEachOnceById) {
  EXPECT_EQ(presence({carol, user_id(99), bob, carol}, alice), (std::vector<Presence>{{.user = bob}, {.user = carol}}));
  EXPECT_EQ(presence({alice}, alice), std::vector<Presence>{{.user = alice}});
  EXPECT_TRUE(presence({}, alice).empty());
  set_status(bob, account::UserStatus::deleted);
  set_status(carol, account::UserStatus::inactive);
  EXPECT_EQ(presence({bob, carol}, alice), std::vector<Presence>{{.user = carol}});
}

// K46
TEST_P(PresenceContract, LastActivityIsTheLatestOfLoginsAndDevices) {
  log_in(1, bob, at(5));
  register_device(1, carol, at(3));
  log_in(2, dan, at(5));
  register_device(2, dan, at(3));
  register_device(3, dan, at(7));
  EXPECT_EQ(presence({bob, carol, dan}, alice), (std::vector<Presence>{{.user = bob, .last_active = at(5)},
                                                                       {.user = carol, .last_active = at(3)},
                                                                       {.user = dan, .last_active = at(7)}}));
}

// K46: of somebody who was connected for a day it is not the login of the day before.
TEST_P(PresenceContract, LastActivityIsNotedAndNeverGoesBack) {
  const auto note = [&](UserId user, WallTime when) {
    world_.accounts().note_active(user, when);
    world_.settle();
    return presence({bob}, alice).at(0).last_active;
  };
  EXPECT_EQ(note(bob, at(4)), at(4));
  EXPECT_EQ(note(bob, at(3)), at(4));
  log_in(1, bob, at(2));
  EXPECT_EQ(note(user_id(99), at(9)), at(4)) << "of nobody, it does nothing";
  EXPECT_EQ(find(bob)->last_active, at(4));
}

// S7
TEST_P(PresenceContract, SlotIsHeldUntilTheCallEnds) {
  const auto call = a_call(1, bob, carol);
  ASSERT_TRUE(commits(call));
  EXPECT_EQ(presence({bob, carol, dan}, alice),
            (std::vector<Presence>{{.user = bob, .has_slot = true}, {.user = carol, .has_slot = true}, {.user = dan}}));
  ASSERT_TRUE(commits(answered(call)));
  ASSERT_TRUE(commits(ended(answered(call))));
  EXPECT_EQ(presence({bob}, alice), std::vector<Presence>{{.user = bob}});
}

// K45
TEST_P(PresenceContract, HidesTheTwoSidesOfABlockFromEachOther) {
  block(alice, bob);
  block(carol, alice);
  EXPECT_EQ(presence({bob, carol, dan}, alice), std::vector<Presence>{{.user = dan}});
  EXPECT_EQ(presence({alice, carol}, bob), std::vector<Presence>{{.user = carol}});
  EXPECT_EQ(presence({alice, bob}, carol), std::vector<Presence>{{.user = bob}});
}

}  // namespace
}  // namespace belfry::store::testing
