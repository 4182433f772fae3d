// The watches of two shards over the memory store, whose answers a test holds back or fails.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "app/presence/watches.hpp"
#include "store/forwarding_account_store.hpp"

namespace belfry::presence::testing {

inline constexpr std::uint8_t kAnn = 1, kBen = 2, kCid = 3, kNobody = 9;
inline UserId user(std::uint8_t number) { return UserId(Uuid{number}); }
inline SessionId session(std::uint32_t slot) { return SessionId(Uuid{5, static_cast<std::uint8_t>(slot)}); }
/// Each session of a test has a slot of its own.
inline SessionAddress at(std::uint32_t slot, ShardIndex shard = 0) {
  return {.shard = shard, .node = 0, .slot = slot, .generation = 1};
}

class MovedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return when; }
  [[nodiscard]] WallTime wall() const override { return {}; }
  TimePoint when{std::chrono::seconds{100}};
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
    if (fails && holds) return held.push_back([done = std::move(done)] { done(unexpected(store::Unavailable{})); });
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

class WatchesStage : public ::testing::Test {
 protected:
  WatchesStage() {
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
  void block(std::uint8_t one, std::uint8_t other) {
    stores.conversations().block(user(one), user(other), {}, [](const auto& done) { ASSERT_TRUE(done.has_value()); });
    blocks_changed(one, other);
  }
  void unblock(std::uint8_t one, std::uint8_t other) {
    stores.conversations().unblock(user(one), user(other), [](const auto& done) { ASSERT_TRUE(done.has_value()); });
    blocks_changed(one, other);
  }
  void blocks_changed(std::uint8_t one, std::uint8_t other) {
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

}  // namespace belfry::presence::testing
