// R-002-12, R-002-13, R-002-14: real policies, asked through a connection of a reader's own.
#include "adapters/postgres/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::postgres {
namespace {

using namespace store::testing;
using testing::Cluster;
using testing::PostgresWorld;
using testing::Psql;

class RowSecurity : public StoreContract<PostgresWorld> {
 protected:
  void SetUp() override {
    alice_ = this->made(1, "alice");
    bob_ = this->made(2, "bob");
    carol_ = this->made(3, "carol");
    const auto call = a_call(1, alice_, bob_);
    ASSERT_TRUE(this->commits(call) && this->commits(answered(call)));
    Psql{}(
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'analyst') THEN "
        "CREATE ROLE analyst LOGIN IN ROLE belfry_reader; END IF; END $$");
    reader_.emplace(Cluster::shared().url("analyst"));
  }
  void read_as(const store::UserId& user) { (*reader_)("SET app.user_id = '" + to_text(user.value()) + "'"); }
  std::int64_t calls() { return reader_->count("SELECT count(*) FROM calls"); }
  std::int64_t records() { return reader_->count("SELECT count(*) FROM call_audit"); }

  store::UserId alice_, bob_, carol_;
  std::optional<Psql> reader_;
};

TEST_F(RowSecurity, ParticipantsSeeTheirCallAndItsRecords) {
  for (const auto& user : {alice_, bob_}) {
    read_as(user);
    EXPECT_EQ(calls(), 1);
    EXPECT_EQ(records(), 2);
  }
}

TEST_F(RowSecurity, EverybodyInAGroupCallSeesItAndItsRecords) {
  const auto dan = this->made(4, "dan"), eve = this->made(5, "eve");
  ASSERT_TRUE(this->commits(a_group_call(2, carol_, {dan, eve})));
  for (const auto& user : {carol_, dan, eve}) {
    read_as(user);
    EXPECT_EQ(calls(), 1);
    EXPECT_EQ(records(), 1);
  }
  EXPECT_THROW((*reader_)("SELECT * FROM call_participants"), Failure);
}

TEST_F(RowSecurity, StrangerSeesNothing) {
  read_as(carol_);
  EXPECT_EQ(calls(), 0);
  EXPECT_EQ(records(), 0);
}

// J-1.4
TEST_F(RowSecurity, MembersSeeTheirConversationsAndThoseWhomTheyBlock) {
  const auto ask = [&](auto&& question) {
    question();
    world_.settle();
  };
  const store::ConversationId id(uuid(5, 1));
  auto& conversations = world_.conversations();
  ask([&] {
    conversations.open({.id = id, .creator = alice_, .others = {bob_, carol_}, .at = at(0)}, std::nullopt, [](const auto&) {});
  });
  ask([&] { conversations.change({id, carol_, conversation::RemoveMember{carol_}, at(1)}, [](const auto&) {}); });
  ask([&] { conversations.block(alice_, bob_, at(1), [](const auto&) {}); });
  const std::vector<std::string> tables = {"conversations", "conversation_members", "blocks"};
  const auto seen_by = [&](const store::UserId& user) {
    read_as(user);
    std::vector<std::int64_t> counts;
    for (const auto& table : tables) counts.push_back(reader_->count("SELECT count(*) FROM " + table));
    return counts;
  };
  EXPECT_EQ(seen_by(alice_), (std::vector<std::int64_t>{1, 3, 1})) << "members who have left too";
  EXPECT_EQ(seen_by(bob_), (std::vector<std::int64_t>{1, 3, 0}));
  EXPECT_EQ(seen_by(carol_), (std::vector<std::int64_t>{0, 0, 0}));
  EXPECT_THROW((*reader_)(R"(UPDATE conversations SET "title" = 'x')"), Failure);
}

