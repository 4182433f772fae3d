// Four users do whatever comes to their minds, at random moments, on one to three shards, over networks and stores that
// fail. The seed of a failing run is in the test's trace.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "app/stage.hpp"

namespace belfry::app::testing {
namespace {

using ::testing::IsEmpty;

constexpr std::uint64_t kRuns = 4000;
constexpr int kActs = 60;

class Crowd {
 public:
  explicit Crowd(std::uint64_t seed)
      : stage_({.shards = static_cast<ShardIndex>(seed % 3 + 1),
                .seed = seed,
                .finish = seed % 5 < 2 ? StageStore::Finish::at_once : StageStore::Finish::later}) {
    for (const char* name : {"ann", "ben", "cat", "dan"}) phones_.push_back(stage_.phone(name));
  }

  void play() {
    for (int act = 0; act < kActs; ++act) {
      one_act();
      for (auto steps = stage_.chance() % 4; steps > 0; --steps) stage_.step();
    }
    stage_.store.down = false;
    stage_.pass(60s);
    for (auto& phone : phones_) phone.goes(Departure::left);
    stage_.pass(60s);
  }

  void check() {
    EXPECT_THAT(stage_.breaches, IsEmpty());
    check_slots();
    check_endings();
  }
  [[nodiscard]] CallStats stats() { return stage_.exchange().stats(); }

 private:
  void one_act() {
    Phone& me = phones_[stage_.chance() % phones_.size()];
    const std::string peer = phones_[stage_.chance() % phones_.size()].name();
    switch (stage_.chance() % 16) {
      case 0:
      case 1:
      case 2:
      case 3:
        return me.calls(peer);
      case 4:
      case 5:
      case 6:
        return me.answers(peer);
      case 7:
        return me.declines(peer);
      case 8:
      case 9:
        return me.hangs_up(peer);
      case 10:
      case 11:
        return me.sends(peer, "c");
      case 12:
        return me.goes(stage_.chance() % 2 == 0 ? Departure::lost : Departure::left);
      case 13:
        me = stage_.phone(me.name());
        return;
      case 14:
        return stage_.set_time(stage_.now() + std::chrono::milliseconds(stage_.chance() % 4000));
      default:
        stage_.store.down = stage_.chance() % 4 == 0;
    }
  }

  /// I-1 and I-4, over the whole history as it was committed.
  void check_slots() {
    std::map<std::string, oldcall::CallId> in_call;
    for (const auto& row : stage_.store.history)
      for (const auto& name : {row.caller.value(), row.callee.value()}) {
        const bool free = row.version != 1 || in_call.emplace(name, row.id).second;
        EXPECT_TRUE(free) << name << " is in two calls";
        if (row.ended) in_call.erase(name);
      }
    EXPECT_THAT(stage_.store.slots, IsEmpty());
    EXPECT_EQ(stage_.exchange().stats().active, 0);
  }

  /// I-5: each end is told once to each party who did not make it, and to nobody else.
  void check_endings() {
    std::map<std::string, int> owed, told;
    for (const auto& row : stage_.store.history) {
      if (!row.ended) continue;
      const bool timed_out = row.end_reason == oldcall::EndReason::timeout;
      const bool by_caller = row.ended_by == row.caller;
      const bool by_callee = row.ended_by == row.callee;
      if (row.end_reason == oldcall::EndReason::connection_lost) {
        ++owed["lost"];
        continue;
      }
      owed[row.caller.value()] += timed_out || by_callee;
      owed[row.callee.value()] += timed_out || by_caller;
    }
    for (const auto& [at, heard] : stage_.heard)
      for (const auto& line : heard) {
        if (line.ends_with("connection_lost")) {
          ++told["lost"];
        } else if (line.starts_with("ended") || line.starts_with("declined") || line.starts_with("timeout")) {
          ++told[stage_.name_at(at)];
        }
      }
    for (const auto& [name, count] : owed) EXPECT_EQ(told[name], count) << "endings told to " << name;
    for (const auto& [name, count] : told) EXPECT_EQ(owed[name], count) << "endings owed to " << name;
  }

  Stage stage_;
  std::vector<Phone> phones_;
};

TEST(Crowd, WhateverFourUsersDoEachCallEndsOnceForEachAndNoSlotIsLeft) {
  CallStats all;
  for (std::uint64_t seed = 1; seed <= kRuns && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Crowd crowd(seed);
    crowd.play();
    crowd.check();
    all.answered += crowd.stats().answered;
    all.lost += crowd.stats().lost;
    all.timed_out += crowd.stats().timed_out;
  }
  // The crowd does come by the states that the checks are about.
  EXPECT_GT(all.answered, 1000);
  EXPECT_GT(all.lost, 1000);
  EXPECT_GT(all.timed_out, 100);
}

}  // namespace
}  // namespace belfry::app::testing
