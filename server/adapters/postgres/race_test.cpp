// Two servers on one database: whatever they do to a call at the same time, one of them wins.
#include <algorithm>
#include <functional>
#include <random>

#include "adapters/postgres/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry::postgres {
namespace {

using namespace store::testing;
using store::CommitResult;
using store::Committed;
using store::SlotTaken;
using store::Transition;
using store::VersionConflict;
using testing::Psql;
using testing::Server;

constexpr std::uint32_t kRaces = 10'000;  // issue 3, "Numbers"
constexpr std::uint32_t kFewRaces = 2'000;

class ServersOnOneDatabase : public ::testing::Test {
 protected:
  ServersOnOneDatabase() {
    testing::empty_database();
    one_.emplace(std::uint8_t{1});
    two_.emplace(std::uint8_t{2});
    // user_id(1) and onwards
    psql_(R"(INSERT INTO users ("id", "username") SELECT ('01000000-0000-7000-8000-0000' || lpad(to_hex(n), 8, '0'))::uuid, )"
          R"('user-' || n FROM generate_series(1, 30010) n)");
  }
  static store::UserId caller(std::uint32_t race) { return user_id(3 * race + 1); }
  static store::UserId callee(std::uint32_t race) { return user_id(3 * race + 2); }
  static store::UserId third(std::uint32_t race) { return user_id(3 * race + 3); }

  struct Outcome {
    CommitResult one = store::Unavailable{}, two = store::Unavailable{};
    [[nodiscard]] bool first_won() const { return std::holds_alternative<Committed>(one); }
    [[nodiscard]] bool second_won() const { return std::holds_alternative<Committed>(two); }
    [[nodiscard]] const CommitResult& lost() const { return first_won() ? two : one; }
  };

  /// Commits, and again when the store gives up: a busy machine may hold a lock longer than the store waits, and then nothing has
  /// changed and a client would ask again.
  static void commit(Server& server, const Transition& transition, CommitResult& result, int tries = 5) {
    server.calls().commit(transition, [&server, &result, transition, tries](const CommitResult& answer) {
      result = answer;
      if (std::holds_alternative<store::Unavailable>(answer) && tries > 1) commit(server, transition, result, tries - 1);
    });
  }