// K42
TEST_F(RowSecurity, MembersSeeTheMessagesThatTheyMayRead) {
  const store::ConversationId id(uuid(5, 1));
  world_.conversations().open({.id = id, .creator = alice_, .others = {bob_}, .at = at(0)}, std::nullopt, [](const auto&) {});
  world_.settle();
  const auto send = [&](std::uint32_t number) {
    world_.messages().send({.id = store::MessageId(uuid(6, number)),
                            .conversation = id,
                            .sender = alice_,
                            .client_id = std::to_string(number),
                            .text = "hello",
                            .at = at(1)},
                           [](const auto& sent) { ASSERT_TRUE(sent.has_value()); });
    world_.settle();
  };
  send(1);
  world_.conversations().change({id, alice_, conversation::AddMembers{{carol_}}, at(2)}, [](const auto&) {});
  world_.settle();
  send(2);
  const auto seen_by = [&](const store::UserId& user) {
    read_as(user);
    return reader_->count("SELECT count(*) FROM messages");
  };
  EXPECT_EQ(seen_by(bob_), 2);
  EXPECT_EQ(seen_by(carol_), 1) << "she came after the first";
  EXPECT_EQ(seen_by(user_id(99)), 0);
}

// J-6.1
TEST_F(RowSecurity, UsersSeeTheirDevicesAndPushesButNoToken) {
  auto& devices = world_.devices();
  devices.put({.id = store::DeviceId(uuid(6, 1)), .user = alice_, .address = {.token = "secret"}}, [](const auto&) {});
  world_.settle();
  devices.plan({.call = call_id(1),
                .user = alice_,
                .type = store::PushType::cancel,
                .pushes = {{.device = store::DeviceId(uuid(6, 1)), .entry = {.to = alice_, .call = call_id(1)}}}},
               [](const auto&) {});
  world_.settle();
  read_as(alice_);
  EXPECT_EQ(reader_->count("SELECT count(\"id\") FROM devices"), 1);
  EXPECT_EQ(reader_->count("SELECT count(*) FROM push_deliveries"), 1);
  EXPECT_THROW((*reader_)(R"(SELECT "pushToken" FROM devices)"), Failure);
  read_as(bob_);
  EXPECT_EQ(reader_->count("SELECT count(\"id\") FROM devices"), 0);
  EXPECT_EQ(reader_->count("SELECT count(*) FROM push_deliveries"), 0);
}

TEST_F(RowSecurity, ReaderWithoutAUserSeesNothing) {
  EXPECT_EQ(calls(), 0);
  EXPECT_EQ(records(), 0);
  (*reader_)("SET app.user_id = ''");
  EXPECT_EQ(calls(), 0);
}

TEST_F(RowSecurity, ReaderChangesNothingAndReadsNoPasswords) {
  read_as(alice_);
  EXPECT_THROW((*reader_)(R"(UPDATE calls SET "version" = 9)"), Failure);
  EXPECT_THROW((*reader_)("DELETE FROM call_audit"), Failure);
  EXPECT_THROW((*reader_)(R"(SELECT "passwordHash" FROM users)"), Failure);
}

TEST_F(RowSecurity, ServerItselfSeesEverything) { EXPECT_EQ(Psql{}.count("SELECT count(*) FROM calls"), 1); }

// A managed database may not let its user make roles: everything else works.
TEST_F(RowSecurity, MigrationWithoutTheRightToCreateRolesOmitsTheReader) {
  Psql psql;
  reader_.reset();
  psql("DROP ROLE analyst; DROP OWNED BY belfry_reader; DROP ROLE belfry_reader; CREATE ROLE plain LOGIN");
  psql("CREATE DATABASE managed OWNER plain");
  const auto url = Cluster::shared().url("plain", "managed");
  EXPECT_TRUE(migrate_up(url, at(1)).has_value());
  EXPECT_EQ(Psql(url).count("SELECT count(*) FROM pg_policies"), 8);
  psql("DROP DATABASE managed WITH (FORCE)");
  psql(
      "DROP ROLE plain; CREATE ROLE belfry_reader NOLOGIN; "
      "GRANT SELECT ON calls, call_audit, conversations, conversation_members, blocks, messages, push_deliveries TO "
      "belfry_reader; "
      R"(GRANT SELECT ("id", "userId", "platform", "name", "pushProvider", "dnd", "lastActiveAt", "createdAt") ON devices )"
      "TO belfry_reader");
}

}  // namespace
}  // namespace belfry::postgres
