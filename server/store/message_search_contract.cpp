// The contract of MessageStore: full-text search.
#include <string>
#include <utility>
#include <vector>

#include "store/message_suite_for_tests.hpp"

namespace belfry::store::testing {
namespace {

class MessageSearchContract : public MessageContract {};
INSTANTIATE_TEST_SUITE_P(Stores, MessageSearchContract, ::testing::ValuesIn(stores_under_test()), name_of);

// K44, R-004-72
TEST_P(MessageSearchContract, SearchFindsBeginningsOfWordsInOnesOwnConversations) {
  ASSERT_TRUE(send(1, alice, "The Lighthouse is dark").has_value());
  ASSERT_TRUE(send(2, alice, "lights on, CAFÉ open", 2).has_value());
  ASSERT_TRUE(send(3, bob, "nothing here").has_value());
  EXPECT_EQ(search(bob, "light"), messages({2, 1})) << "newest first";
  EXPECT_EQ(search(carol, "light"), messages({1}));
  EXPECT_EQ(search(bob, "light", conversation_id(2)), messages({2}));
  EXPECT_EQ(search(bob, "cafe"), messages({2}));
  EXPECT_EQ(search(bob, "dark light"), messages({1}));
  EXPECT_TRUE(search(bob, "house").empty());
  EXPECT_TRUE(search(bob, "light bulb").empty());
}

// K44: nothing in a query is an operator, and no term of a text passes for the name of a conversation.
TEST_P(MessageSearchContract, SearchTakesAnyTextAsWords) {
  ASSERT_TRUE(send(1, alice, "or and not near 東京 42").has_value());
  for (const std::string query : {"OR", "and NOT near", "\"42\"", "4*", "京", "-- or;", "(near", "'or'"})
    EXPECT_EQ(search(bob, query), messages({1})) << query;
  std::string hex = belfry::to_text(conversation_id(1).value());
  std::erase(hex, '-');
  open(conversation::Kind::direct, 3, {dave});
  ASSERT_TRUE(send(2, dave, "treasure #c" + hex + " c" + hex + " #" + hex, 3).has_value());
  EXPECT_TRUE(search(bob, "treasure").empty());
}

// K36, K44
TEST_P(MessageSearchContract, OldTextIsFoundNoMore) {
  ASSERT_TRUE(send(1, alice, "old words").has_value());
  ASSERT_TRUE(send(2, alice, "other words").has_value());
  ASSERT_TRUE(edit(1, alice, "new words").has_value());
  EXPECT_TRUE(search(bob, "old").empty());
  EXPECT_EQ(search(bob, "new"), messages({1}));
  ASSERT_TRUE(remove(2, alice).has_value());
  EXPECT_EQ(search(bob, "words"), messages({1}));
}

// K44, R-004-72
TEST_P(MessageSearchContract, BestComeFirstInPagesAndNothingBehindTheLast) {
  ASSERT_TRUE(send(1, alice, "lighthouse").has_value());
  ASSERT_TRUE(send(2, alice, "light").has_value());
  ASSERT_TRUE(send(3, alice, "light").has_value());
  const auto page = [&](std::size_t skip) {
    const auto found =
        answer_of<Found>([&](auto done) { world_.messages().search({bob, {"light"}, std::nullopt, {skip, 2}}, done); });
    std::vector<MessageId> ids;
    for (const auto& each : found.value().results) ids.push_back(each.message.id);
    return std::pair(ids, found->more);
  };
  EXPECT_EQ(page(0), std::pair(messages({3, 2}), true));
  EXPECT_EQ(page(2), std::pair(messages({1}), false));
  for (const std::size_t beyond : {3U, 1'000U}) EXPECT_EQ(page(beyond), std::pair(messages({}), false));
}

// K44: more terms than the index is asked for, some longer than it is asked for.
TEST_P(MessageSearchContract, LongQueryFindsWhatHasAllOfIt) {
  std::string text;
  for (char letter = 'a'; letter <= 'z'; ++letter) text += std::string(2, letter) + ' ';
  const std::string run(60, 'x');
  ASSERT_TRUE(send(1, alice, text + run + "a").has_value());
  ASSERT_TRUE(send(2, alice, text + run + "b").has_value());
  ASSERT_TRUE(send(3, alice, text.substr(0, text.size() - 3) + run + "a").has_value());
  EXPECT_EQ(search(bob, text + run + "a"), messages({1}));
  EXPECT_EQ(search(bob, text + run), messages({2, 1}));
}

// K44: one question to the index is about a hundred conversations.
TEST_P(MessageSearchContract, ReaderOfManyConversationsFindsInAllOfThemTheNewestFirst) {
  constexpr std::uint32_t kMany = 230;
  std::vector<MessageId> expected;
  for (std::uint32_t number = 10; number < 10 + kMany; ++number)
    world_.conversations().open(
        {.id = conversation_id(number), .kind = conversation::Kind::group, .creator = alice, .others = {bob}}, std::nullopt,
        [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
  world_.settle();
  for (std::uint32_t number = 10; number < 10 + kMany; ++number) {
    world_.messages().send(request(number, alice, "light", number), [](const auto& sent) { EXPECT_TRUE(sent.has_value()); });
    expected.insert(expected.begin(), message_id(number));
  }
  world_.settle();
  expected.resize(100);
  EXPECT_EQ(search(bob, "light"), expected);
}

}  // namespace
}  // namespace belfry::store::testing
