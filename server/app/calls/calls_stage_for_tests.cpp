#include "app/calls/calls_stage_for_tests.hpp"

namespace belfry::calls::testing {

CallsStage::CallsStage() : world({.shards = 2}), alice(world.phone(1)), bob(world.phone(2)) {}
CallsStage::~CallsStage() { EXPECT_EQ(broken_invariant(world), ""); }

Refused CallsStage::refusal() { return world.answers.back().front().error(); }

bool CallsStage::succeeded() { return world.answers.back().front().has_value(); }

CallId CallsStage::ring() {
  const CallId call = world.start(alice, 2);
  settle();
  return call;
}

CallId CallsStage::connected_call() {
  const CallId call = ring();
  world.accept(bob, call);
  settle();
  return call;
}

std::vector<std::string> CallsStage::newly_received(const Phone& phone) {
  const auto all = phone.received();
  auto& seen = seen_[phone.me.at];
  std::vector<std::string> news(all.begin() + static_cast<std::ptrdiff_t>(seen), all.end());
  seen = all.size();
  return news;
}

}  // namespace belfry::calls::testing
