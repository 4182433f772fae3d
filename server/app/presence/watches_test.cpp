// SPEC K45, K46, S7: on the memory store and two shards.
#include "app/presence/watches.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "store/forwarding_account_store.hpp"

namespace belfry::presence {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::uint8_t kAnn = 1, kBen = 2, kCid = 3, kNobody = 9;
UserId user(std::uint8_t number) { return UserId(Uuid{number}); }
SessionId session(std::uint32_t slot) { return SessionId(Uuid{5, static_cast<std::uint8_t>(slot)}); }
/// Each session of a test has a slot of its own.
SessionAddress at(std::uint32_t slot, ShardIndex shard = 0) { return {.shard = shard, .node = 0, .slot = slot, .generation = 1}; }

class MovedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return when; }
  [[nodiscard]] WallTime wall() const override { return {}; }
  TimePoint when{100s};
};

class HeldMailboxes final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override { tasks.push_back(std::move(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return 2; }
  void run() {
    while (!tasks.empty()) {
      const auto task = std::move(tasks.front());
      tasks.pop_front();
      task();
    }
  }
  std::deque<std::function<void()>> tasks;
};

/// Cannot be reached while it fails, and keeps back its answers while it holds them. Whoever is in `busy` is in a call.
class ShakyAccounts final : public store::ForwardingAccountStore {
 public:
  using ForwardingAccountStore::ForwardingAccountStore;
  void presence(std::vector<UserId> users, UserId asker,
                store::Done<Expected<std::vector<store::Presence>, store::Unavailable>> done) override {
    ++asked;
    if (fails) return done(unexpected(store::Unavailable{}));
    ForwardingAccountStore::presence(std::move(users), asker, [this, done = std::move(done)](auto found) {
      for (auto& each : *found) each.has_slot = each.user == busy;
      if (!holds) return done(found);
      held.push_back([done, found] { done(found); });
    });
  }
  bool fails = false, holds = false;
  int asked = 0;
  UserId busy{};
  std::vector<std::function<void()>> held;
};

/// "slot version update"
class Recorder final : public Watchers {
 public:
  void tell(SessionAddress to, std::uint64_t version, std::string_view update) override {
    said.push_back(std::to_string(to.slot) + " " + std::to_string(version) + " " + std::string(update));
  }
  std::vector<std::string> said;
};

class WatchesTest : public ::testing::Test {
 protected:
  WatchesTest() {
    for (const std::uint8_t number : {kAnn, kBen, kCid})
      stores.accounts().create({.id = user(number), .username = "user" + std::to_string(number)},
                               [](const auto& made) { ASSERT_TRUE(made.has_value()); });
  }
  Watches::Ports ports() {
    return {accounts, sessions, online, mailboxes, clock, recorder, [this](const UserId& who, const Seen& what) {
              ++written;
              return std::to_string(who.value()[0]) + " " + std::string(to_text(what.state)) + (what.last_seen ? " seen" : "");
            }};
  }
  void connect(std::uint8_t number, std::uint32_t slot) {
    sessions.enter(user(number), "user" + std::to_string(number), {.id = session(slot), .at = at(slot)});
    change(number);
  }
  void leave(std::uint8_t number, std::uint32_t slot) {
    EXPECT_TRUE(sessions.leave(user(number), at(slot)).has_value());
    stores.accounts().note_active(user(number), WallTime{7});
    change(number);
  }
  void change(std::uint8_t number) {
    all.changed(mailboxes, user(number));
    mailboxes.run();
  }
  void block(std::uint8_t one, std::uint8_t other, bool blocked = true) {
    const auto done = [](const auto& answer) { ASSERT_TRUE(answer.has_value()); };
    if (blocked)
      stores.conversations().block(user(one), user(other), {}, done);
    else
      stores.conversations().unblock(user(one), user(other), done);
    all.blocks_changed(mailboxes, user(one), user(other));
    mailboxes.run();
  }
  void pass(Duration time) {
    clock.when += time;
    for (const auto& each : shards)
      if (each->next_deadline() && *each->next_deadline() <= clock.when) each->on_time(clock.when);
    mailboxes.run();
  }
  /// "version who …"
  static std::string text_of(const Expected<Snapshot, store::Unavailable>& snapshot) {
    if (!snapshot) return "unavailable";
    std::string text = std::to_string(snapshot->version);
    for (const UserId& each : snapshot->online) text += " " + std::to_string(each.value()[0]);
    return text;
  }
  Watches::Done noting() {
    return [this](const auto& snapshot) { recorder.said.push_back("snapshot " + text_of(snapshot)); };
  }
  std::string watch(std::uint8_t who, std::uint32_t slot, const std::vector<std::uint8_t>& whom, ShardIndex shard = 0) {
    std::vector<UserId> users;
    for (const std::uint8_t each : whom) users.push_back(user(each));
    std::string answer;
    shards.at(shard)->watch({at(slot, shard), session(slot), user(who)}, std::move(users),
                            [&](const auto& snapshot) { answer = text_of(snapshot); });
    return answer;
  }
  std::vector<std::string> take() { return std::exchange(recorder.said, {}); }

