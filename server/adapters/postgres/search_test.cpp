// SPEC K44, R-004-72.
#include "adapters/postgres/search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/messages.hpp"
#include "adapters/postgres/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::postgres {
namespace {

using store::testing::at;
using store::testing::conversation_id;
using store::testing::user_id;
using store::testing::uuid;
using Terms = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;
using Search = sql::Search<Connection>;

/// The reader's conversations, of which they joined every third late, with messages in turn.
class PostgresSearch : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kConversations = 12;
  static constexpr std::uint64_t kRounds = 150, kJoinedAfter = 25;  // more than are found, or have their texts read, at once

  void SetUp() override {
    psql_("BEGIN");
    for (std::uint32_t number = 1; number <= kConversations; ++number) open(number, number % 3 == 0 ? kJoinedAfter : 0);
    for (std::uint64_t seq = 1; seq <= kRounds; ++seq)
      for (std::uint32_t number = 1; number <= kConversations; ++number) write(number, seq);
  }
  void TearDown() override { psql_("ROLLBACK"); }

  void open(std::uint32_t number, std::uint64_t joined_after) {
    const std::string id = store::testing::quoted(conversation_id(number)), user = store::testing::quoted(user_id(1));
    psql_(R"(INSERT INTO conversations ("id", "kind", "createdBy", "createdAt", "updatedAt") VALUES ()" + id + ", 'group', " +
          user + ", 1, 1)");
    psql_(R"(INSERT INTO conversation_members ("conversationId", "userId", "role", "joinedAt", "joinedAfterSeq") VALUES ()" + id +
          ", " + user + ", 'owner', 1, " + std::to_string(joined_after) + ")");
    conversations_.push_back(conversation_id(number));
  }
  void write(std::uint32_t where, std::uint64_t seq) {
    ++written_;
    Message message{.id = MessageId(uuid(6, written_)), .conversation = conversation_id(where), .seq = seq, .sender = user_id(1)};
    message.client_id = std::to_string(written_);
    message.created = at(written_);
    message.text = "The " + std::string(seq % 2 == 0 ? "lighthouse" : "harbour") + (seq % 20 == 0 ? " Quince" : "") + " is there";
    if (seq % 7 == 0) message.kind = chat::Kind::system;
    if (seq % 11 == 0) message.deleted = message.created, message.text.clear();
    insert_message(psql_.connection(), message);
  }

  Search search(const Terms& terms) {
    Connection& connection = psql_.connection();
    return {connection, readable_parts(connection, user_id(1), conversations_), terms};
  }
  static Numbers numbers(const std::optional<Search::Found>& found) {
    Numbers all;
    if (!found) ADD_FAILURE() << "it gave up";
    for (const auto& each : found.value_or(Search::Found{})) all.push_back(each.number);
    return all;
  }

  testing::PostgresWorld world_;
  testing::Psql psql_;
  std::vector<ConversationId> conversations_;
  std::uint32_t written_ = 0;
};

TEST_F(PostgresSearch, EachWayFindsTheSame) {
  for (const Terms& terms : {Terms{"th"}, Terms{"lighthouse"}, Terms{"quin"}, Terms{"harbour", "the"},
                             Terms{"lighthouse", "quince"}, Terms{"harbour", "quince"}, Terms{"nothing"}}) {
    const auto expected = numbers(search(terms).by_index(terms, Search::kNoBound));
    EXPECT_TRUE(std::is_sorted(expected.rbegin(), expected.rend())) << terms.front();
    EXPECT_EQ(numbers(search(terms).by_reading(Search::kNoBound)), expected) << terms.front();
    for (const std::string& term : terms) EXPECT_EQ(numbers(search(terms).by_index({term}, Search::kNoBound)), expected) << term;
  }
}

TEST_F(PostgresSearch, FindsWhatTheReaderMayReadAndNothingElse) {
  std::size_t quinces = 0, all = 0;  // neither system entries nor deleted ones, nor what came before the reader
  for (std::uint64_t seq = 1; seq <= kRounds; ++seq) {
    if (seq % 7 == 0 || seq % 11 == 0) continue;
    const std::size_t here = seq > kJoinedAfter ? kConversations : kConversations * 2 / 3;
    all += here;
    if (seq % 20 == 0) quinces += here;
  }
  ASSERT_GT(all, store::MessageStore::kMostMatches);
  EXPECT_EQ(search({"the"}).by_reading(Search::kNoBound)->size(), store::MessageStore::kMostMatches);
  EXPECT_EQ(search({"quince"}).by_reading(Search::kNoBound)->size(), quinces);
  EXPECT_EQ(search({"quince"}).by_index({"quince"}, Search::kNoBound)->size(), quinces);
}

// With the plan that a prepared statement has from its sixth use on, and with the costs of a table of a million messages.
TEST_F(PostgresSearch, IndexIsAskedOnceForEachConversation) {
  psql_("ANALYZE messages, conversation_members");
  psql_("SET LOCAL plan_cache_mode = force_generic_plan");
  psql_(
      "UPDATE pg_class SET reltuples = 1000000 WHERE relname IN ('messages', 'messages_search', "
      "'messages_conversationId_seq_key')");
  psql_("SET LOCAL cpu_tuple_cost = 10");
  const auto scans = [this](const std::string& index) {
    return psql_.count("SELECT pg_stat_get_xact_numscans('" + index + "'::regclass)");
  };
  const auto before = scans("messages_search"), before_by_seq = scans("\"messages_conversationId_seq_key\"");
  EXPECT_FALSE(search({"quince"}).by_index({"quince"}, Search::kNoBound)->empty());
  EXPECT_EQ(scans("messages_search"), before + kConversations);
  EXPECT_EQ(scans("\"messages_conversationId_seq_key\""), before_by_seq) << "nor any message that has not the word";
}

}  // namespace
}  // namespace belfry::postgres
