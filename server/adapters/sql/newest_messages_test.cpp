#include "adapters/sql/newest_messages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace belfry::sql {
namespace {

using Numbers = std::vector<std::int64_t>;

/// Conversations whose messages take turns: message `seq` of number `i` is the `seq * kConversations + i`th of all.
class NewestMessagesTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kConversations = 3;

  static std::vector<ReadablePart> parts(std::uint64_t joined_after, std::uint64_t last_seq,
                                         std::uint8_t conversations = kConversations) {
    std::vector<ReadablePart> made;
    for (std::uint8_t i = 0; i < conversations; ++i)
      made.push_back({.conversation = store::ConversationId(Uuid{i}), .joined_after = joined_after, .last_seq = last_seq});
    return made;
  }
  NewestMessages newest(const std::vector<ReadablePart>& parts) {
    return {parts, [this](const std::vector<ConversationTail*>& tails) {
              asked_.push_back(tails.size());
              std::size_t count = 0;
              for (const ConversationTail* tail : tails) count += tail->count;
              most_ = std::max(most_, count);
              for (ConversationTail* tail : tails)
                for (std::size_t i = 0; i < tail->count && tail->unread.last_seq > tail->unread.joined_after; ++i)
                  tail->ahead.push_back({number(tail->unread.conversation, tail->unread.last_seq--)});
            }};
  }
  static std::int64_t number(const store::ConversationId& conversation, std::uint64_t seq) {
    return static_cast<std::int64_t>(seq * kConversations + conversation.value()[0]);
  }
  static Numbers all(NewestMessages newest) {
    Numbers numbers;
    while (const auto each = newest.next()) numbers.push_back(each->number);
    return numbers;
  }

  std::vector<std::size_t> asked_;  // for how many conversations, each time
  std::size_t most_ = 0;            // messages that were asked for at once
};

TEST_F(NewestMessagesTest, ComeInTheOrderOfAllConversations) {
  const auto numbers = all(newest(parts(5, 205)));
  EXPECT_EQ(numbers.size(), 200 * kConversations);
  EXPECT_TRUE(std::is_sorted(numbers.rbegin(), numbers.rend()));
  EXPECT_EQ(numbers.back(), static_cast<std::int64_t>(6 * kConversations));
}

TEST_F(NewestMessagesTest, OneQuestionReadsAheadInAllConversations) {
  EXPECT_EQ(all(newest(parts(0, 200))).size(), 200 * kConversations);
  EXPECT_EQ(asked_, std::vector<std::size_t>(4, kConversations)) << "16, 32, 64, and the rest";
}

TEST_F(NewestMessagesTest, ManyConversationsAreNotReadFarAhead) {
  EXPECT_EQ(all(newest(parts(0, 600, 100))).size(), 60'000U);
  EXPECT_LE(most_, NewestMessages::kMostOfAll);
  most_ = 0;
  EXPECT_EQ(all(newest(parts(0, 2'000, 1))).size(), 2'000U);
  EXPECT_EQ(most_, NewestMessages::kMostAhead);
}

TEST_F(NewestMessagesTest, NothingToReadAsksNothing) {
  EXPECT_TRUE(all(newest({})).empty());
  EXPECT_TRUE(all(newest(parts(7, 7))).empty());
  EXPECT_TRUE(asked_.empty());
}

}  // namespace
}  // namespace belfry::sql
