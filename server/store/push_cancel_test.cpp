// The text stands in databases: an older server's entry must be read.
#include "store/push_cancel.hpp"

#include <gtest/gtest.h>

namespace belfry::store {
namespace {

TEST(PushCancel, IsReadAsItWasWritten) {
  for (const auto* const device : {"", "d0c5", "alice's old phone", " "}) {
    const PushCancel cancel{.reason = "answered_elsewhere", .device = device};
    EXPECT_EQ(parse_push_cancel(to_text(cancel)), cancel) << device;
  }
}

TEST(PushCancel, KeepsItsText) {
  EXPECT_EQ(to_text({.reason = "cancelled", .device = "d0c5"}), "cancelled d0c5");
  EXPECT_EQ(to_text({.reason = "cancelled"}), "cancelled ");
}

TEST(PushCancel, WithoutABlankIsAReasonAlone) {
  EXPECT_EQ(parse_push_cancel("cancelled"), PushCancel{.reason = "cancelled"});
  EXPECT_EQ(parse_push_cancel(""), PushCancel{});
}

}  // namespace
}  // namespace belfry::store
