#include "main/node_keeper.hpp"

#include <gtest/gtest.h>

#include <map>

namespace belfry {
namespace {

using namespace std::chrono_literals;

class OtherServersOutbox final : public store::Outbox {
 public:
  void put(store::OutboxEntry) override {}
  void settle(store::UserId, const store::CallId&) override {}
  void still_waits(store::UserId, const store::CallId&, store::Done<Expected<bool, store::Unavailable>>) override {}
  void waiting(std::uint64_t after_seq, std::size_t limit,
               store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) override {
    std::vector<store::OutboxEntry> page;
    for (auto at = visible.upper_bound(after_seq); at != visible.end() && page.size() < limit; ++at) page.push_back(at->second);
    done(page);
  }
  void forget_before(WallTime) override {}
  void commits(std::uint64_t seq) {
    Uuid id{1};
    for (std::size_t i = 0; i < sizeof(seq); ++i) id[8 + i] = static_cast<std::uint8_t>(seq >> (8 * i));
    visible[seq] = {.to = store::UserId(id), .call = store::CallId(id), .seq = seq};
  }
  std::map<std::uint64_t, store::OutboxEntry> visible;
};

class NoNodes final : public store::Nodes {
 public:
  void heartbeat(WallTime) override {}
  void stopped(WallTime) override {}
  void take_over(std::size_t, store::Silence, store::Done<Expected<store::TakenOver, store::Unavailable>> done) override {
    done(store::TakenOver{});
  }
};

class FixedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint(1h); }
  [[nodiscard]] WallTime wall() const override { return {1}; }
};

class NodeKeeping : public ::testing::Test {
 protected:
  void beat_after(Duration time) { keeper.on_time(now += time); }
  OtherServersOutbox outbox;
  NoNodes nodes;
  FixedClock clock;
  calls::UnheardEnds unheard;
  std::map<std::uint64_t, int> told;
  TimePoint now{1h};
  NodeKeeper keeper{{.nodes = nodes,
                     .outbox = outbox,
                     .unheard = unheard,
                     .domain_clock = clock,
                     .shared = true,
                     .outbox_read = 0,
                     .adopt = [](const store::TakenOver&) {},
                     .tell = [this](const store::OutboxEntry& entry) { ++told[entry.seq]; }}};
};

TEST_F(NodeKeeping, AllThatWaitsIsLearntInOneBeatHoweverMuch) {
  for (std::uint64_t seq = 1; seq <= 2'500; ++seq) outbox.commits(seq);
  beat_after(1s);
  EXPECT_EQ(told.size(), 2'500U);
  beat_after(1s);
  EXPECT_EQ(told.size(), 2'500U);
  for (const auto& [seq, times] : told) ASSERT_EQ(times, 1) << seq;
}

// found by an attack. Only the last 256 numbers were read again.
TEST_F(NodeKeeping, EntryWhoseTransactionCommitsLateIsLearntHoweverManyOvertookIt) {
  for (std::uint64_t seq = 2; seq <= 1'000; ++seq) outbox.commits(seq);
  beat_after(1s);
  outbox.commits(1);
  beat_after(4s);
  EXPECT_EQ(told[1], 1);
}

TEST_F(NodeKeeping, EntryThatCommitsWhileWeStandStillIsLearnt) {
  for (std::uint64_t seq = 2; seq <= 1'000; ++seq) outbox.commits(seq);
  beat_after(1s);
  outbox.commits(1);
  beat_after(1h);
  EXPECT_EQ(told[1], 1);
  beat_after(1s);
  beat_after(20s);
  EXPECT_EQ(told[1], 1) << "once";
}

}  // namespace
}  // namespace belfry
