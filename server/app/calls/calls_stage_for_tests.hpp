// The stage of the calls' tests: two users with a phone each, and what each received since it was asked last. Each subject has
// its own fixture on it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/calls/invariants_for_tests.hpp"
#include "app/calls/signal_relay.hpp"
#include "app/calls/world_for_tests.hpp"

namespace belfry::calls::testing {

class CallsStage : public ::testing::Test {
 protected:
  ~CallsStage() override { EXPECT_EQ(broken_invariant(world), ""); }
  void settle() { world.settle(); }
  Refused refusal() { return world.answers.back().front().error(); }
  bool succeeded() { return world.answers.back().front().has_value(); }
  CallId ring() {
    const CallId call = world.start(alice, 2);
    settle();
    return call;
  }
  CallId connected_call() {
    const CallId call = ring();
    world.accept(bob, call);
    settle();
    return call;
  }
  std::vector<std::string> newly_received(const Phone& phone) {
    const auto all = phone.received();
    auto& seen = seen_[phone.me.at];
    std::vector<std::string> news(all.begin() + static_cast<std::ptrdiff_t>(seen), all.end());
    seen = all.size();
    return news;
  }

  World world{{.shards = 2}};
  Phone alice = world.phone(1), bob = world.phone(2);

 private:
  std::map<SessionAddress, std::size_t> seen_;
};

}  // namespace belfry::calls::testing
