#include "app/outbox/end_follower.hpp"

#include <gtest/gtest.h>

#include <map>

namespace belfry::outbox {
namespace {

using namespace std::chrono_literals;

class OtherServersOutbox final : public store::Outbox {
 public:
  void put(store::OutboxEntry, store::Done<Expected<void, store::Unavailable>>) override {}
  void settle(store::UserId, const store::CallId&) override {}
  void still_waits(store::UserId, const store::CallId&, store::Done<Expected<bool, store::Unavailable>>) override {}
  void waiting(std::uint64_t after_seq, std::size_t limit,
               store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) override {
    if (away) return done(unexpected(store::Unavailable{}));
    std::vector<store::OutboxEntry> page;
    for (auto at = visible.upper_bound(after_seq); at != visible.end() && page.size() < limit; ++at) page.push_back(at->second);
    done(page);
  }
  void forget_before(WallTime, std::size_t) override {}
  void commits(std::uint64_t seq) {
    Uuid id{1};
    for (std::size_t i = 0; i < sizeof(seq); ++i) id[8 + i] = static_cast<std::uint8_t>(seq >> (8 * i));
    visible[seq] = {.to = store::UserId(id), .call = store::CallId(id), .seq = seq};
  }
  std::map<std::uint64_t, store::OutboxEntry> visible;
  bool away = false;
};

class EndFollowing : public ::testing::Test {
 protected:
  void read_after(Duration time) {
    follower_.read(now_ += time, [this] { ++unavailable_; });
  }
  OtherServersOutbox outbox_;
  std::map<std::uint64_t, int> learnt_;
  int unavailable_ = 0;

 private:
  TimePoint now_{1h};
  EndFollower follower_{outbox_, 0, [this](const store::OutboxEntry& entry) { ++learnt_[entry.seq]; }};
};

TEST_F(EndFollowing, AllWaitingEntriesAreReadAtOnce) {
  for (std::uint64_t seq = 1; seq <= 2'500; ++seq) outbox_.commits(seq);
  read_after(1s);
  EXPECT_EQ(learnt_.size(), 2'500U);
  read_after(1s);
  EXPECT_EQ(learnt_.size(), 2'500U);
  for (const auto& [seq, times] : learnt_) ASSERT_EQ(times, 1) << seq;
}

// found by an attack. Only the last 256 numbers were read again.
TEST_F(EndFollowing, EntryThatCommitsLateIsReadAlthoughLaterOnesWereRead) {
  for (std::uint64_t seq = 2; seq <= 1'000; ++seq) outbox_.commits(seq);
  read_after(1s);
  outbox_.commits(1);
  read_after(4s);
  EXPECT_EQ(learnt_[1], 1);
}

TEST_F(EndFollowing, EntryThatCommitsDuringAPauseIsRead) {
  for (std::uint64_t seq = 2; seq <= 1'000; ++seq) outbox_.commits(seq);
  read_after(1s);
  outbox_.commits(1);
  read_after(1h);
  EXPECT_EQ(learnt_[1], 1);
  read_after(1s);
  read_after(20s);
  EXPECT_EQ(learnt_[1], 1) << "once";
}

TEST_F(EndFollowing, FailedReadIsReportedAndRepeated) {
  outbox_.commits(1);
  outbox_.away = true;
  read_after(1s);
  EXPECT_EQ(unavailable_, 1);
  outbox_.away = false;
  read_after(1s);
  EXPECT_EQ(learnt_[1], 1);
  EXPECT_EQ(unavailable_, 1);
}

}  // namespace
}  // namespace belfry::outbox
