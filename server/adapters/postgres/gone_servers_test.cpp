// What servers on one database do with the outbox entries that one of them claimed before it fell silent.
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::postgres {
namespace {

using store::OutboxEntry;
using store::testing::at;
using store::testing::call_id;
using store::testing::user_id;
using testing::Psql;
using testing::Server;

class ClaimsOfTwoServers : public ::testing::Test {
 protected:
  ClaimsOfTwoServers() {
    testing::empty_database();
    one_.emplace(std::uint8_t{1});
    two_.emplace(std::uint8_t{2});
    for (auto* server : {&*one_, &*two_}) {
      server->nodes().heartbeat(at(0));
      server->settle();
    }
  }
  void put(std::uint32_t call) {
    one_->outbox().put({.to = user_id(1), .call = call_id(call), .at = at(0), .kind = store::OutboxKind::test, .due = at(0)},
                       [](const auto&) {});
    one_->settle();
  }
  static std::vector<OutboxEntry> take(Server& server, std::int64_t now) {
    std::vector<OutboxEntry> taken;
    server.due_entries().take({.kind = store::OutboxKind::test, .now = at(now), .until = at(now + 20'000), .limit = 1},
                              [&](const auto& entries) { taken = entries.value(); });
    server.settle();
    return taken;
  }
  static std::size_t released(Server& server, store::Silence silence = store::Silence::means_gone) {
    std::size_t count = 0;
    server.nodes().take_over(100, silence, [&](const auto& taken) { count = taken.value().released; });
    server.settle();
    return count;
  }
  void falls_silent(std::uint8_t server) {
    psql_(R"(UPDATE nodes SET "seenAt" = "seenAt" - 5100 WHERE "id"::text LIKE '%)" + std::to_string(server) + "'");
  }

  Psql psql_;
  std::optional<Server> one_, two_;
};

// J-6.6, X-22
TEST_F(ClaimsOfTwoServers, AreReleasedOnceTheirServerHasBeenSilentForFiveSeconds) {
  put(1);
  ASSERT_EQ(take(*one_, 0).size(), 1U);
  put(2);
  ASSERT_EQ(take(*two_, 0).size(), 1U);
  EXPECT_EQ(released(*two_), 0U);
  EXPECT_EQ(released(*one_), 0U);
  EXPECT_TRUE(take(*two_, 1).empty()) << "both are alive";
  falls_silent(1);
  EXPECT_EQ(released(*two_, store::Silence::is_forgiven), 0U) << "the database was away";
  EXPECT_EQ(released(*two_), 1U) << "and not its own";
  EXPECT_EQ(released(*two_), 0U);
  const auto taken = take(*two_, 1);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].call, call_id(1));
  EXPECT_TRUE(take(*two_, 1).empty());
}

// A server that was only stopped for a while (SIGSTOP) still believes in its claim.
TEST_F(ClaimsOfTwoServers, ServerThatIsBackCannotPutOffWhatAnotherHasTakenSince) {
  put(1);
  const auto before = take(*one_, 0);
  ASSERT_EQ(before.size(), 1U);
  falls_silent(1);
  ASSERT_EQ(released(*two_), 1U);
  ASSERT_EQ(take(*two_, 1).size(), 1U);
  one_->due_entries().put_off({.seq = before[0].seq, .tries = before[0].tries}, at(1),
                              [](const auto& done) { EXPECT_TRUE(done.has_value()); });
  one_->settle();
  EXPECT_TRUE(take(*one_, 2).empty());
  EXPECT_EQ(released(*one_), 0U) << "the claim is that of the other one, which is alive";
  falls_silent(2);
  EXPECT_EQ(released(*one_), 1U);
}

TEST_F(ClaimsOfTwoServers, AreReleasedByAnOrderlyStop) {
  put(1);
  ASSERT_EQ(take(*one_, 0).size(), 1U);
  one_->nodes().stopped(at(1));
  one_->settle();
  EXPECT_EQ(take(*two_, 1).size(), 1U);
}

}  // namespace
}  // namespace belfry::postgres
