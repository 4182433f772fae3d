// A database that goes away in the middle of everything. The rule: what was acknowledged is there, what was refused did not
// happen, each question has its answer within 5 s, and service resumes by itself.
#include <csignal>

#include "adapters/postgres/relay_for_tests.hpp"
#include "adapters/postgres/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::postgres {
namespace {

using namespace store::testing;
using store::CommitResult;
using store::Committed;
using store::Transition;
using store::Unavailable;
using store::VersionConflict;
using testing::Cluster;
using testing::Psql;
using testing::Relay;
using testing::Server;

/// Pairs of people who call each other over and over. A refused transition is tried again until it goes through.
class Traffic {
 public:
  Traffic(Server& server, std::uint32_t lanes, std::uint32_t calls) : server_(server), calls_(calls) {
    for (std::uint32_t lane = 0; lane < lanes; ++lane) start(lane);
  }
  [[nodiscard]] bool over() const { return under_way_ == 0; }
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  [[nodiscard]] std::uint64_t conflicts() const { return conflicts_; }

 private:
  void start(std::uint32_t lane) {
    if (made_ == calls_) return;
    ++under_way_;
    go(lane, a_call(++made_, user_id(2 * lane + 1), user_id(2 * lane + 2)));
  }
  void go(std::uint32_t lane, const Transition& transition) {
    server_.calls().commit(transition, [this, lane, transition](const CommitResult& result) {
      if (std::holds_alternative<Unavailable>(result) || std::holds_alternative<store::Uncertain>(result)) {
        ++refused_;
        return go(lane, transition);
      }
      // Done after all, where nobody could find out in time. It must be ours: nobody else calls these people.
      if (!std::holds_alternative<Committed>(result)) {
        ++conflicts_;
        ASSERT_TRUE(std::holds_alternative<VersionConflict>(result));
        ASSERT_EQ(std::get<VersionConflict>(result).version, transition.row.version);
      }
      ++acknowledged_;
      next(lane, transition);
    });
  }
  void next(std::uint32_t lane, const Transition& from) {
    if (from.row.version == 1) return go(lane, answered(from));
    if (from.row.version == 2) return go(lane, ended(from));
    --under_way_;
    start(lane);
  }
  Server& server_;
  std::uint32_t calls_, made_ = 0, under_way_ = 0;
  std::uint64_t acknowledged_ = 0, refused_ = 0, conflicts_ = 0;
};

class Faults : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kLanes = 16;
  Faults() {
    testing::empty_database();
    server_.emplace(std::uint8_t{1}, Cluster::shared().url(), Patience{});
    for (std::uint32_t number = 1; number <= 2 * kLanes; ++number)
      server_->accounts().create({.id = user_id(number), .username = "user-" + std::to_string(number), .at = at(0)},
                                 [](const auto& made) { ASSERT_TRUE(made.has_value()); });
    server_->settle();
  }
  CommitResult commit(const Transition& transition) {
    std::optional<CommitResult> result;
    server_->calls().commit(transition, [&](const CommitResult& answer) { result = answer; });
    server_->settle();
    return result.value();
  }
  bool can_load() {
    bool there = false;
    server_->calls().load(call_id(1), [&](const auto& found) { there = found.has_value(); });
    server_->settle();
    return there;
  }
  bool can_create() {
    bool there = false;
    server_->accounts().create({.id = user_id(77), .username = "late", .at = at(0)},
                               [&](const auto& made) { there = made.has_value(); });
    server_->settle();
    return there;
  }
  void expect_every_call_ended(std::uint32_t calls) {
    Psql psql;
    EXPECT_EQ(psql.count(R"(SELECT count(*) FROM calls WHERE "status" = 'ended' AND "version" = 3)"), calls);
    EXPECT_EQ(psql.count("SELECT count(*) FROM calls"), calls);
    EXPECT_EQ(psql.count("SELECT count(*) FROM call_audit"), 3 * calls);
    EXPECT_EQ(psql.count("SELECT count(*) FROM user_call_slots"), 0);
    Server patient(3);
    std::optional<std::size_t> violations;
    patient.archive().violations(at(1'000), [&](const auto& found) { violations = found.has_value() ? found->size() : 99; });
    patient.settle();
    EXPECT_EQ(violations, 0U);
  }

  std::optional<Server> server_;
};

// X-25, X-26: the outcome of a commit whose answer was lost is found out, so no caller gets the wrong one.
TEST_F(Faults, ConnectionsCutUnderLoadLoseNoCommitAndCauseNoConflict) {
  constexpr std::uint32_t kCalls = 1'500;
  Traffic traffic(*server_, kLanes, kCalls);
  Psql psql;
  std::int64_t cuts = 0;
  for (std::uint64_t next_cut = 50; !traffic.over();) {
    server_->run_waiting();
    if (traffic.acknowledged() < next_cut) continue;
    next_cut = traffic.acknowledged() + 50;
    cuts += psql.count("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'belfry-%'");
  }
  EXPECT_GT(cuts, 50);
  EXPECT_EQ(traffic.conflicts(), 0U);
  expect_every_call_ended(kCalls);
}

// X-25, X-26
TEST_F(Faults, CommitWhoseAnswerIsLostIsFoundCommitted) {
  Relay relay(Cluster::shared().folder());
  Server server(2, Cluster::url_by(relay.folder()), Patience{});
  const auto lose_answer_to = [&](const Transition& transition) {
    std::optional<CommitResult> result;
    relay.lose_next_answer();
    server.calls().commit(transition, [&](const CommitResult& answer) { result = answer; });
    server.settle();
    EXPECT_TRUE(relay.lost_one());
    return result.value();
  };
  // Statements are prepared, so that the next answer is the commit's own.
  server.calls().commit(a_call(1, user_id(1), user_id(2)), [](const CommitResult&) {});
  server.settle();
  EXPECT_TRUE(std::holds_alternative<Committed>(lose_answer_to(answered(a_call(1, user_id(1), user_id(2))))));

  // Ended meanwhile on another wire, the writer's new one has to prepare once more.
  ASSERT_TRUE(std::holds_alternative<Committed>(commit(ended(answered(a_call(1, user_id(1), user_id(2)))))));
  server.calls().commit(a_call(3, user_id(5), user_id(6)), [](const CommitResult&) {});
  server.settle();
  const auto made = lose_answer_to(a_call(2, user_id(3), user_id(4)));
  ASSERT_TRUE(std::holds_alternative<Committed>(made));
  EXPECT_EQ(std::get<Committed>(made).people.at(1).username, "user-4");
  EXPECT_EQ(Psql{}.count("SELECT count(*) FROM call_audit"), 5);
}

/// While it lives, belfry_commit() does its work and answers with a code that means nothing.
class MeaninglessCodes {
 public:
  MeaninglessCodes() {
    psql_(std::string("ALTER FUNCTION belfry_commit").append(kTypes).append(" RENAME TO belfry_commit_as_it_is"));
    psql_(R"sql(
CREATE FUNCTION belfry_commit(belfry_transition[], belfry_participant[], boolean, boolean, boolean, belfry_outbox_entry[], uuid)
RETURNS TABLE ("ord" bigint, "code" bigint, "current" bigint, "who" uuid, "heldBy" uuid,
               "userId" uuid, "username" text, "avatar" text)
LANGUAGE sql AS $$
  SELECT done."ord", 99::bigint, done."current", done."who", done."heldBy", done."userId", done."username", done."avatar"
  FROM belfry_commit_as_it_is($1, $2, $3, $4, $5, $6, $7) done
$$)sql");
  }
  ~MeaninglessCodes() {
    psql_(std::string("DROP FUNCTION belfry_commit").append(kTypes));
    psql_(std::string("ALTER FUNCTION belfry_commit_as_it_is").append(kTypes).append(" RENAME TO belfry_commit"));
  }
  MeaninglessCodes(const MeaninglessCodes&) = delete;
  MeaninglessCodes& operator=(const MeaninglessCodes&) = delete;

 private:
  static constexpr std::string_view kTypes =
      "(belfry_transition[], belfry_participant[], boolean, boolean, boolean, belfry_outbox_entry[], uuid)";
  Psql psql_;
};

// X-26: what such an answer says of the commit is found out, not guessed.
TEST_F(Faults, OutcomeOfACommitThatAnswersWithAnUnknownCodeIsFoundOut) {
  const MeaninglessCodes codes;
  const auto made = commit(a_call(1, user_id(1), user_id(2)));
  ASSERT_TRUE(std::holds_alternative<Committed>(made));
  EXPECT_EQ(std::get<Committed>(made).people.at(1).username, "user-2");
  EXPECT_EQ(Psql{}.count("SELECT count(*) FROM call_audit"), 1);
}

// X-29
TEST_F(Faults, DepartureWhoseCommitIsNotAcknowledgedIsAskedAgainAndSucceeds) {
  using store::ConversationFault;
  using Changed = Expected<store::ChangedConversation, ConversationFault>;
  Relay relay(Cluster::shared().folder());
  Server server(2, Cluster::url_by(relay.folder()), Patience{});
  const auto change = [&](std::uint32_t number, std::uint32_t actor, conversation::Change what) {
    std::optional<Changed> answer;
    server.conversations().change({conversation_id(number), user_id(actor), std::move(what), at(10)},
                                  [&](const Changed& changed) { answer = changed; });
    server.settle();
    return answer.value();
  };
  const std::pair<std::uint32_t, conversation::Change> departures[] = {
      {2, conversation::RemoveMember{user_id(2)}}, {1, conversation::RemoveMember{user_id(2)}}, {1, conversation::Delete{}}};
  for (std::uint32_t number = 0; const auto& [actor, what] : departures) {
    server.conversations().open(
        {.id = conversation_id(++number), .creator = user_id(1), .others = {user_id(2), user_id(3)}, .at = at(0)}, std::nullopt,
        [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
    server.settle();
    relay.lose_answer_with("COMMIT");
    const auto changed = change(number, actor, what);
    EXPECT_TRUE(relay.lost_one()) << number;
    ASSERT_TRUE(changed.has_value()) << number;
    EXPECT_EQ(changed->conversation.id, conversation_id(number));
  }
  EXPECT_EQ(change(1, 2, conversation::RemoveMember{user_id(2)}).error(), ConversationFault::not_participant) << "a change anew";
  EXPECT_EQ(change(3, 1, conversation::Delete{}).error(), ConversationFault::not_participant);
}

// S19: the member's other sessions hear of it, though the question that is asked again finds nothing to change.
TEST_F(Faults, MuteWhoseCommitIsNotAcknowledgedStillConcernsItsMember) {
  Relay relay(Cluster::shared().folder());
  Server server(2, Cluster::url_by(relay.folder()), Patience{});
  server.conversations().open({.id = conversation_id(1), .creator = user_id(1), .others = {user_id(2)}, .at = at(0)},
                              std::nullopt, [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
  server.settle();
  relay.lose_answer_with("COMMIT");
  std::optional<store::UserId> concerned;
  server.conversations().change(
      {conversation_id(1), user_id(2), conversation::ChangeMembership{conversation::RingMode::none}, at(10)},
      [&](const auto& changed) { concerned = changed.value().concerns_only; });
  server.settle();
  EXPECT_TRUE(relay.lost_one());
  EXPECT_EQ(concerned, user_id(2));
}

TEST_F(Faults, DatabaseServerThatCrashesUnderLoadLosesNothingAcknowledged) {
  constexpr std::uint32_t kCalls = 1'200;
  Traffic traffic(*server_, kLanes, kCalls);
  int crashes = 0;
  for (std::uint64_t next_crash = 500; !traffic.over();) {
    server_->run_waiting();
    if (traffic.acknowledged() < next_crash) continue;
    next_crash = traffic.acknowledged() + 800;
    Cluster::shared().crash();
    Cluster::shared().start();
    ++crashes;
  }
  EXPECT_GE(crashes, 3);
  expect_every_call_ended(kCalls);
}

// R-001-19, SPEC 2.8.18
TEST_F(Faults, DownDatabaseIsReportedInTimeAndServiceResumesWhenItIsBack) {
  ASSERT_TRUE(std::holds_alternative<Committed>(commit(a_call(1, user_id(1), user_id(2)))));
  Cluster::shared().crash();
  Deadline five_seconds;
  for (int round = 0; round < 2; ++round) {
    five_seconds.begin(std::chrono::seconds(5));
    const auto result = commit(answered(a_call(1, user_id(1), user_id(2))));
    EXPECT_TRUE(std::holds_alternative<Unavailable>(result) || (round == 0 && std::holds_alternative<store::Uncertain>(result)))
        << "only the first one found a connection to be sent on";
    EXPECT_FALSE(five_seconds.passed());
    five_seconds.begin(std::chrono::seconds(5));
    EXPECT_FALSE(can_load());
    EXPECT_FALSE(five_seconds.passed());
    five_seconds.begin(std::chrono::seconds(5));
    EXPECT_FALSE(can_create());
    EXPECT_FALSE(five_seconds.passed());
  }
  Cluster::shared().start();
  EXPECT_TRUE(std::holds_alternative<Committed>(commit(answered(a_call(1, user_id(1), user_id(2))))));
  EXPECT_TRUE(can_load());
  EXPECT_TRUE(can_create());
}

TEST_F(Faults, RequestsToAHangingDatabaseFailInTime) {
  ASSERT_TRUE(std::holds_alternative<Committed>(commit(a_call(1, user_id(1), user_id(2)))));
  ASSERT_TRUE(can_load());
  Psql psql;
  const auto rows = psql.connection().run("SELECT pid::bigint FROM pg_stat_activity WHERE application_name LIKE 'belfry-%'");
  std::vector<pid_t> backends;
  for (int i = 0; i < rows.size(); ++i) backends.push_back(static_cast<pid_t>(rows.at(i).number()));
  for (const auto backend : backends) ::kill(backend, SIGSTOP);
  Deadline five_seconds;
  five_seconds.begin(std::chrono::seconds(5));
  // All at once, more than there are threads.
  int refused = 0, loads = 0;
  const auto next = answered(a_call(1, user_id(1), user_id(2)));
  server_->calls().commit(next, [&](const CommitResult& result) { refused += std::holds_alternative<store::Uncertain>(result); });
  for (int i = 0; i < 20; ++i) server_->calls().load(call_id(1), [&](const auto&) { ++loads; });
  server_->settle();
  EXPECT_FALSE(five_seconds.passed());
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(loads, 20);
  for (const auto backend : backends) ::kill(backend, SIGCONT);
  // What hung may have been done in the end; either way the call goes on.
  auto again = commit(next);
  // A backend that hung may take a while to go; until it has, nobody can tell.
  for (int tries = 0;
       tries < 10 && (std::holds_alternative<store::Uncertain>(again) || std::holds_alternative<Unavailable>(again)); ++tries)
    again = commit(next);
  EXPECT_TRUE(std::holds_alternative<Committed>(again) || std::get<VersionConflict>(again).version == 2);
  EXPECT_TRUE(can_load());
}

// X-25: the answer to a commit is lost and the database stays away for longer than a question may take.
TEST_F(Faults, CommitWhoseAnswerIsLostForLongIsUncertainUntilItsFateIsKnown) {
  Relay relay(Cluster::shared().folder());
  Server server(2, Cluster::url_by(relay.folder()), Patience{});
  const auto made = a_call(1, user_id(1), user_id(2)), next = answered(made), last = ended(next);
  server.calls().commit(made, [](const CommitResult&) {});
  server.settle();
  const auto fate_of = [&](const Transition& step) {
    std::optional<Expected<std::optional<Committed>, Unavailable>> fate;
    server.calls().fate({.call = step.row.id, .version = step.row.version, .hash = step.record.hash},
                        [&](const auto& found) { fate = found; });
    server.settle();
    return fate.value();
  };
  relay.lose_next_answer();
  relay.stay_away();
  std::optional<CommitResult> result;
  Deadline five_seconds;
  five_seconds.begin(std::chrono::seconds(5));
  server.calls().commit(next, [&](const CommitResult& answer) { result = answer; });
  server.settle();
  EXPECT_TRUE(std::holds_alternative<store::Uncertain>(result.value()));
  EXPECT_FALSE(five_seconds.passed());
  EXPECT_FALSE(fate_of(next).has_value()) << "nobody can tell yet";
  relay.come_back();
  ASSERT_TRUE(fate_of(next).has_value());
  EXPECT_TRUE(fate_of(next)->has_value()) << "it happened";
  ASSERT_TRUE(fate_of(last).has_value());
  EXPECT_FALSE(fate_of(last)->has_value()) << "it did not, and will not";
}

}  // namespace
}  // namespace belfry::postgres
