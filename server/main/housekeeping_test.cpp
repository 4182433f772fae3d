#include "main/housekeeping.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "adapters/sqlite/world_for_tests.hpp"
#include "store/store_contract.hpp"

namespace belfry {
namespace {

using namespace store::testing;

class NoonClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return {}; }
  [[nodiscard]] WallTime wall() const override { return at(0); }
};

class HousekeepingRounds : public ::testing::Test {
 protected:
  HousekeepingRounds() {
    for (const std::uint32_t number : {1U, 2U})
      world_.accounts().create({.id = user_id(number), .username = "u" + std::to_string(number)}, [](const auto&) {});
    const WallTime then = at(-std::chrono::milliseconds(std::chrono::hours{24 * 365}).count());
    constexpr std::array<std::byte, kUuidRandomBytes> kAnything{};
    world_.calls().record_attempt(
        {.id = make_uuid_v7(then, kAnything), .caller = user_id(1), .callee = user_id(2), .reason = "busy", .at = then});
    world_.settle();
  }
  Housekeeping housekeeping_with(std::chrono::hours retention) {
    return Housekeeping(
        {.store = {world_.calls(), world_.archive(), world_.accounts(), world_.outbox(), world_.nodes(), world_.due_entries(),
                   world_.conversations(), world_.devices(), world_.messages(), world_.files()},
         .revocations = revocations_,
         .consequences = consequences_,
         .domain_clock = clock_,
         .last_change = 0,
         .retention = retention});
  }
  /// Of a year ago.
  std::size_t attempts_kept_with_a_retention_of(std::chrono::hours retention) {
    Housekeeping housekeeping = housekeeping_with(retention);
    housekeeping.on_time(TimePoint(std::chrono::hours{1}));
    world_.settle();
    std::size_t kept = 99;
    world_.archive().attempts(user_id(1), {}, [&](const auto& found) { kept = found.value().size(); });
    world_.settle();
    return kept;
  }

  std::size_t entries_kept_after_a_sweep() {
    housekeeping_with({}).on_time(TimePoint(std::chrono::hours{1}));
    world_.settle();
    std::size_t kept = 9'999;
    world_.outbox().waiting(0, 5'000, [&](const auto& found) { kept = found.value().size(); });
    world_.settle();
    return kept;
  }

  sqlite::testing::SqliteWorld world_;

 private:
  accounts::RevocationCache revocations_;
  const accounts::Accounts::Consequences consequences_{};
  NoonClock clock_;
};

TEST_F(HousekeepingRounds, OldEntriesOfTheOutboxAreDeletedSoManyAtATime) {
  for (std::uint32_t number = 0; number < 10'200; ++number)
    world_.outbox().put({.to = user_id(1), .call = call_id(number), .at = at(-25L * 3600 * 1000)}, [](const auto&) {});
  EXPECT_EQ(entries_kept_after_a_sweep(), 200U);
  EXPECT_EQ(entries_kept_after_a_sweep(), 0U);
}

constexpr std::chrono::hours kYear{24 * 365};

TEST_F(HousekeepingRounds, RowsOlderThanTheRetentionAreDeleted) {
  EXPECT_EQ(attempts_kept_with_a_retention_of(2 * kYear), 1U);
  EXPECT_EQ(attempts_kept_with_a_retention_of(kYear / 2), 0U);
}

// It reached back to before 1970, where no ids are: that made everything older than it.
TEST_F(HousekeepingRounds, RetentionLongerThanTheEpochKeepsEverything) {
  EXPECT_EQ(attempts_kept_with_a_retention_of(60 * kYear), 1U);
}

TEST_F(HousekeepingRounds, NoRetentionKeepsEverything) { EXPECT_EQ(attempts_kept_with_a_retention_of({}), 1U); }

}  // namespace
}  // namespace belfry
