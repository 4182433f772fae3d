// The words stand in databases: one that changes hides the entries that are stored, so each is written here once more.
#include "store/outbox.hpp"

#include <gtest/gtest.h>

namespace belfry::store {
namespace {

TEST(OutboxKinds, KeepTheirWords) {
  EXPECT_EQ(word_of(OutboxKind::call_end), "call_end");
  EXPECT_EQ(word_of(OutboxKind::test), "test");
  EXPECT_EQ(parse_outbox_kind("call_end"), OutboxKind::call_end);
  EXPECT_EQ(parse_outbox_kind("test"), OutboxKind::test);
  EXPECT_EQ(word_of(OutboxKind::push_endpoint), "push_endpoint");
}

TEST(OutboxKinds, OfANewerServerAreNotKnown) {
  for (const auto* other : {"", "webhook", "Call_end", "call_end "}) EXPECT_EQ(parse_outbox_kind(other), std::nullopt) << other;
}

}  // namespace
}  // namespace belfry::store
