#include "gateway/dialects/event_queue.hpp"

#include <gtest/gtest.h>

namespace belfry::gateway {
namespace {

protocol::IncomingEvent event(std::span<const json::Slice> arguments) {
  return {.name = "make_call", .arguments = arguments, .ack_id = 7, .attachments = {}};
}

TEST(EventQueue, ReturnsEventsInOrder) {
  EventQueue queue;
  {
    const std::string gone = R"({"to":"bob"})";
    const json::Slice arguments[] = {{json::Kind::object, gone}};
    ASSERT_TRUE(queue.enqueue(event(arguments)));
    ASSERT_TRUE(queue.enqueue(event({})));
  }
  const auto all = queue.take();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "make_call");
  EXPECT_EQ(all[0].ack_id, 7U);
  ASSERT_EQ(all[0].slices().size(), 1U);
  EXPECT_EQ(all[0].slices()[0].raw, R"({"to":"bob"})");
  EXPECT_TRUE(all[1].slices().empty());
  EXPECT_TRUE(queue.empty());
}

// 64 events of a megabyte each, for every socket of an address.
TEST(EventQueue, IsBoundedByBytesAsWellAsByCount) {
  const std::string offer(256 * 1024, 'x');
  const json::Slice arguments[] = {{json::Kind::object, offer}};
  EventQueue queue;
  EXPECT_TRUE(queue.enqueue(event(arguments)));
  EXPECT_FALSE(queue.enqueue(event(arguments))) << "with their names two are more than there is room for";
  std::size_t small = 0;
  while (queue.enqueue(event({}))) ++small;
  EXPECT_EQ(small, EventQueue::kMaxEvents - 1);
  EXPECT_EQ(queue.take().size(), EventQueue::kMaxEvents);
  EXPECT_TRUE(queue.enqueue(event(arguments))) << "there is room again";
}

}  // namespace
}  // namespace belfry::gateway
