#include "adapters/postgres/schema.hpp"

#include <thread>

#include "adapters/postgres/call_reads.hpp"
#include "adapters/postgres/world_for_tests.hpp"
#include "adapters/sql/older_calls_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::postgres {
namespace {

using namespace store::testing;
using testing::Cluster;
using testing::PostgresWorld;
using testing::Psql;
using testing::Server;

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
TEST(PostgresMigrations, UpCreatesTheTablesAndASecondRunChangesNothing) {
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

TEST(PostgresMigrations, ServersThatStartTogetherMigrateOneAfterAnother) {
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

TEST(PostgresMigrations, DatabaseOfANewerVersionIsLeftUnchanged) {
  FreshDatabase fresh("fresh");
  ASSERT_TRUE(migrate_up(fresh.url(), at(1)).has_value());
  Psql{fresh.url()}(R"(INSERT INTO schema_migrations VALUES (99, 'later', 0))");
  const auto refused = migrate_up(fresh.url(), at(2));
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().find("99"), std::string::npos);
}

TEST(PostgresMigrations, ConnectionErrorDoesNotShowThePassword) {
  const auto refused = migrate_status("postgres://belfry:secret-word@127.0.0.1:1/none");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().find("secret-word"), std::string::npos);
}

constexpr sql::testing::ByteSpelling kBytes{.before = "'\\x", .after = "'"};

/// A database as a server of a certain schema left it when it crashed.
class OlderDatabase : public FreshDatabase {
 public:
  OlderDatabase(int version, const sql::testing::OlderCalls& older) : FreshDatabase("older") {
    Psql psql(url());
    psql(sql::kMigrationTable);
    for (const auto& step : migrations().first(static_cast<std::size_t>(version))) {
      psql(step.sql);
      psql("INSERT INTO schema_migrations VALUES (" + std::to_string(step.version) + ", 'old', 1)");
    }
    psql(older.inserts(kBytes));
    psql("INSERT INTO nodes (\"id\", \"heartbeatAt\") VALUES (" + quoted(session_id(9)) + ", " +
         std::to_string(at(70'000).unix_ms) + ")");
    // Whose calls they are was not written down before.
    if (version >= 3) psql("UPDATE calls SET \"nodeId\" = " + quoted(session_id(9)) + ", \"updatedAt\" = \"updatedAt\"");
  }
};

/// The schema of the first release that people had, and the last in which a call had two people always.
class Upgrade : public ::testing::TestWithParam<int> {
 protected:
  const sql::testing::OlderCalls older_;
  OlderDatabase database_{GetParam(), older_};
  Server server_{1, database_.url()};
};

// R-002-18
TEST_P(Upgrade, KeepsEveryCallAndItsLegs) {
  Psql psql(database_.url());
  for (const auto& call : older_.all()) {
    const auto found = find_call(psql.connection(), call.row().id);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->row, call.row());
    EXPECT_EQ(found->caller().username, older_.name_of(call.row().caller));
    EXPECT_EQ(found->callee().username, older_.name_of(callee_of(call.row())));
  }
}

// X-23, X-25
TEST_P(Upgrade, ServerTakesOverTheCallsOfTheOlderOne) {
  std::vector<store::CallRow> taken;
  server_.nodes().take_over(100, store::Silence::means_gone, [&](const auto& result) {
    for (const auto& orphan : result->calls) taken.push_back(orphan.call.row);
  });
  server_.settle();
  std::size_t unheard = 0, violations = 0;
  server_.outbox().waiting(0, 1'000, [&](const auto& entries) { unheard = entries->size(); });
  server_.archive().violations(at(0), [&](const auto& found) { violations = found->size(); });
  server_.settle();
  std::sort(taken.begin(), taken.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  EXPECT_EQ(taken, older_.active());
  const std::size_t told_nobody = 2 * (older_.all().size() - older_.active().size());
  EXPECT_EQ(unheard, GetParam() >= 3 ? told_nobody : 0U) << "before there was nodeId nobody knows whose end it was";
  EXPECT_EQ(violations, 0U);
}

// I-1, I-4
TEST_P(Upgrade, MigratedCallsEndAndFreeTheirSlots) {
  const auto& talking = *std::find_if(older_.all().begin(), older_.all().end(),
                                      [](const auto& each) { return each.row().status == call::Status::connected; });
  std::vector<store::CommitResult> results;
  const auto note = [&](const store::CommitResult& result) { results.push_back(result); };
  const store::UserId caller = talking.row().caller, callee = callee_of(talking.row());
  server_.calls().commit(a_call(99, callee, caller), note);
  server_.calls().commit(ended(talking.steps.back()), note);
  server_.calls().commit(a_call(99, callee, caller), note);
  server_.settle();
  ASSERT_EQ(results.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<store::SlotTaken>(results[0]));
  EXPECT_TRUE(std::holds_alternative<store::Committed>(results[1]));
  EXPECT_TRUE(std::holds_alternative<store::Committed>(results[2]));
}

INSTANTIATE_TEST_SUITE_P(Schema, Upgrade, ::testing::Values(2, 4, 5));

/// Schema 5: the outbox knew ends of calls only.
class UpgradeOfOutbox : public ::testing::Test {
 protected:
  std::vector<store::OutboxEntry> waiting() {
    std::vector<store::OutboxEntry> found;
    server().outbox().waiting(0, 100, [&](const auto& entries) { found = *entries; });
    server().settle();
    return found;
  }
  Server& server() { return server_ ? *server_ : server_.emplace(std::uint8_t{1}, database_.url()); }
  /// As a server of that schema does.
  void put_as_before(const store::CallRow& call) {
    Psql{database_.url()}(R"(INSERT INTO outbox ("nodeId", "userId", "callId", "aware", "createdAt") VALUES ()" +
                          quoted(session_id(9)) + ", " + quoted(call.caller) + ", " + quoted(call.id) +
                          ", FALSE, 5) ON CONFLICT DO NOTHING");
  }
  void expect_end_of(const store::CallRow& call) {
    const auto found = waiting();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, store::OutboxKind::call_end);
    EXPECT_EQ(found[0].to, call.caller);
    EXPECT_EQ(found[0].call, call.id);
    EXPECT_FALSE(found[0].aware);
    EXPECT_EQ(found[0].at.unix_ms, 5);
    EXPECT_EQ(found[0].due, std::nullopt);
  }
  const sql::testing::OlderCalls older_;
  const store::CallRow& over_ = older_.all().back().row();
  OlderDatabase database_{5, older_};

 private:
  std::optional<Server> server_;
};

// X-25
TEST_F(UpgradeOfOutbox, KeepsUnheardEnds) {
  put_as_before(over_);
  expect_end_of(over_);
}

TEST_F(UpgradeOfOutbox, ServerOfTheLastReleaseStillPutsEndsBesideANewerOne) {
  EXPECT_TRUE(waiting().empty());
  put_as_before(over_);
  put_as_before(over_);
  expect_end_of(over_);
}

TEST_F(UpgradeOfOutbox, CommitOfAServerOfTheLastReleaseStillPutsTheEnd) {
  static_cast<void>(server());
  const auto& ringing = *std::find_if(older_.all().begin(), older_.all().end(),
                                      [](const auto& each) { return each.row().status == call::Status::calling; });
  const std::string id = quoted(ringing.row().id), caller = quoted(ringing.row().caller);
  Psql psql(database_.url());
  psql(R"(SELECT * FROM belfry_commit()"
       R"((SELECT array_agg(jsonb_populate_record(NULL::belfry_transition, to_jsonb(c) || jsonb_build_object('ord', 1, )"
       R"('expected', c."version", 'version', c."version" + 1, 'status', 'missed', 'endedAt', 5, 'type', 'timeout', )"
       R"('payload', '{}', 'prevHash', '\x00', 'hash', '\x01', 'at', 5))) FROM calls c WHERE c."id" = )" +
       id +
       R"(), (SELECT array_agg(jsonb_populate_record(NULL::belfry_participant, to_jsonb(p) || )"
       R"('{"ord": 1, "starts": false, "ends": true, "state": "missed"}')) FROM call_participants p WHERE p."callId" = )" +
       id + R"(), false, true, true, ARRAY[ROW(1, )" + caller + R"(, false, 5)::belfry_outbox_entry], )" + quoted(session_id(9)) +
       ")");
  expect_end_of(ringing.row());
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
