// SPEC K38.
#include "app/chat/delivered_receipts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace belfry::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DeliveredReceiptsTest : public ::testing::Test {
 protected:
  void arrived(std::uint64_t seq, std::uint8_t user = 1) {
    receipts_.arrived(conversation::ConversationId(Uuid{7}), account::UserId(Uuid{user}), seq);
  }
  /// The store has answered the oldest move.
  void answer() {
    const auto then = answers_.front();
    answers_.erase(answers_.begin());
    then();
  }
  std::vector<std::uint64_t> moves_;
  std::vector<std::function<void()>> answers_;
  DeliveredReceipts receipts_{[this](const auto&, const auto&, std::uint64_t seq, auto then) {
    moves_.push_back(seq);
    answers_.push_back(std::move(then));
  }};
};

TEST_F(DeliveredReceiptsTest, BurstIsMovedTwice) {
  for (std::uint64_t seq = 1; seq <= 5; ++seq) arrived(seq);
  EXPECT_THAT(moves_, ElementsAre(1));
  answer();
  EXPECT_THAT(moves_, ElementsAre(1, 5));
  answer();
  EXPECT_THAT(answers_, IsEmpty());
  arrived(6);
  EXPECT_THAT(moves_, ElementsAre(1, 5, 6));
}

// What a lost session was kept is delivered when it is back, maybe behind what has arrived since.
TEST_F(DeliveredReceiptsTest, TheHighestNumberIsNext) {
  arrived(1);
  arrived(4);
  arrived(2);
  answer();
  EXPECT_THAT(moves_, ElementsAre(1, 4));
}

TEST_F(DeliveredReceiptsTest, MembersDoNotWaitForEachOther) {
  arrived(1, 1);
  arrived(1, 2);
  EXPECT_THAT(moves_, ElementsAre(1, 1));
}

}  // namespace
}  // namespace belfry::chat
