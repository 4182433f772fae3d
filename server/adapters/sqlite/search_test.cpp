// SPEC K44, R-004-72: each way of a search finds the same messages.
#include "adapters/sqlite/search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sqlite/messages.hpp"
#include "adapters/sqlite/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::sqlite {
namespace {

using store::testing::at;
using store::testing::conversation_id;
using store::testing::user_id;
using store::testing::uuid;
using Terms = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;

constexpr std::size_t kNoBound = std::numeric_limits<std::size_t>::max();
/// Not the reader's, and with the same digits in the index as their first one (sql::index_terms()).
const ConversationId foreign(uuid(9, 1));

/// Three conversations of the reader, who joined the third late, and a foreign one, with messages in turn.
class SqliteSearch : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kRounds = 60, kJoinedAfter = 25;

  void SetUp() override {
    connection_.begin_to_write();
    for (std::uint32_t number = 1; number <= 3; ++number)
      open(conversation_id(number), user_id(1), number == 3 ? kJoinedAfter : 0);
    open(foreign, user_id(2), 0);
    for (std::uint64_t seq = 1; seq <= kRounds; ++seq)
      for (const auto& where : {conversation_id(1), foreign, conversation_id(2), conversation_id(3)}) write(where, seq);
    connection_.commit();
  }

  void open(const ConversationId& id, const UserId& member, std::uint64_t joined_after) {
    const std::string named = store::testing::quoted(id);
    connection_.run(R"(INSERT INTO conversations ("id", "kind", "createdBy", "createdAt", "updatedAt") VALUES ()" + named +
                    ", 'group', 'x', 1, 1)");
    connection_.run(
        R"(INSERT INTO conversation_members ("conversationId", "userId", "role", "joinedAt", "joinedAfterSeq") VALUES ()" +
        named + ", " + store::testing::quoted(member) + ", 'owner', 1, " + std::to_string(joined_after) + ")");
  }

  void write(const ConversationId& where, std::uint64_t seq) {
    ++written_;
    Message message{.id = store::MessageId(uuid(6, written_)), .conversation = where, .seq = seq, .sender = user_id(1)};
    message.client_id = std::to_string(written_);
    message.created = at(written_);
    message.text = "The " + std::string(seq % 2 == 0 ? "lighthouse" : "harbour") + (seq % 20 == 0 ? " Quince" : "") + " is there";
    if (seq % 7 == 0) message.kind = chat::Kind::system;
    if (seq % 11 == 0) message.deleted = message.created, message.text.clear();
    insert_message(connection_, message);
  }

  /// `claimed`: how many more messages there are said to be in each, for the plan of many.
  sql::Search<Connection> search(const Terms& terms, std::uint64_t claimed = 0) {
    auto parts = readable_parts(connection_, user_id(1), {conversation_id(1), conversation_id(2), conversation_id(3), foreign});
    for (auto& part : parts) part.last_seq += claimed;
    return {connection_, parts, terms};
  }
  static Numbers numbers(const std::optional<sql::Search<Connection>::Found>& found) {
    Numbers all;
    if (!found) ADD_FAILURE() << "it gave up";
    for (const auto& each : found.value_or(sql::Search<Connection>::Found{})) all.push_back(each.number);
    return all;
  }

  testing::SqliteWorld world_;
  Connection connection_{world_.file(), Access::read_write, std::chrono::seconds(1)};
  std::uint32_t written_ = 0;
};

TEST_F(SqliteSearch, EachWayFindsTheSame) {
  for (const Terms& terms : {Terms{"th"}, Terms{"lighthouse"}, Terms{"quin"}, Terms{"harbour", "the"},
                             Terms{"lighthouse", "quince"}, Terms{"harbour", "quince"}, Terms{"nothing"}}) {
    const auto expected = numbers(search(terms).by_index(terms, kNoBound));
    EXPECT_TRUE(std::is_sorted(expected.rbegin(), expected.rend())) << terms.front();
    EXPECT_EQ(numbers(search(terms).by_reading(kNoBound)), expected) << terms.front();
    for (const std::string& term : terms) EXPECT_EQ(numbers(search(terms).by_index({term}, kNoBound)), expected) << term;
    EXPECT_EQ(numbers(search(terms).best()), expected) << terms.front();
    EXPECT_EQ(numbers(search(terms, 1'000'000).best()), expected) << terms.front();
  }
}

TEST_F(SqliteSearch, FindsWhatTheReaderMayReadAndNothingElse) {
  std::size_t expected = 0;  // neither system entries nor deleted ones, and of the third only what came after the reader
  for (std::uint64_t seq = 1; seq <= kRounds; ++seq)
    if (seq % 7 != 0 && seq % 11 != 0) expected += seq > kJoinedAfter ? 3 : 2;
  EXPECT_EQ(search({"the"}).by_reading(kNoBound)->size(), expected);
  EXPECT_EQ(search({"the"}).by_index({"the"}, kNoBound)->size(), expected);
}

TEST_F(SqliteSearch, GivesUpAWayThatReadsTooMuch) {
  EXPECT_FALSE(search({"quince"}).by_reading(10));
  EXPECT_FALSE(search({"quince", "the"}).by_index({"the"}, 10));
}

}  // namespace
}  // namespace belfry::sqlite
