// Two servers on one database: calls, and what they leave in conversations (SPEC K27, K31, K43).
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/world_for_tests.hpp"
#include "store/conversation_store.hpp"
#include "store/message_store.hpp"
#include "store/store_contract.hpp"

namespace belfry::postgres {
namespace {

using namespace store::testing;
using store::CommitResult;
using store::Committed;
using store::ConversationId;
using store::Transition;
using testing::Psql;
using testing::Server;

constexpr std::uint32_t kPairs = 300;

class PlacesOnOneDatabase : public ::testing::Test {
 protected:
  PlacesOnOneDatabase() {
    testing::empty_database();
    one_.emplace(std::uint8_t{1});
    two_.emplace(std::uint8_t{2});
    // user_id(1) and onwards
    psql_(R"(INSERT INTO users ("id", "username") SELECT ('01000000-0000-7000-8000-0000' || lpad(to_hex(n), 8, '0'))::uuid, )"
          R"('user-' || n FROM generate_series(1, 1000) n)");
  }
  static store::UserId caller(std::uint32_t pair) { return user_id(2 * pair + 1); }
  static store::UserId callee(std::uint32_t pair) { return user_id(2 * pair + 2); }
  static Transition started(std::uint32_t call, std::uint32_t pair) {
    Transition start = a_call(call, caller(pair), callee(pair));
    start.pair = conversation_id(call);
    return start;
  }
  /// And again when the store gives up: a busy machine may hold a lock longer than the store waits.
  static void commit(Server& server, const Transition& transition, CommitResult& result, int tries = 5) {
    server.calls().commit(transition, [&server, &result, transition, tries](const CommitResult& answer) {
      result = answer;
      if (std::holds_alternative<store::Unavailable>(answer) && tries > 1) commit(server, transition, result, tries - 1);
    });
  }
  void settle() {
    one_->settle();
    two_->settle();
  }

  std::optional<Server> one_, two_;
  Psql psql_;
};

// K27, K28
TEST_F(PlacesOnOneDatabase, PairThatCallsAndIsOpenedAtOnceHasOneConversation) {
  std::vector<CommitResult> called(kPairs, store::Unavailable{});
  std::vector<std::optional<ConversationId>> opened(kPairs);
  for (std::uint32_t pair = 0; pair < kPairs; ++pair) {
    commit(*one_, started(pair, pair), called[pair]);
    two_->conversations().open({.id = conversation_id(10'000 + pair),
                                .kind = conversation::Kind::direct,
                                .creator = callee(pair),
                                .others = {caller(pair)},
                                .at = at(0)},
                               std::nullopt, [&opened, pair](const auto& answer) {
                                 if (answer) opened[pair] = answer->stored.conversation.id;
                               });
  }
  settle();
  for (std::uint32_t pair = 0; pair < kPairs; ++pair) {
    const auto* const made = std::get_if<Committed>(&called[pair]);
    ASSERT_NE(made, nullptr);
    ASSERT_TRUE(made->conversation.has_value());
    if (opened[pair]) {
      ASSERT_EQ(made->conversation, opened[pair]);
    }
  }
  EXPECT_EQ(psql_.count("SELECT count(*) FROM conversations"), kPairs);
  EXPECT_EQ(psql_.count("SELECT count(*) FROM conversation_members"), 2 * kPairs);
  EXPECT_EQ(psql_.count(R"(SELECT count(*) FROM calls c JOIN conversations d ON d."id" = c."conversationId")"), kPairs);
}

// K31, K43
TEST_F(PlacesOnOneDatabase, EntriesAndMessagesOfTwoServersAreNumberedWithoutGaps) {
  std::vector<CommitResult> called(kPairs, store::Unavailable{}), ended(kPairs, store::Unavailable{});
  for (std::uint32_t pair = 0; pair < kPairs; ++pair) commit(*one_, started(pair, pair), called[pair]);
  settle();
  std::uint32_t sent = 0;
  for (std::uint32_t pair = 0; pair < kPairs; ++pair) {
    const ConversationId place = conversation_id(pair);
    Transition last = missed(started(pair, pair));
    last.entry = chat::call_entry(chat::MessageId(uuid(8, pair)), place, caller(pair), summary_of(last.row), last.row.updated);
    commit(*one_, last, ended[pair]);
    for (std::uint32_t i = 0; i < 3; ++i)
      two_->messages().send({.id = chat::MessageId(uuid(9, 3 * pair + i)),
                             .conversation = place,
                             .sender = callee(pair),
                             .client_id = std::to_string(i),
                             .text = "hello",
                             .at = at(1)},
                            [&sent](const auto& answer) { sent += answer ? 1U : 0U; });
  }
  settle();
  for (const CommitResult& each : ended) ASSERT_TRUE(std::holds_alternative<Committed>(each));
  EXPECT_EQ(psql_.count("SELECT count(*) FROM messages"), kPairs + sent);
  EXPECT_EQ(
      psql_.count(R"(SELECT count(*) FROM conversations c JOIN (SELECT "conversationId", count(*) AS "all", max("seq") AS "last")"
                  R"( FROM messages GROUP BY 1) g ON g."conversationId" = c."id" WHERE g."all" = g."last" )"
                  R"(AND c."lastSeq" = g."last")"),
      kPairs);
}

}  // namespace
}  // namespace belfry::postgres
