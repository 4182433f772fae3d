#include "app/sessions/delivery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/sessions/shard_sessions.hpp"

namespace belfry::sessions {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HeldMailboxes final : public Mailboxes {
 public:
  void post(ShardIndex shard, std::function<void()> task) override { tasks.emplace_back(shard, std::move(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return 2; }
  void run() {
    while (!tasks.empty()) {
      const auto task = std::move(tasks.front().second);
      tasks.pop_front();
      task();
    }
  }
  std::deque<std::pair<ShardIndex, std::function<void()>>> tasks;
};

struct Recorder final : SessionPort {
  void notify(SessionAddress to, const Notice& notice) override {
    const auto* missed = std::get_if<calls::CallMissed>(&notice);
    all.push_back(std::to_string(to.slot) + (missed != nullptr ? " missed " + missed->call->row.metadata : " another"));
    if (const auto next = std::exchange(then, nullptr)) next();
  }
  void pass_signal(SessionAddress to, const calls::SignalArrived& signal) override {
    all.push_back(std::to_string(to.slot) + " " + std::string(signal.payload) + " of " + signal.from.username +
                  (signal.device.empty() ? "" : " on ") + std::string(signal.device));
  }
  std::vector<std::string> all;
  std::function<void()> then;  // within the next notice
};

UserId user_numbered(std::uint8_t number) { return UserId(Uuid{number}); }
SessionId session_numbered(std::uint8_t number) { return SessionId(Uuid{number}); }
SessionAddress at(ShardIndex shard, std::uint32_t slot) { return {.shard = shard, .node = 0, .slot = slot, .generation = 1}; }
Notice missed(const std::string& word) {
  auto call = std::make_shared<store::StoredCall>();
  call->row.metadata = word;
  return calls::CallMissed{std::move(call)};
}

class NoticeDelivery : public ::testing::Test {
 protected:
  HeldMailboxes mailboxes;
  std::array<Recorder, 2> received;
  Deliveries all{2};
  Delivery first{0, all, mailboxes, received[0]};
  Delivery second{1, all, mailboxes, received[1]};
};

TEST_F(NoticeDelivery, ASessionOfThisShardIsNotifiedAtOnceAndOneOfAnotherShardThroughItsMailbox) {
  first.notify(at(0, 3), missed("a"));
  EXPECT_THAT(received[0].all, ElementsAre("3 missed a"));
  first.notify(at(1, 4), missed("b"));
  EXPECT_THAT(received[1].all, IsEmpty());
  mailboxes.run();
  EXPECT_THAT(received[1].all, ElementsAre("4 missed b"));
}

TEST_F(NoticeDelivery, ANoticeOwnsItsDataWhileItWaits) {
  {
    const Notice notice = missed("a word that is too long for a short string");
    first.notify(at(1, 4), notice);
  }
  mailboxes.run();
  EXPECT_THAT(received[1].all, ElementsAre("4 missed a word that is too long for a short string"));
}

TEST_F(NoticeDelivery, ASignalIsCopiedWhenItLeavesTheShard) {
  {
    auto call = std::make_shared<store::StoredCall>();
    call->people.push_back(account::Person{user_numbered(1), "alice", ""});
    const calls::CallView view = std::move(call);
    std::string payload = R"({"candidate":"one of more than sixteen letters"})";
    std::string device = "a name of more than sixteen letters";
    first.pass_signal(at(1, 4), {view, view->people.front(), calls::SignalKind::candidate, payload, 0, device});
    payload.assign(payload.size(), 'x');
    device.assign(device.size(), 'x');
  }
  mailboxes.run();
  EXPECT_THAT(
      received[1].all,
      ElementsAre(R"(4 {"candidate":"one of more than sixteen letters"} of alice on a name of more than sixteen letters)"));
}

// Connection state recovery: the old shard knows the new shard before the new address is known there.
TEST_F(NoticeDelivery, NoticesToAMovedSessionFollowItInOrder) {
  first.follow(at(0, 3), {.shard = 1, .node = 0, .slot = 0, .generation = 0});
  mailboxes.post(1, [&] { second.follow(at(0, 3), at(1, 8)); });
  first.notify(at(0, 3), missed("a"));
  second.notify(at(0, 3), missed("b"));
  first.notify(at(0, 3), missed("c"));
  mailboxes.run();
  EXPECT_THAT(received[0].all, IsEmpty());
  EXPECT_THAT(received[1].all, ElementsAre("8 missed a", "8 missed c", "8 missed b"));
}

// R-004-23: found by an attack. Who sent to the old address just before sends to the new one now.
TEST_F(NoticeDelivery, WhatIsSentToTheNewAddressWaitsForWhatWentToTheOldOne) {
  first.follow(at(0, 3), {.shard = 1, .node = 0, .slot = 0, .generation = 0});
  second.notify(at(0, 3), missed("a"));
  second.follow(at(0, 3), at(1, 8));
  second.arrived(at(0, 3), at(1, 8));
  second.notify(at(1, 8), missed("b"));
  first.notify(at(1, 8), missed("c"));
  auto call = std::make_shared<store::StoredCall>();
  call->people.push_back(account::Person{user_numbered(1), "alice", ""});
  const calls::CallView view = std::move(call);
  second.pass_signal(at(1, 8), {view, view->people.front(), calls::SignalKind::candidate, "{}", 0, ""});
  EXPECT_THAT(received[1].all, IsEmpty());
  mailboxes.run();
  EXPECT_THAT(received[1].all, ElementsAre("8 missed a", "8 missed b", "8 {} of alice", "8 missed c"));
  second.notify(at(1, 8), missed("d"));
  EXPECT_EQ(received[1].all.back(), "8 missed d");
}

// R-004-23: found in review. The client comes back on the shard where it was.
TEST_F(NoticeDelivery, WhatCameBeforeTheNewAddressOnTheSameShardIsNotOvertaken) {
  first.follow(at(0, 3), {.shard = 0, .node = 0, .slot = 0, .generation = 0});
  second.notify(at(0, 3), missed("a"));
  mailboxes.post(0, [&] {
    first.follow(at(0, 3), at(0, 5));
    first.arrived(at(0, 3), at(0, 5));
  });
  second.notify(at(0, 3), missed("b"));
  mailboxes.run();
  EXPECT_THAT(received[0].all, ElementsAre("5 missed a", "5 missed b"));
}

// R-004-23: found in review. The route of a call, and a count under way, keep an address for longer.
TEST_F(NoticeDelivery, WhoKeepsTheOldAddressSendsToTheNewOneBehindTheirMark) {
  first.follow(at(0, 3), {.shard = 1, .node = 0, .slot = 0, .generation = 0});
  second.follow(at(0, 3), at(1, 8));
  second.arrived(at(0, 3), at(1, 8));
  mailboxes.run();
  first.notify(at(0, 3), missed("a"));
  first.notify(at(1, 8), missed("b"));
  mailboxes.run();
  EXPECT_THAT(received[1].all, ElementsAre("8 missed a", "8 missed b"));
}

TEST_F(NoticeDelivery, ASessionThatMovesOnBeforeItsMailHasComeGetsItInOrder) {
  first.follow(at(0, 3), {.shard = 1, .node = 0, .slot = 0, .generation = 0});
  second.notify(at(0, 3), missed("a"));
  second.follow(at(0, 3), at(1, 8));
  second.arrived(at(0, 3), at(1, 8));
  second.notify(at(1, 8), missed("b"));
  second.follow(at(1, 8), {.shard = 0, .node = 0, .slot = 0, .generation = 0});
  first.follow(at(1, 8), at(0, 5));
  first.arrived(at(1, 8), at(0, 5));
  first.notify(at(0, 5), missed("c"));
  second.notify(at(0, 5), missed("d"));
  mailboxes.run();
  EXPECT_THAT(received[0].all, ElementsAre("5 missed a", "5 missed b", "5 missed c", "5 missed d"));
}

TEST_F(NoticeDelivery, WhatANoticeBringsComesBehindWhatWasHeld) {
  first.follow(at(0, 3), at(0, 5));
  first.arrived(at(0, 3), at(0, 5));
  first.notify(at(0, 5), missed("a"));
  first.notify(at(0, 5), missed("b"));
  received[0].then = [&] { first.notify(at(0, 5), missed("c")); };
  mailboxes.run();
  EXPECT_THAT(received[0].all, ElementsAre("5 missed a", "5 missed b", "5 missed c"));
}

TEST_F(NoticeDelivery, ASessionThatMovedTwiceIsReachedAtBothOldAddresses) {
  first.follow(at(0, 3), at(1, 8));
  second.follow(at(1, 8), at(0, 5));
  first.notify(at(0, 3), missed("a"));
  mailboxes.run();
  EXPECT_THAT(received[0].all, ElementsAre("5 missed a"));
}

class SessionsOfAShard : public NoticeDelivery, public SessionListener {
 protected:
  SessionsOfAShard() { here.add_listener(*this); }
  void on_came(UserId, const LiveSession& session, Arrival how) override {
    log.push_back("came " + std::to_string(session.at.slot) + " " + std::to_string(static_cast<int>(how)));
  }
  void on_gone(UserId, const LiveSession& session, Departure how) override {
    log.push_back("gone " + std::to_string(session.at.slot) + " " + std::to_string(static_cast<int>(how)));
  }
  void on_unreachable(SessionAddress at) override { log.push_back("unreachable " + std::to_string(at.slot)); }

  void come(std::uint32_t slot, call::Dialect dialect = call::Dialect::native, std::uint8_t login = 0) {
    here.come(user, "alice",
              {.id = session_numbered(static_cast<std::uint8_t>(slot)),
               .at = at(0, slot),
               .dialect = dialect,
               .login = account::LoginId(Uuid{login})});
  }

  const UserId user = user_numbered(1);
  Sessions sessions;
  ShardSessions here{sessions, first};
  std::vector<std::string> log;
};

TEST_F(SessionsOfAShard, ListenersAreNotifiedOfEachStepOfASession) {
  come(1);
  here.suspend(user, at(0, 1));
  here.move_away(at(0, 1), 0);
  here.recover(user, at(0, 1), at(0, 2));
  here.leave(user, at(0, 2), Departure::left);
  EXPECT_THAT(log,
              ElementsAre("came 1 0", "unreachable 1", "gone 1 0", "unreachable 1", "came 2 2", "unreachable 2", "gone 2 1"));
}

// K16: found by an attack. The store is asked who somebody is before their session comes.
TEST_F(SessionsOfAShard, ASessionThatIsLostWhileItEntersComesAndIsLostAtOnce) {
  here.come(user, "alice", {.id = session_numbered(1), .at = at(0, 1), .suspended = true});
  EXPECT_THAT(log, ElementsAre("came 1 0", "unreachable 1", "gone 1 0"));
  EXPECT_FALSE(sessions.is_live(user));
}

TEST_F(SessionsOfAShard, ASessionIsLostOnceUntilItIsBack) {
  come(1);
  here.suspend(user, at(0, 1));
  log.clear();
  here.suspend(user, at(0, 1));
  EXPECT_THAT(log, ElementsAre("unreachable 1"));
}

// R-003-28
TEST_F(SessionsOfAShard, TheLateCloseOfASessionWithoutAUserIsIgnored) {
  here.leave(user, at(0, 1), Departure::lost);
  EXPECT_THAT(log, ElementsAre("unreachable 1"));
}

// C-11, X-17
TEST_F(SessionsOfAShard, ASecondSignalingSessionReplacesTheFirstUnlessItIsAReturn) {
  come(1, call::Dialect::signaling);
  come(2, call::Dialect::signaling);
  EXPECT_THAT(log, ElementsAre("came 1 0", "gone 1 2", "came 2 1"));
  EXPECT_THAT(received[0].all, ElementsAre("1 another"));
  here.suspend(user, at(0, 2));
  log.clear();
  come(3, call::Dialect::signaling);
  EXPECT_THAT(log, ElementsAre("gone 2 2", "came 3 0")) << "who replaces a lost session goes on in its place";
}

TEST_F(SessionsOfAShard, AResumedSessionTakesOverTheIdAndTheOldSocketIsReplaced) {
  come(1);
  come(2);
  log.clear();
  EXPECT_TRUE(here.resume(user, at(0, 2), session_numbered(1)));
  EXPECT_THAT(log, ElementsAre("gone 1 2", "came 2 3"));
  const auto left = sessions.session(user, at(0, 2));
  ASSERT_TRUE(left);
  EXPECT_EQ(left->id, session_numbered(1));
  EXPECT_FALSE(here.resume(user, at(0, 2), session_numbered(9)));
}

TEST_F(SessionsOfAShard, TheEndOfALoginEndsItsSessionsOnly) {
  come(1, call::Dialect::native, 5);
  come(2, call::Dialect::native, 6);
  here.end_login(account::LoginId(Uuid{5}), user, Departure::revoked);
  EXPECT_THAT(received[0].all, ElementsAre("1 another"));
  EXPECT_EQ(sessions.of(user).size(), 1U);
  here.end_all(user);
  EXPECT_TRUE(sessions.of(user).empty());
}

}  // namespace
}  // namespace belfry::sessions