  memory::Tables tables;
  memory::Stores stores{tables};
  ShakyAccounts accounts{stores.accounts()};
  sessions::Sessions sessions;
  sessions::OnlineUsers online{sessions};
  HeldMailboxes mailboxes;
  MovedClock clock;
  Recorder recorder;
  int written = 0;
  AllWatches all{2};
  std::array<std::unique_ptr<Watches>, 2> shards{std::make_unique<Watches>(ShardIndex{0}, all, ports()),
                                                 std::make_unique<Watches>(ShardIndex{1}, all, ports())};
};

// K46
TEST_F(WatchesTest, AnswerIsWhoIsOnlineAndEachChangeBehindItHasTheNextNumber) {
  connect(kBen, 20);
  EXPECT_EQ(watch(kAnn, 10, {kBen, kCid, kNobody, kBen}), "0 2");
  connect(kCid, 30);
  EXPECT_THAT(take(), IsEmpty()) << "changes are collected";
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 1 3 online"));
  leave(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 2 2 offline seen"));
  EXPECT_EQ(watch(kAnn, 10, {kCid}), "2 3") << "the numbers of a session go on";
  connect(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), IsEmpty()) << "the new list replaces the old one";
}

// K46: one question, and one JSON for all.
TEST_F(WatchesTest, ChangeIsWrittenOnceForAllWhoWatch) {
  for (const std::uint32_t slot : {10U, 11U, 12U}) (void)watch(kAnn, slot, {kBen, kCid});
  const auto asked = accounts.asked;
  connect(kBen, 20), connect(kCid, 30);
  pass(200ms);
  EXPECT_EQ(take().size(), 6U);
  EXPECT_EQ(written, 2);
  EXPECT_EQ(accounts.asked, asked + 1);
}

TEST_F(WatchesTest, WhoComesBackBeforeItIsToldHasNotChanged) {
  connect(kBen, 20);
  (void)watch(kAnn, 10, {kBen});
  leave(kBen, 20);
  connect(kBen, 21);
  pass(200ms);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(WatchesTest, ChangeReachesEveryShardAndCostsNothingWhereNobodyWatches) {
  connect(kBen, 20);
  EXPECT_TRUE(mailboxes.tasks.empty());
  (void)watch(kAnn, 10, {kBen}, 1);
  leave(kBen, 20);
  EXPECT_FALSE(shards[0]->next_deadline().has_value());
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 1 2 offline seen"));
  shards[1]->forget(at(10, 1));
  all.changed(mailboxes, user(kBen));
  EXPECT_TRUE(mailboxes.tasks.empty());
}

// S7: the busiest of a user's sessions counts.
TEST_F(WatchesTest, StateIsThatOfTheBusiestSession) {
  connect(kBen, 20), connect(kBen, 21);
  (void)watch(kAnn, 10, {kBen});
  const auto set_away = [&](std::uint32_t slot, bool away) {
    shards[0]->set_away(user(kBen), at(slot), away);
    mailboxes.run();
    pass(200ms);
  };
  set_away(20, true);
  EXPECT_THAT(take(), IsEmpty());
  set_away(21, true);
  EXPECT_THAT(take(), ElementsAre("10 1 2 away"));
  accounts.busy = user(kBen);
  change(kBen);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 2 2 busy"));
  accounts.busy = {};
  set_away(20, false);
  EXPECT_THAT(take(), ElementsAre("10 3 2 online"));
  leave(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 4 2 away"));
}

TEST_F(WatchesTest, WhoIsBusyOrAwayIsToldRightBehindTheAnswer) {
  connect(kBen, 20), connect(kCid, 30);
  accounts.busy = user(kBen);
  shards[0]->set_away(user(kCid), at(30), true);
  shards[0]->watch({at(10), session(10), user(kAnn)}, {user(kBen), user(kCid)}, noting());
  EXPECT_THAT(take(), ElementsAre("snapshot 0 2 3", "10 1 2 busy", "10 2 3 away"));
}

// S7
TEST_F(WatchesTest, SlotThatACallGivesOrTakesIsAChange) {
  (void)watch(kAnn, 10, {kBen, kCid});
  store::CallRow before;
  set_people(before, user(kAnn), user(kBen));
  store::CallRow ended = before;
  ended.status = call::Status::ended;
  const auto changes = [&](const store::CallRow* from, const store::CallRow* to) {
    note_slots(all, mailboxes, from, to);
    return std::exchange(mailboxes.tasks, {}).size() / 2;  // one for each shard
  };
  EXPECT_EQ(changes(nullptr, &before), 2U);
  EXPECT_EQ(changes(&before, &before), 0U);
  EXPECT_EQ(changes(&before, &ended), 2U);
  EXPECT_EQ(changes(&ended, nullptr), 0U);
}

// K45
TEST_F(WatchesTest, BlockHidesBothFromEachOtherAtOnceAndFromNobodyElse) {
  connect(kAnn, 10), connect(kBen, 20), connect(kCid, 30);
  (void)watch(kAnn, 10, {kBen}), (void)watch(kBen, 20, {kAnn}), (void)watch(kCid, 30, {kAnn, kBen});
  block(kAnn, kBen);
  EXPECT_THAT(take(), UnorderedElementsAre("10 1 2 offline", "20 1 1 offline"));
  leave(kBen, 20), connect(kBen, 21);
  pass(200ms);
  leave(kBen, 21);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("30 1 2 offline seen"));
  connect(kBen, 22);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("30 2 2 online"));
  EXPECT_EQ(watch(kAnn, 10, {kBen}), "1");
  block(kAnn, kBen, false);
  EXPECT_THAT(take(), UnorderedElementsAre("10 2 2 online", "20 2 1 online"));
}

// K45
TEST_F(WatchesTest, BlockBetweenTheQuestionAndItsAnswerIsNotMissed) {
  connect(kBen, 20);
  accounts.holds = true;
  shards[0]->watch({at(10), session(10), user(kAnn)}, {user(kBen)}, noting());
  accounts.holds = false;
  block(kBen, kAnn);
  for (const auto& answer : std::exchange(accounts.held, {})) answer();
  EXPECT_THAT(take(), ElementsAre("snapshot 0 2", "10 1 2 offline"));
}

// K45
TEST_F(WatchesTest, BlocksThatCannotBeReadAreReadAgain) {
  connect(kBen, 20);
  (void)watch(kAnn, 10, {kBen});
  accounts.fails = true;
  block(kBen, kAnn);
  EXPECT_THAT(take(), IsEmpty());
  accounts.fails = false;
  pass(1s);
  EXPECT_THAT(take(), ElementsAre("10 1 2 offline"));
  EXPECT_FALSE(shards[0]->next_deadline().has_value());
}

// K45
TEST_F(WatchesTest, OlderAnswerAboutABlockNeverReplacesANewerOne) {
  connect(kBen, 20);
  block(kBen, kAnn);
  (void)watch(kAnn, 10, {kBen});
  accounts.holds = true;
  block(kBen, kAnn, false);
  block(kBen, kAnn);
  accounts.holds = false;
  const auto held = std::exchange(accounts.held, {});
  EXPECT_EQ(held.size(), 1U) << "one question at a time";
  for (auto answer = held.rbegin(); answer != held.rend(); ++answer) (*answer)();
  pass(200ms);
  EXPECT_THAT(take(), IsEmpty());
}

// K45
TEST_F(WatchesTest, AnswerAboutABlockIsNotForTheListThatTheClientAskedForSince) {
  connect(kBen, 20);
  (void)watch(kAnn, 10, {kBen});
  accounts.holds = true;
  block(kBen, kAnn);
  accounts.holds = false;
  stores.conversations().unblock(user(kBen), user(kAnn), [](const auto&) {});
  EXPECT_EQ(watch(kAnn, 10, {kBen}), "0 2");
  for (const auto& answer : std::exchange(accounts.held, {})) answer();
  EXPECT_THAT(take(), IsEmpty());
}

// K45
TEST_F(WatchesTest, StoreIsAskedOnceForAllFromWhomAUserIsHidden) {
  block(kBen, kAnn), block(kBen, kCid);
  for (const std::uint32_t slot : {10U, 11U, 12U}) (void)watch(kAnn, slot, {kBen});
  (void)watch(kCid, 30, {kBen});
  const auto asked = accounts.asked;
  connect(kBen, 20);
  pass(200ms);
  EXPECT_EQ(accounts.asked, asked + 2) << "what is seen of them, and by whom";
  EXPECT_THAT(take(), IsEmpty());
}

// K45
TEST_F(WatchesTest, WhoWasHiddenFromAllIsShownWhenTheBlockIsLifted) {
  connect(kBen, 20);
  block(kBen, kAnn);
  (void)watch(kAnn, 10, {kBen});
  block(kBen, kAnn, false);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 1 2 online"));
}

// K46: what happens between the question and the answer is not missed, and nothing is told before the answer.
TEST_F(WatchesTest, ChangeWhileTheStoreIsAskedIsToldBehindTheAnswer) {
  accounts.holds = true;
  shards[0]->watch({at(10), session(10), user(kAnn)}, {user(kBen)}, noting());
  connect(kBen, 20);
  pass(200ms);
  EXPECT_EQ(accounts.held.size(), 2U);
  accounts.held[1]();
  EXPECT_THAT(take(), IsEmpty());
  accounts.held[0]();
  EXPECT_THAT(take(), ElementsAre("snapshot 0 2"));
}

TEST_F(WatchesTest, ListThatWasReplacedBeforeItsAnswerIsAnsweredAndNotWatched) {
  accounts.holds = true;
  for (const std::uint8_t whom : {kBen, kCid}) shards[0]->watch({at(10), session(10), user(kAnn)}, {user(whom)}, noting());
  connect(kCid, 30);
  for (const auto& answer : std::exchange(accounts.held, {})) answer();
  EXPECT_THAT(take(), ElementsAre("snapshot 0", "snapshot 0 3"));
  accounts.holds = false;
  pass(200ms);
  EXPECT_EQ(watch(kAnn, 10, {kBen, kCid}), "0 3");
}

// K46: a session comes back on another shard, or as another socket.
TEST_F(WatchesTest, SessionThatComesBackGoesOnWithItsNumbers) {
  (void)watch(kAnn, 10, {kBen});
  connect(kBen, 20);
  pass(200ms);
  take();
  auto subscription = shards[0]->take(at(10));
  leave(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), IsEmpty());
  shards[1]->go_on({at(11, 1), session(10), user(kAnn)}, subscription.value(), noting());
  EXPECT_THAT(take(), ElementsAre("snapshot 1"));
  sessions.enter(user(kAnn), "user1", {.id = session(12), .at = at(12)});
  shards[0]->go_on_from(session(10), {at(12), session(10), user(kBen)}, noting());
  mailboxes.run();
  EXPECT_THAT(take(), IsEmpty()) << "it is another user's";
  shards[0]->go_on_from(session(10), {at(12), session(10), user(kAnn)}, noting());
  mailboxes.run();
  EXPECT_THAT(take(), ElementsAre("snapshot 1"));
  connect(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("12 2 2 online"));
}

