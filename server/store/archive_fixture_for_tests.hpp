// ArchiveFixture: four users and their calls, for the suites that read calls.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>

#include "store/contract_suite.hpp"

namespace belfry::store::testing {

class ArchiveFixture : public FourUsersContract {
 protected:
  /// A missed call that rang for a minute; spoken_call(): one that was connected for `seconds`.
  void missed_call(std::uint32_t number, UserId caller, UserId callee, WallTime when,
                   call::CallType media = call::CallType::audio) {
    auto start = a_call(number, caller, callee, when);
    start.row.media = media;
    ASSERT_TRUE(commits(start));
    ASSERT_TRUE(commits(missed(start, when + std::chrono::minutes{1})));
  }
  void spoken_call(std::uint32_t number, UserId caller, UserId callee, WallTime when, std::int64_t ms) {
    const auto start = a_call(number, caller, callee, when);
    const auto accepted = answered(start, when + std::chrono::seconds{1});
    ASSERT_TRUE(commits(start));
    ASSERT_TRUE(commits(accepted));
    ASSERT_TRUE(commits(ended(accepted, when + std::chrono::milliseconds{1'000 + ms})));
  }
  HistoryPage history(const HistoryQuery& query) {
    return found<HistoryPage>([&](auto done) { world_.archive().history(query, done); });
  }
};

}  // namespace belfry::store::testing