  /// Both servers ask for their own side of every race, each in its own order.
  template <class First, class Second>
  std::vector<Outcome> run(std::uint32_t races, First first, Second second) {
    std::vector<Outcome> outcomes(races);
    const auto mine = shuffled(races, 1), theirs = shuffled(races, 2);
    for (std::uint32_t i = 0; i < races; ++i) {
      commit(*one_, first(mine[i]), outcomes[mine[i]].one);
      commit(*two_, second(theirs[i]), outcomes[theirs[i]].two);
    }
    one_->settle();
    two_->settle();
    return outcomes;
  }
  void make_calls() {
    for (std::uint32_t race = 0; race < kRaces; ++race)
      one_->calls().commit(a_call(race, caller(race), callee(race)),
                           [](const CommitResult& result) { ASSERT_TRUE(std::holds_alternative<Committed>(result)); });
    one_->settle();
  }
  void expect_sound() {
    std::optional<std::size_t> violations;
    one_->archive().violations(at(1'000), [&](const auto& found) { violations = found.has_value() ? found->size() : 99; });
    one_->settle();
    EXPECT_EQ(violations, 0U);
  }

  std::optional<Server> one_, two_;
  Psql psql_;

 private:
  static std::vector<std::uint32_t> shuffled(std::uint32_t races, unsigned seed) {
    std::vector<std::uint32_t> order(races);
    for (std::uint32_t i = 0; i < races; ++i) order[i] = i;
    // Near each other, so that the two sides of one race meet.
    std::mt19937 chance(seed);
    for (std::uint32_t i = 0; i + 40 <= races; i += 40) std::shuffle(order.begin() + i, order.begin() + i + 40, chance);
    return order;
  }
};

// R-001-65, R-001-68, X-01, X-20
TEST_F(ServersOnOneDatabase, OneOfTwoAcceptsWinsAndTheStartIsWrittenOnce) {
  make_calls();
  const auto made = [](std::uint32_t race) { return a_call(race, caller(race), callee(race)); };
  const auto outcomes = run(
      kRaces, [&](std::uint32_t race) { return answered(made(race), at(4'000)); },
      [&](std::uint32_t race) { return answered(made(race), at(5'000)); });
  for (const auto& outcome : outcomes) {
    ASSERT_NE(outcome.first_won(), outcome.second_won());
    ASSERT_TRUE(std::holds_alternative<VersionConflict>(outcome.lost()));
    ASSERT_EQ(std::get<VersionConflict>(outcome.lost()).version, 2U);
  }
  const auto first_won = std::count_if(outcomes.begin(), outcomes.end(), [](const auto& each) { return each.first_won(); });
  EXPECT_EQ(psql_.count(R"(SELECT count(*) FROM calls WHERE "startedAt" = )" + std::to_string(at(4'000).unix_ms)), first_won);
  expect_sound();
}

// R-001-67, R-001-68, X-02
TEST_F(ServersOnOneDatabase, EitherAcceptOrCancelWinsAndTheRowShowsWhich) {
  make_calls();
  const auto made = [](std::uint32_t race) { return a_call(race, caller(race), callee(race)); };
  const auto outcomes = run(
      kRaces, [&](std::uint32_t race) { return answered(made(race)); },
      [&](std::uint32_t race) { return finished(made(race), call::Status::missed, call::EndReason::cancelled, at(4'000)); });
  for (const auto& outcome : outcomes) ASSERT_NE(outcome.first_won(), outcome.second_won());
  const auto accepted = std::count_if(outcomes.begin(), outcomes.end(), [](const auto& each) { return each.first_won(); });
  EXPECT_EQ(psql_.count(R"(SELECT count(*) FROM calls WHERE "status" = 'connected')"), accepted);
  EXPECT_EQ(psql_.count("SELECT count(*) FROM user_call_slots"), 2 * accepted);
  expect_sound();
}

// R-001-39, R-001-68, X-08
TEST_F(ServersOnOneDatabase, OneOfTwoUsersWhoCallEachOtherGetsThrough) {
  const auto outcomes = run(
      kRaces, [](std::uint32_t race) { return a_call(2 * race, caller(race), callee(race)); },
      [](std::uint32_t race) { return a_call(2 * race + 1, callee(race), caller(race)); });
  for (std::uint32_t race = 0; race < kRaces; ++race) {
    const auto& outcome = outcomes[race];
    ASSERT_NE(outcome.first_won(), outcome.second_won());
    ASSERT_TRUE(std::holds_alternative<SlotTaken>(outcome.lost())) << "variant " << outcome.lost().index();
    const auto& taken = std::get<SlotTaken>(outcome.lost());
    EXPECT_EQ(taken.held_by, call_id(outcome.first_won() ? 2 * race : 2 * race + 1));
    EXPECT_EQ(taken.user, outcome.first_won() ? callee(race) : caller(race)) << "the caller's slot is looked at first";
  }
  EXPECT_EQ(psql_.count("SELECT count(*) FROM user_call_slots"), 2 * kRaces);
  expect_sound();
}

// R-001-39, X-09
TEST_F(ServersOnOneDatabase, OneOfTwoCallersOfTheSameUserGetsThrough) {
  const auto outcomes = run(
      kFewRaces, [](std::uint32_t race) { return a_call(2 * race, caller(race), callee(race)); },
      [](std::uint32_t race) { return a_call(2 * race + 1, third(race), callee(race)); });
  for (std::uint32_t race = 0; race < kFewRaces; ++race) {
    ASSERT_NE(outcomes[race].first_won(), outcomes[race].second_won());
    ASSERT_TRUE(std::holds_alternative<SlotTaken>(outcomes[race].lost())) << "variant " << outcomes[race].lost().index();
    EXPECT_EQ(std::get<SlotTaken>(outcomes[race].lost()).user, callee(race));
  }
  EXPECT_EQ(psql_.count("SELECT count(*) FROM user_call_slots"), 2 * kFewRaces);
  expect_sound();
}

// The same call under one idempotency key, asked of both servers (X-26).
TEST_F(ServersOnOneDatabase, OneKeyMakesOneCall) {
  const auto claimed = [](std::uint32_t race, std::uint32_t number) {
    auto made = a_call(number, caller(race), callee(race));
    made.claim = store::IdempotencyClaim{.owner = caller(race), .key = "k", .fingerprint = "f"};
    return made;
  };
  const auto outcomes = run(
      kFewRaces, [&](std::uint32_t race) { return claimed(race, 2 * race); },
      [&](std::uint32_t race) { return claimed(race, 2 * race + 1); });
  for (const auto& outcome : outcomes) {
    ASSERT_NE(outcome.first_won(), outcome.second_won());
    EXPECT_TRUE(std::holds_alternative<store::ClaimTaken>(outcome.lost()));
  }
  expect_sound();
}

// X-05, X-26: the callee's own start answers the call, asked of both servers.
TEST_F(ServersOnOneDatabase, OneKeyAnswersACallOnceAndWhoLostLearnsOfTheKey) {
  constexpr std::uint32_t kAnswers = 300;  // each is a transaction of its own
  for (std::uint32_t race = 0; race < kAnswers; ++race)
    one_->calls().commit(a_call(race, caller(race), callee(race)), [](const CommitResult&) {});
  one_->settle();
  const auto accepted = [](std::uint32_t race) {
    auto next = answered(a_call(race, caller(race), callee(race)));
    next.claim =
        store::IdempotencyClaim{.owner = callee(race), .key = "k", .fingerprint = "f", .answer = {.status = 200, .body = "b"}};
    return next;
  };
  for (const auto& outcome : run(kAnswers, accepted, accepted)) {
    ASSERT_NE(outcome.first_won(), outcome.second_won());
    EXPECT_TRUE(std::holds_alternative<store::ClaimTaken>(outcome.lost()));
  }
  EXPECT_EQ(psql_.count(R"(SELECT count(*) FROM idempotency_keys WHERE "status" = 200 AND "callId" IS NOT NULL)"), kAnswers);
  expect_sound();
}

// I-1, I-4: a few people who call each other at random through two servers, so that each batch takes slots which another frees.
TEST_F(ServersOnOneDatabase, ManyCallsAmongFewUsersNeverHoldASlotTwiceNorLeakOne) {
  constexpr std::uint32_t kPeople = 12, kCallsMade = 4'000;
  std::mt19937 chance(7);
  std::uint32_t number = 0, under_way = 0, got_through = 0;
  const auto server = [&]() -> Server& { return chance() % 2 == 0 ? *one_ : *two_; };
  std::function<void()> start;
  const auto finish = [&](const Transition& from) {
    server().calls().commit(ended(answered(from)), [&](const CommitResult& result) {
      ASSERT_TRUE(std::holds_alternative<Committed>(result));
      --under_way;
      start();
    });
  };
  start = [&] {
    if (number == kCallsMade) return;
    ++under_way;
    const auto from = static_cast<std::uint32_t>(chance() % kPeople);
    const auto to = static_cast<std::uint32_t>((from + 1 + chance() % (kPeople - 1)) % kPeople);
    const auto made = a_call(++number, user_id(from + 1), user_id(to + 1));
    server().calls().commit(made, [&, made](const CommitResult& result) {
      if (std::holds_alternative<SlotTaken>(result)) return --under_way, start();
      ASSERT_TRUE(std::holds_alternative<Committed>(result));
      ++got_through;
      server().calls().commit(answered(made), [&, made](const CommitResult& accepted) {
        ASSERT_TRUE(std::holds_alternative<Committed>(accepted));
        finish(made);
      });
    });
  };
  for (int lane = 0; lane < 16; ++lane) start();
  while (under_way > 0) {
    one_->run_waiting();
    two_->run_waiting();
  }
  EXPECT_GT(got_through, 100U);
  EXPECT_EQ(psql_.count("SELECT count(*) FROM calls"), got_through);
  EXPECT_EQ(psql_.count("SELECT count(*) FROM user_call_slots"), 0);
  expect_sound();
}

// K28
TEST_F(ServersOnOneDatabase, DirectConversationThatBothOpenAtOnceIsOne) {
  constexpr std::uint32_t kPairs = 500;
  std::vector<std::pair<store::ConversationId, store::ConversationId>> opened(kPairs);
  int made = 0;
  const auto open = [&](Server& server, std::uint32_t race, std::uint8_t kind, store::ConversationId& id) {
    const bool turned = kind == 6;
    server.conversations().open({.id = store::ConversationId(uuid(kind, race)),
                                 .kind = conversation::Kind::direct,
                                 .creator = turned ? callee(race) : caller(race),
                                 .others = {turned ? caller(race) : callee(race)},
                                 .at = at(0)},
                                std::nullopt, [&](const auto& answer) {
                                  ASSERT_TRUE(answer.has_value());
                                  id = answer->stored.conversation.id;
                                  made += answer->how == store::Opening::made ? 1 : 0;
                                });
  };
  for (std::uint32_t race = 0; race < kPairs; ++race) {
    open(*one_, race, 5, opened[race].first);
    open(*two_, race, 6, opened[race].second);
  }
  one_->settle(), two_->settle();
  for (const auto& [one, two] : opened) EXPECT_EQ(one, two);
  EXPECT_EQ(made, static_cast<int>(kPairs));
  EXPECT_EQ(psql_.count("SELECT count(*) FROM conversations"), kPairs);
  EXPECT_EQ(psql_.count("SELECT count(*) FROM conversation_members"), 2 * kPairs);
}

// J-8.7
TEST_F(ServersOnOneDatabase, OneKeyMakesOneGroup) {
  constexpr std::uint32_t kOpenings = 200;
  int made = 0, taken = 0;
  const auto open = [&](Server& server, std::uint32_t race, std::uint8_t kind) {
    const store::OpeningClaim claim{.claim = {.owner = caller(race), .key = "k", .fingerprint = "f"},
                                    .write_reply = [](const auto&) { return store::GivenAnswer{.status = 201, .body = "b"}; }};
    server.conversations().open(
        {.id = store::ConversationId(uuid(kind, race)), .creator = caller(race), .others = {callee(race)}, .at = at(0)}, claim,
        [&](const auto& answer) {
          made += answer.has_value() ? 1 : 0;
          taken += !answer && answer.error() == store::ConversationFault::key_taken ? 1 : 0;
        });
  };
  for (std::uint32_t race = 0; race < kOpenings; ++race) {
    open(*one_, race, 5);
    open(*two_, race, 6);
  }
  one_->settle(), two_->settle();
  EXPECT_EQ(made, static_cast<int>(kOpenings));
  EXPECT_EQ(taken, static_cast<int>(kOpenings));
  EXPECT_EQ(psql_.count("SELECT count(*) FROM conversations"), kOpenings);
  EXPECT_EQ(psql_.count(R"(SELECT count(*) FROM idempotency_keys WHERE "status" = 201)"), kOpenings);
}

// J-1.3: each server decides about what the other has left.
TEST_F(ServersOnOneDatabase, GroupWhoseOwnersLeaveAtOnceHasOneOwnerAfterwards) {
  const store::ConversationId id(uuid(5, 1));
  constexpr std::uint32_t kMembers = 200;
  std::vector<store::UserId> others;
  for (std::uint32_t number = 2; number <= kMembers; ++number) others.push_back(user_id(number));
  one_->conversations().open({.id = id, .creator = user_id(1), .others = others, .at = at(0)}, std::nullopt,
                             [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
  one_->settle();
  int left = 0;
  for (std::uint32_t number = 1; number < kMembers; ++number)
    (number % 2 == 0 ? *one_ : *two_)
        .conversations()
        .change({id, user_id(number), conversation::RemoveMember{user_id(number)}, at(1)},
                [&](const auto& answer) { left += answer.has_value() ? 1 : 0; });
  one_->settle(), two_->settle();
  EXPECT_EQ(left, static_cast<int>(kMembers) - 1);
  EXPECT_EQ(psql_.count(R"(SELECT count(*) FROM conversation_members WHERE "leftAt" IS NULL)"), 1);
  EXPECT_EQ(psql_.count(R"(SELECT count(*) FROM conversation_members WHERE "leftAt" IS NULL AND "role" = 'owner')"), 1);
}

store::TakenOver take_over(Server& server) {
  std::optional<store::TakenOver> taken;
  server.nodes().take_over(100, store::Silence::means_gone, [&](const auto& found) { taken = found.value(); });
  server.settle();
  return taken.value();
}

// X-22: a second server must not take every active call for one whose server is gone, and end it.
TEST_F(ServersOnOneDatabase, TakeOverEachOthersCallsOnlyAfterFiveSecondsOfSilence) {
  one_->nodes().heartbeat(at(1'000));
  two_->nodes().heartbeat(at(1'000));
  one_->calls().commit(a_call(1, user_id(1), user_id(2)), [](const CommitResult&) {});
  one_->settle();
  two_->settle();
  EXPECT_TRUE(take_over(*two_).calls.empty());
  EXPECT_TRUE(take_over(*one_).calls.empty());
  psql_(R"(UPDATE nodes SET "seenAt" = "seenAt" - 5100)");  // both look silent; who asks is not
  const auto taken = take_over(*two_);
  ASSERT_EQ(taken.calls.size(), 1U);
  EXPECT_EQ(taken.calls[0].call.row.id, call_id(1));
  EXPECT_EQ(taken.calls[0].last_alive, at(1'000));
  EXPECT_TRUE(take_over(*two_).calls.empty()) << "it is ours now";
  for (auto* server : {&*one_, &*two_}) {
    server->nodes().heartbeat(at(9'000));
    server->settle();
  }
  EXPECT_TRUE(take_over(*one_).calls.empty()) << "who was silent and speaks again finds its calls in other hands";
}

// X-21, X-25: the last commits of a killed server, of which perhaps no session was notified.
TEST_F(ServersOnOneDatabase, EndsOfADeadServerWaitInTheOutboxAndThoseOfALiveOneDoNot) {
  const auto end_a_call = [](Server& server, std::uint32_t number, std::uint32_t user) {
    const auto made = a_call(number, user_id(user), user_id(user + 1));
    for (const auto& step : {made, missed(made)}) {
      server.calls().commit(step, [](const CommitResult& result) { EXPECT_TRUE(std::holds_alternative<Committed>(result)); });
      server.settle();
    }
  };
  one_->nodes().heartbeat(at(60'000));
  two_->nodes().heartbeat(at(60'000));
  one_->settle(), two_->settle();
  end_a_call(*one_, 1, 1);
  end_a_call(*two_, 2, 3);
  psql_(R"(UPDATE nodes SET "seenAt" = 0)");
  two_->nodes().heartbeat(at(61'000));
  two_->settle();
  static_cast<void>(take_over(*two_));
  EXPECT_EQ(psql_.count(R"(SELECT count(*) FROM outbox)"), 2);
  EXPECT_EQ(psql_.count(R"(SELECT count(DISTINCT "callId") FROM outbox)"), 1);
}

TEST_F(ServersOnOneDatabase, EachOutboxEntryIsTakenByOneServerOnly) {
  constexpr std::uint32_t kEntries = 2'000;
  for (std::uint32_t number = 1; number <= kEntries; ++number)
    one_->outbox().put({.to = user_id(1), .call = call_id(number), .at = at(0), .kind = store::OutboxKind::test, .due = at(0)},
                       [](const auto&) {});
  one_->settle();
  std::vector<std::uint64_t> taken;
  for (int turn = 0; turn < 60; ++turn)
    for (auto* server : {&*one_, &*two_})
      server->due_entries().take({.kind = store::OutboxKind::test, .now = at(0), .until = at(60'000), .limit = 50},
                                 [&](const auto& entries) {
                                   ASSERT_TRUE(entries.has_value());
                                   for (const auto& each : *entries) taken.push_back(each.seq);
                                 });
  one_->settle(), two_->settle();
  EXPECT_EQ(taken.size(), kEntries);
  std::sort(taken.begin(), taken.end());
  EXPECT_EQ(std::adjacent_find(taken.begin(), taken.end()), taken.end());
}

}  // namespace
}  // namespace belfry::postgres
