// The stage of the calls' tests: two users with a phone each, and what each received since it was asked last. Each subject has
// its own fixture on it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "app/calls/invariants_for_tests.hpp"
#include "app/calls/world_for_tests.hpp"

namespace belfry::calls::testing {

class CallsStage : public ::testing::Test {
 protected:
  CallsStage();
  ~CallsStage() override;
  void settle() { world.settle(); }
  Refused refusal();
  bool succeeded();
  CallId ring();
  CallId connected_call();
  std::vector<std::string> newly_received(const Phone& phone);

  World world;
  Phone alice, bob;

 private:
  std::map<SessionAddress, std::size_t> seen_;
};

}  // namespace belfry::calls::testing
