#include "protocol/heartbeat_ring.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace belfry::protocol {
namespace {

using namespace std::chrono_literals;

struct Beats {
  std::map<std::uint32_t, Beat>* beats;
  Beat& operator()(std::uint32_t slot) const { return (*beats)[slot]; }
};

class HeartbeatRing : public ::testing::Test {
 protected:
  std::map<std::uint32_t, Beat> beats;
  protocol::HeartbeatRing<Beats> ring{25s, 20s, Beats{&beats}};
  std::vector<std::uint32_t> pinged;
  std::vector<std::uint32_t> checked;
  static TimePoint at(Duration since) { return TimePoint{since}; }
  void run(Duration now) {
    ring.run(at(now), [&](auto slot) { checked.push_back(slot); }, [&](auto slot) { pinged.push_back(slot); });
  }
};

TEST_F(HeartbeatRing, PingsEachSessionOnItsOwnPhaseAndDoesNotDrift) {
  ring.add(1, at(0s));
  ring.add(2, at(10s));
  run(25s + 3ms);  // late by three milliseconds
  EXPECT_EQ(pinged, std::vector<std::uint32_t>{1});
  run(35s);
  run(50s);
  EXPECT_EQ(pinged, (std::vector<std::uint32_t>{1, 2, 1}));
}

TEST_F(HeartbeatRing, ChecksAnAnswerExactlyATimeoutAfterItsPing) {
  ring.add(1, at(0s));
  run(25s);
  checked.clear();
  run(45s - 1ns);
  EXPECT_TRUE(checked.empty());
  EXPECT_EQ(ring.next_deadline(), at(45s));
  run(45s);
  EXPECT_EQ(checked, std::vector<std::uint32_t>{1});
}

TEST_F(HeartbeatRing, SurvivesTheRemovalOfAnyMember) {
  for (std::uint32_t slot = 0; slot < 5; ++slot) ring.add(slot, at(std::chrono::seconds(slot)));
  run(26s);
  ring.remove(0);
  ring.remove(3);
  ring.remove(2);
  pinged.clear();
  run(60s);
  EXPECT_EQ(pinged, (std::vector<std::uint32_t>{4, 1, 4}));
  ring.remove(1);
  ring.remove(4);
  EXPECT_EQ(ring.next_deadline(), kNever);
}

}  // namespace
}  // namespace belfry::protocol
