// What a server does after the database was away: the others could give no sign of life meanwhile.
#include "main/node_keeper.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace belfry {
namespace {

using namespace std::chrono_literals;
using store::Silence;

/// The servers' table, and whether the database answers.
struct FakeNodes final : store::Nodes {
  void heartbeat(WallTime) override { ++beats; }
  void stopped(WallTime) override {}
  void take_over(std::size_t, Silence silence, store::Done<Expected<store::TakenOver, store::Unavailable>> done) override {
    asked = silence;
    if (away) return done(unexpected(store::Unavailable{}));
    done(store::TakenOver{.released = std::exchange(released, 0)});
  }
  bool away = false;
  Silence asked{};
  std::size_t released = 0;
  int beats = 0;
};

struct EmptyOutbox final : store::Outbox {
  void put(store::OutboxEntry, store::Done<Expected<void, store::Unavailable>>) override {}
  void settle(store::UserId, const store::CallId&) override {}
  void still_waits(store::UserId, const store::CallId&, store::Done<Expected<bool, store::Unavailable>>) override {}
  void waiting(std::uint64_t, std::size_t,
               store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) override {
    if (away) return done(unexpected(store::Unavailable{}));
    done(std::vector<store::OutboxEntry>{});
  }
  void forget_before(WallTime, std::size_t) override {}
  bool away = false;
};

struct StoppedClock final : Clock {
  [[nodiscard]] TimePoint now() const override { return {}; }
  [[nodiscard]] WallTime wall() const override { return {1}; }
};

class NodeHeartbeats : public ::testing::Test {
 protected:
  /// Each second of `time`.
  void pass(std::chrono::seconds time) {
    for (; time > 0s; time -= 1s) keeper_.on_time(now_ += 1s);
  }
  FakeNodes nodes_;
  EmptyOutbox outbox_;
  int adopted_ = 0;
  std::size_t released_ = 0;

 private:
  outbox::EndFollower unheard_ends_{outbox_, 0, [](const store::OutboxEntry&) {}};
  StoppedClock clock_;
  TimePoint now_{3600s};
  NodeKeeper keeper_{{.nodes = nodes_,
                      .unheard_ends = unheard_ends_,
                      .domain_clock = clock_,
                      .sharing = Backend::Sharing::with_others,
                      .adopt = [this](const store::TakenOver& taken) {
                        adopted_ += taken.was_taken_for_gone ? 1 : 0;
                        released_ += taken.released;
                      }}};
};

TEST_F(NodeHeartbeats, SilentServerIsTakenForDead) {
  pass(1s);
  EXPECT_EQ(nodes_.asked, Silence::means_gone);
}

// While the database was away no server could give a sign of life, so the first that is back must not take the others for gone.
TEST_F(NodeHeartbeats, OthersHaveTimeToReportAfterAnOutageOfTheDatabase) {
  nodes_.away = true;
  pass(60s);
  nodes_.away = false;
  pass(9s);
  EXPECT_EQ(nodes_.asked, Silence::is_forgiven);
  pass(1s);
  EXPECT_EQ(nodes_.asked, Silence::means_gone);
  EXPECT_EQ(nodes_.beats, 70) << "each second, whether the last one arrived or not";
}

TEST_F(NodeHeartbeats, FailedReadOfEndsCountsAsAnOutageOfTheDatabase) {
  outbox_.away = true;
  pass(1s);
  outbox_.away = false;
  pass(9s);
  EXPECT_EQ(nodes_.asked, Silence::is_forgiven);
  EXPECT_EQ(adopted_, 1);
  pass(1s);
  EXPECT_EQ(nodes_.asked, Silence::means_gone);
}

// J-6.6: whoever sends them must look at once.
TEST_F(NodeHeartbeats, ReleasedClaimsAreAdoptedAlsoWithoutACall) {
  nodes_.released = 2;
  pass(2s);
  EXPECT_EQ(released_, 2U);
  EXPECT_EQ(adopted_, 0);
}

// the answer that was lost may have said that our calls are others' now.
TEST_F(NodeHeartbeats, CatchesUpOnItsCallsOnceAfterAnOutage) {
  pass(3s);
  EXPECT_EQ(adopted_, 0);
  nodes_.away = true;
  pass(3s);
  nodes_.away = false;
  pass(3s);
  EXPECT_EQ(adopted_, 1);
}

}  // namespace
}  // namespace belfry
