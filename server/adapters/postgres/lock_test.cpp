// What batches wait for, and that they do not wait for ever. The other side is an operator's connection whose transaction the
// test holds open; whether somebody waits is asked of the database, so nothing here depends on time.
#include <chrono>
#include <future>

#include "adapters/postgres/ask.hpp"
#include "adapters/postgres/world_for_tests.hpp"
#include "store/conversation_store.hpp"
#include "store/message_store.hpp"
#include "store/store_contract.hpp"

namespace belfry::postgres {
namespace {

using namespace store::testing;
using store::CommitResult;
using store::Committed;
using testing::Psql;
using testing::Server;

class Locks : public ::testing::Test {
 protected:
  explicit Locks(const Patience& patience = testing::kPatient) {
    testing::empty_database();
    server_.emplace(std::uint8_t{1}, testing::Cluster::shared().url(), patience);
    for (std::uint32_t number = 1; number <= 8; ++number)
      server_->accounts().create({.id = user_id(number), .username = "user-" + std::to_string(number), .at = at(0)},
                                 [](const auto& made) { ASSERT_TRUE(made.has_value()); });
    server_->settle();
  }
  void commit(const store::Transition& transition, CommitResult& result) {
    result = store::Unavailable{};
    server_->calls().commit(transition, [&result](const CommitResult& answer) { result = answer; });
  }
  void until_somebody_waits() {
    while (watcher_.count("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 0) {
    }
  }
  static std::string text_of(const store::UserId& user) { return "'" + to_text(user.value()) + "'"; }
  static std::string text_of(const store::CallId& call) { return "'" + to_text(call.value()) + "'"; }

  std::optional<Server> server_;
  Psql operator_, other_, watcher_;
};

/// A server that waits for a lock as long as a real one, 0.8 s; the others wait until the test has done its part.
class LastingLocks : public Locks {
 protected:
  LastingLocks() : Locks({.question = testing::kPatient.question, .statement = testing::kPatient.statement}) {}
};

// R-004-72: one user's searches held up everybody's reads for seconds.
TEST_F(Locks, NoReadWaitsForSearches) {
  std::promise<void> released, read;
  const auto search = [until = released.get_future().share()](Connection&) -> Expected<int, store::Unavailable> {
    until.wait();
    return 0;
  };
  const store::Done<Expected<int, store::Unavailable>> done = [](const auto& answer) { EXPECT_TRUE(answer.has_value()); };
  for (int i = 0; i < 8; ++i) ask_searcher(server_->database(), 0, store::Unavailable{}, search, done);
  const auto note_read = [&read](Connection&) -> Expected<int, store::Unavailable> {
    read.set_value();
    return 0;
  };
  ask_reader(server_->database(), 0, note_read, done);
  EXPECT_EQ(read.get_future().wait_for(std::chrono::seconds{10}), std::future_status::ready);
  released.set_value();
  server_->settle();
}

// X-28
TEST_F(Locks, StartDuringAChangeOfStatusWaitsForItAndSeesIt) {
  operator_("BEGIN");
  operator_("UPDATE users SET \"status\" = 'blocked' WHERE \"id\" = " + text_of(user_id(2)));
  CommitResult result;
  commit(a_call(1, user_id(1), user_id(2)), result);
  until_somebody_waits();
  operator_("COMMIT");
  server_->settle();
  ASSERT_TRUE(std::holds_alternative<store::UserNotActive>(result));
  EXPECT_EQ(std::get<store::UserNotActive>(result).user, user_id(2));
}

// X-28
TEST_F(Locks, ChangeOfStatusWaitsForAStartThatHasReadTheOldStatus) {
  // Another call's slot, not yet committed, holds the start in the middle, after it has looked at the people.
  operator_("BEGIN");
  operator_("INSERT INTO user_call_slots VALUES (" + text_of(user_id(2)) + ", 0, " + text_of(call_id(9)) + ")");
  CommitResult result;
  commit(a_call(1, user_id(1), user_id(2)), result);
  until_somebody_waits();
  other_("SET lock_timeout = '50ms'");
  EXPECT_THROW(other_("UPDATE users SET \"status\" = 'blocked' WHERE \"id\" = " + text_of(user_id(2))), Failure);
  EXPECT_NO_THROW(other_("UPDATE users SET \"avatar\" = 'a.png' WHERE \"id\" = " + text_of(user_id(2))));
  operator_("ROLLBACK");
  server_->settle();
  EXPECT_TRUE(std::holds_alternative<Committed>(result));
}

// The end of a call locks its conversation and then its users: writes of one batch must not lock them the other way round.
TEST_F(Locks, BlockDoesNotHoldItsUserWhileAMessageOfItsBatchWaitsForItsConversation) {
  const auto write = [this](std::uint32_t room) {
    server_->messages().send({.id = store::MessageId(uuid(6, room)),
                              .conversation = conversation_id(room),
                              .sender = user_id(1),
                              .client_id = "x",
                              .text = "x"},
                             [](const auto& sent) { EXPECT_TRUE(sent.has_value()); });
  };
  const auto lock = [](Psql& psql, std::uint32_t room) {
    psql("BEGIN");
    psql("SELECT 1 FROM conversations WHERE \"id\" = '" + to_text(conversation_id(room).value()) + "' FOR NO KEY UPDATE");
  };
  for (const std::uint32_t room : {1U, 2U})
    server_->conversations().open({.id = conversation_id(room), .creator = user_id(1), .others = {user_id(3)}}, std::nullopt,
                                  [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
  server_->settle();
  // The first message keeps the writer busy until the block and the second one wait together for it.
  lock(operator_, 1);
  lock(other_, 2);
  write(1);
  until_somebody_waits();
  server_->conversations().block(user_id(1), user_id(2), at(0), [](const auto& known) { EXPECT_TRUE(known.has_value()); });
  write(2);
  operator_("COMMIT");
  while (watcher_.count("SELECT count(*) FROM messages") == 0) {
  }
  until_somebody_waits();
  other_("SET LOCAL lock_timeout = '50ms'");
  EXPECT_NO_THROW(other_("SELECT 1 FROM users WHERE \"id\" = " + text_of(user_id(2)) + " FOR KEY SHARE"));
  other_("ROLLBACK");
  server_->settle();
}

TEST_F(Locks, DeadlockWithAnotherClientLosesNoTransition) {
  const std::vector<store::Transition> made = {a_call(1, user_id(1), user_id(2)), a_call(2, user_id(3), user_id(4)),
                                               a_call(3, user_id(5), user_id(6))};
  std::vector<CommitResult> results(3);
  for (std::size_t i = 0; i < 3; ++i) commit(made[i], results[i]);
  server_->settle();
  // The first keeps the writer busy until the other two wait together for it.
  operator_("BEGIN");
  operator_("SELECT 1 FROM calls WHERE \"id\" = " + text_of(call_id(1)) + " FOR UPDATE");
  other_("BEGIN");
  other_("SELECT 1 FROM calls WHERE \"id\" = " + text_of(call_id(3)) + " FOR UPDATE");
  commit(answered(made[0]), results[0]);
  until_somebody_waits();
  commit(answered(made[1]), results[1]);
  commit(answered(made[2]), results[2]);
  operator_("COMMIT");
  while (watcher_.count("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()") == 0 ||
         watcher_.count(R"(SELECT count(*) FROM calls WHERE "status" = 'connected')") == 0) {
  }
  try {
    other_("SELECT 1 FROM calls WHERE \"id\" = " + text_of(call_id(2)) + " FOR UPDATE");
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.sqlstate(), "40P01") << "the database chose us";
  }
  other_("ROLLBACK");
  server_->settle();
  for (const auto& result : results) EXPECT_TRUE(std::holds_alternative<Committed>(result));
}

TEST_F(LastingLocks, TransitionThatWaitsTooLongIsRefusedAndItsNeighboursAreNot) {
  const std::vector<store::Transition> made = {a_call(1, user_id(1), user_id(2)), a_call(2, user_id(3), user_id(4)),
                                               a_call(3, user_id(5), user_id(6))};
  std::vector<CommitResult> results(3);
  for (std::size_t i = 0; i < 3; ++i) commit(made[i], results[i]);
  server_->settle();
  operator_("BEGIN");
  operator_("SELECT 1 FROM calls WHERE \"id\" = " + text_of(call_id(2)) + " FOR UPDATE");
  for (std::size_t i = 0; i < 3; ++i) commit(answered(made[i]), results[i]);
  server_->settle();
  EXPECT_TRUE(std::holds_alternative<Committed>(results[0]));
  EXPECT_TRUE(std::holds_alternative<store::Unavailable>(results[1]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[2]));
  operator_("ROLLBACK");
  commit(answered(made[1]), results[1]);
  server_->settle();
  EXPECT_TRUE(std::holds_alternative<Committed>(results[1])) << "nothing had happened";
}

// Found by an attack: a row lock held by hand cost all behind it in the batch another lock timeout.
TEST_F(LastingLocks, TransitionBehindALastingLockIsTriedAfterItsNeighbours) {
  const std::vector<store::Transition> made = {a_call(1, user_id(1), user_id(2)), a_call(2, user_id(3), user_id(4)),
                                               a_call(3, user_id(5), user_id(6))};
  std::vector<CommitResult> results(3);
  for (std::size_t i = 0; i < 3; ++i) commit(made[i], results[i]);
  server_->settle();
  // The first keeps the writer busy until the other two wait together for it.
  operator_("BEGIN");
  operator_("SELECT 1 FROM calls WHERE \"id\" = " + text_of(call_id(1)) + " FOR UPDATE");
  other_("BEGIN");
  other_("SELECT 1 FROM calls WHERE \"id\" = " + text_of(call_id(2)) + " FOR UPDATE");
  commit(answered(made[0]), results[0]);
  until_somebody_waits();
  std::vector<std::size_t> order;
  for (const std::size_t i : {1U, 2U})
    server_->calls().commit(answered(made[i]), [&, i](const CommitResult& answer) {
      results[i] = answer;
      order.push_back(i);
    });
  operator_("COMMIT");
  server_->settle();
  EXPECT_EQ(order, (std::vector<std::size_t>{2, 1}));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[2]));
  EXPECT_TRUE(std::holds_alternative<store::Unavailable>(results[1]));
  other_("ROLLBACK");
}

// R-001-78: a transition that the database's checks refuse would be our fault; it must not become its neighbours' too.
TEST_F(Locks, ImpossibleTransitionIsRefusedAndItsNeighboursAreNot) {
  auto impossible = a_call(2, user_id(3), user_id(4));
  impossible.row.status = call::Status::connected;
  std::vector<CommitResult> results(3);
  commit(a_call(1, user_id(1), user_id(2)), results[0]);
  commit(impossible, results[1]);
  commit(a_call(3, user_id(5), user_id(6)), results[2]);
  server_->settle();
  EXPECT_TRUE(std::holds_alternative<Committed>(results[0]));
  EXPECT_TRUE(std::holds_alternative<store::Unavailable>(results[1]));
  EXPECT_TRUE(std::holds_alternative<Committed>(results[2]));
  EXPECT_EQ(watcher_.count("SELECT count(*) FROM user_call_slots"), 4) << "it took none";
}

// What a client calls its device, or says in a User-Agent, may be any bytes.
TEST_F(Locks, BytesThatTheDatabaseRefusesAreStoredAsQuestionMarks) {
  auto made = a_call(1, user_id(1), user_id(2));
  caller_leg(made.row).device = std::string("p\0hone\xFF", 7);
  CommitResult result;
  commit(made, result);
  server_->settle();
  EXPECT_TRUE(std::holds_alternative<Committed>(result));
  EXPECT_EQ(watcher_.count(R"(SELECT count(*) FROM call_participants WHERE "deviceId" = 'p?hone?')"), 1);
}

}  // namespace
}  // namespace belfry::postgres
