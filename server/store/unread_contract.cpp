// The contract of MessageStore: receipts and unread counts.
#include <string>
#include <vector>

#include "store/message_suite_for_tests.hpp"

namespace belfry::store::testing {
namespace {

class UnreadContract : public MessageContract {};
INSTANTIATE_TEST_SUITE_P(Stores, UnreadContract, ::testing::ValuesIn(stores_under_test()), name_of);

// K38, K39
TEST_P(UnreadContract, ReadPointerMovesForwardAndUnreadFollowsIt) {
  for (std::uint32_t number = 1; number <= 3; ++number) ASSERT_TRUE(send(number, alice, "x").has_value());
  ASSERT_TRUE(send(4, bob, "mine").has_value());
  ASSERT_TRUE(send(5, alice, "direct", 2).has_value());
  const UnreadCount direct{conversation_id(2), 1};
  EXPECT_EQ(unread(bob), (std::vector<UnreadCount>{{conversation_id(1), 3}, direct}));
  EXPECT_EQ(unread(alice), (std::vector<UnreadCount>{{conversation_id(1), 1}})) << "sending moves no pointer";
  auto moved = move(bob, Receipt::read, 2);
  EXPECT_EQ(moved.now, (chat::Pointers{2, 2}));
  EXPECT_EQ(moved.unread, 1U);
  EXPECT_TRUE(moved.unread_changed);
  EXPECT_EQ(moved.others, (std::vector{alice, carol}));
  moved = move(bob, Receipt::read, 1);
  EXPECT_EQ(moved.now, (chat::Pointers{2, 2}));
  EXPECT_TRUE(moved.others.empty()) << "nothing moved";
  EXPECT_FALSE(moved.unread_changed);
  EXPECT_EQ(move(bob, Receipt::delivered, 100).now, (chat::Pointers{2, 4}));
  EXPECT_FALSE(move(carol, Receipt::delivered, 4).unread_changed);
  EXPECT_EQ(remove(1, alice)->counted_by, std::vector{carol}) << "Bob has read it, and of Alice's it is none";
  EXPECT_EQ(remove(3, alice)->counted_by.size(), 2U);
  EXPECT_EQ(unread(bob), std::vector{direct}) << "the deleted one does not count";
  const auto stored =
      found<std::optional<StoredConversation>>([&](auto done) { world_.conversations().find(conversation_id(1), carol, done); });
  EXPECT_EQ(find_member(stored->conversation, bob)->read_up_to, 2U);
  EXPECT_EQ(find_member(stored->conversation, bob)->delivered_up_to, 4U);
}

TEST_P(UnreadContract, UnreadOfSeveralUsersComesInTheirOrder) {
  ASSERT_TRUE(send(1, alice, "x").has_value());
  const auto all = unread_of({carol, alice, bob});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].user, carol);
  EXPECT_EQ(all[0].counts.size(), 1U);
  EXPECT_EQ(all[1].user, alice);
  EXPECT_TRUE(all[1].counts.empty());
  EXPECT_EQ(all[2].counts, (std::vector<UnreadCount>{{conversation_id(1), 1}}));
}

// K39: as far behind as they are, and whatever happens before and behind what is kept as counted (sql::unread_count()).
TEST_P(UnreadContract, CountOfWhoNeverReadsStaysExact) {
  constexpr std::uint32_t kMany = 300;
  std::uint32_t number = 0;
  const auto sends = [&](std::uint32_t count) {
    for (; count > 0; --count) {
      ++number;
      world_.messages().send(request(number, number % 3 == 0 ? bob : alice, "x"),
                             [](const auto& sent) { EXPECT_TRUE(sent.has_value()); });
    }
    world_.settle();
  };
  const auto count_of = [&](UserId user) {
    const auto counts = unread(user);
    return counts.empty() ? 0U : counts.front().count;
  };
  sends(kMany);
  EXPECT_EQ(count_of(carol), kMany);
  EXPECT_EQ(count_of(bob), 200U);
  EXPECT_EQ(count_of(alice), 100U);
  EXPECT_EQ(remove(10, alice)->counted_by.size(), 2U);
  EXPECT_EQ(remove(kMany - 2, alice)->counted_by.size(), 2U);
  EXPECT_EQ(count_of(carol), kMany - 2);
  EXPECT_EQ(move(carol, Receipt::read, 50).unread, kMany - 51);
  EXPECT_EQ(remove(40, alice)->counted_by, std::vector{bob});
  EXPECT_EQ(count_of(carol), kMany - 51);
  EXPECT_EQ(count_of(bob), 197U);
  EXPECT_EQ(move(bob, Receipt::read, kMany).unread, 0U);
  sends(kMany);
  EXPECT_EQ(count_of(carol), 2 * kMany - 51);
  EXPECT_EQ(count_of(bob), 200U);
  EXPECT_EQ(move(carol, Receipt::read, kMany).unread, kMany);
  change(alice, RemoveMember{carol});
  change(alice, AddMembers{{carol}});
  EXPECT_EQ(count_of(carol), 0U) << "it began anew";
  sends(3);
  EXPECT_EQ(count_of(carol), 3U);
}

}  // namespace
}  // namespace belfry::store::testing
