#include "protocol/rooms.hpp"

#include <gtest/gtest.h>

namespace belfry::protocol {
namespace {

TEST(Rooms, LoseAMemberThatLeavesThemAll) {
  Rooms rooms;
  rooms.join("a", 1);
  rooms.join("a", 1);
  rooms.join("a", 2);
  rooms.join("b", 1);
  rooms.leave_all(1);
  EXPECT_EQ(rooms.members("a"), std::vector<std::uint32_t>{2});
  EXPECT_TRUE(rooms.members("b").empty());
  EXPECT_TRUE(rooms.rooms_of(1).empty());
}

}  // namespace
}  // namespace belfry::protocol