TEST_F(WatchesTest, ListOfAnEarlierSessionDoesNotReplaceOneThatTheClientAskedForSince) {
  (void)watch(kAnn, 11, {kBen}, 1);
  sessions.enter(user(kAnn), "user1", {.id = session(12), .at = at(12)});
  shards[0]->go_on_from(session(11), {at(12), session(12), user(kAnn)}, noting());
  EXPECT_EQ(watch(kAnn, 12, {kCid}), "0");
  mailboxes.run();
  EXPECT_THAT(take(), IsEmpty());
  connect(kBen, 20), connect(kCid, 30);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("12 1 3 online"));
}

TEST_F(WatchesTest, StoreIsAskedAgainOnlyOnceItHasAnswered) {
  connect(kBen, 20);
  (void)watch(kAnn, 10, {kBen});
  accounts.holds = true;
  accounts.busy = user(kBen);
  change(kBen);
  pass(200ms);
  accounts.busy = {};
  change(kBen);
  pass(200ms);
  ASSERT_EQ(accounts.held.size(), 1U) << "an answer that is older could come last";
  accounts.holds = false;
  for (const auto& answer : std::exchange(accounts.held, {})) answer();
  EXPECT_THAT(take(), ElementsAre("10 1 2 busy"));
  pass(0ms);
  EXPECT_THAT(take(), ElementsAre("10 2 2 online"));
}

TEST_F(WatchesTest, StoreThatFailsDelaysWhatIsToldAndLosesNothing) {
  (void)watch(kAnn, 10, {kBen, kCid});
  auto subscription = shards[0]->take(at(10));
  accounts.fails = true;
  EXPECT_EQ(watch(kAnn, 11, {kBen}), "unavailable");
  shards[0]->go_on({at(10), session(10), user(kAnn)}, subscription.value(), noting());
  EXPECT_THAT(take(), IsEmpty());
  accounts.fails = false;
  pass(1s);
  EXPECT_THAT(take(), ElementsAre("snapshot 0"));
  accounts.fails = true;
  connect(kBen, 20);
  pass(200ms);
  EXPECT_THAT(take(), ElementsAre("10 1 2 online")) << "who is here is known without the store";
  accounts.fails = false;
  accounts.busy = user(kBen);
  pass(1s);
  EXPECT_THAT(take(), ElementsAre("10 2 2 busy"));
}

}  // namespace
}  // namespace belfry::presence
