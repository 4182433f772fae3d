#include "adapters/postgres/schema.hpp"

#include <thread>

#include "adapters/postgres/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::postgres {
namespace {

using namespace store::testing;
using testing::Cluster;
using testing::PostgresWorld;
using testing::Psql;

/// A database of its own, dropped at the end.
class FreshDatabase {
 public:
  explicit FreshDatabase(std::string name, const std::string& owner = "postgres")
      : name_(std::move(name)),
        url_(Cluster::shared().url(owner, name_)) {
    Psql{}("DROP DATABASE IF EXISTS " + name_);
    Psql{}("CREATE DATABASE " + name_ + " OWNER " + owner);
  }
  ~FreshDatabase() { Psql{}("DROP DATABASE " + name_ + " WITH (FORCE)"); }
  FreshDatabase(const FreshDatabase&) = delete;
  FreshDatabase& operator=(const FreshDatabase&) = delete;
  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  std::string name_, url_;
};

/// Which constraint refuses the statement; empty: none does.
std::string refused_by(Psql& psql, const std::string& sql) {
  try {
    psql(sql);
  } catch (const Failure& failure) {
    return failure.sqlstate() == "23514" ? failure.constraint() : failure.sqlstate();
  }
  return "";
}

// R-002-18
TEST(Migrations, EmptyDatabaseIsBroughtUpToDateAndASecondTimeChangesNothing) {
  FreshDatabase fresh("fresh");
  const auto before = migrate_status(fresh.url());
  ASSERT_TRUE(before.has_value());
  ASSERT_FALSE(before->empty());
  EXPECT_FALSE(before->front().applied.has_value());
  EXPECT_EQ(before->front().name, "people");

  ASSERT_TRUE(migrate_up(fresh.url(), at(1)).has_value());
  const auto again = migrate_up(fresh.url(), at(2));
  ASSERT_TRUE(again.has_value());
  for (const auto& step : *again) EXPECT_EQ(step.applied, at(1));
  Psql psql(fresh.url());
  EXPECT_EQ(psql.count("SELECT count(*) FROM pg_tables WHERE tablename IN ('calls', 'call_audit')"), 2);
}

TEST(Migrations, ServersThatStartAtOnceQueueForThem) {
  FreshDatabase fresh("fresh");
  std::vector<bool> done(4);
  std::vector<std::jthread> servers;
  std::vector<std::string> faults(done.size());
  for (std::size_t i = 0; i < done.size(); ++i)
    servers.emplace_back([&fresh, &fault = faults[i]] {
      if (const auto result = migrate_up(fresh.url(), at(1)); !result.has_value()) fault = result.error();
    });
  servers.clear();
  for (const auto& fault : faults) EXPECT_EQ(fault, "");
}

TEST(Migrations, DatabaseOfANewerBelfryIsLeftAlone) {
  FreshDatabase fresh("fresh");
  ASSERT_TRUE(migrate_up(fresh.url(), at(1)).has_value());
  Psql{fresh.url()}(R"(INSERT INTO schema_migrations VALUES (99, 'later', 0))");
  const auto refused = migrate_up(fresh.url(), at(2));
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().find("99"), std::string::npos);
}

TEST(Migrations, UrlOfNobodyIsToldWithoutItsPassword) {
  const auto refused = migrate_status("postgres://belfry:secret-word@127.0.0.1:1/none");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().find("secret-word"), std::string::npos);
}

class Checks : public ::testing::Test {
 protected:
  static std::string call(const std::string& columns, const std::string& values) {
    return R"(INSERT INTO calls ("id", "callerId", "recipientId", "callType", "createdAt", )" + columns +
           R"() VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'audio', 1000, )" + values + ")";
  }
  PostgresWorld world_;
  Psql psql_;
};

// R-001-78, R-001-79, R-001-80, R-001-13
TEST_F(Checks, DatabaseRefusesRowsThatNoCallCanHave) {
  EXPECT_EQ(refused_by(psql_, call(R"("status")", "'calling'")), "");
  EXPECT_EQ(refused_by(psql_, call(R"("status")", "'connected'")), "calls_connected_has_start");
  for (const auto* status : {"'ended'", "'rejected'", "'missed'"})
    EXPECT_EQ(refused_by(psql_, call(R"("status")", status)), "calls_final_has_end");
  EXPECT_EQ(refused_by(psql_, call(R"("status")", "'ringing'")), "calls_status_check");
  EXPECT_EQ(refused_by(psql_, call(R"("status", "startedAt", "endedAt", "duration")", "'ended', 2000, 1999, 0")),
            "calls_end_after_start");
  EXPECT_EQ(refused_by(psql_, call(R"("status", "startedAt", "endedAt", "duration")", "'ended', 2000, 3000, -1")),
            "calls_duration_check");
  EXPECT_EQ(refused_by(psql_, call(R"("status", "startedAt", "endedAt")", "'ended', 2000, 3000")), "calls_duration_of_ended");
  EXPECT_EQ(refused_by(psql_, call(R"("status", "endedAt", "duration")", "'missed', 3000, 3")), "calls_duration_of_ended");
  EXPECT_EQ(refused_by(psql_, call(R"("status", "startedAt", "endedAt", "duration")", "'ended', 2000, 3000, 1")), "");
  EXPECT_EQ(refused_by(psql_, R"(INSERT INTO calls ("id", "callerId", "recipientId", "callType", "createdAt", "status") )"
                              R"(SELECT gen_random_uuid(), u, u, 'audio', 1000, 'calling' FROM gen_random_uuid() u)"),
            "calls_between_two");
  EXPECT_EQ(refused_by(psql_, R"(UPDATE calls SET "status" = 'connected')"), "calls_connected_has_start");
}

// I-1
TEST_F(Checks, SecondSlotOfOnePersonIsRefusedByItsKey) {
  const std::string take = R"(INSERT INTO user_call_slots ("userId", "callId") VALUES ('01000000-0000-7000-8000-000000000001', )";
  EXPECT_EQ(refused_by(psql_, take + "gen_random_uuid())"), "");
  EXPECT_EQ(refused_by(psql_, take + "gen_random_uuid())"), "23505");
}

// R-001-91
TEST_F(Checks, UpdateByHandMovesUpdatedAt) {
  psql_(call(R"("status", "updatedAt")", "'calling', 1"));
  psql_(R"(UPDATE calls SET "metadata" = '{"a":1}')");
  EXPECT_EQ(psql_.count(R"(SELECT count(*) FROM calls WHERE "updatedAt" > 1 AND "createdAt" = 1000)"), 1);
}

}  // namespace
}  // namespace belfry::postgres
