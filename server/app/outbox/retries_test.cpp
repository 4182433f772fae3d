#include "app/outbox/retries.hpp"

#include <gtest/gtest.h>

namespace belfry::outbox {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'000'000};

store::OutboxEntry an_entry(std::uint32_t tries, std::optional<WallTime> expires = {}) {
  return {.kind = store::OutboxKind::test, .due = kNow, .expires = expires, .tries = tries};
}
Verdict after(const store::OutboxEntry& entry, const Outcome& outcome) { return verdict_on(entry, outcome, kNow, {}); }
std::int64_t waits_ms(const Verdict& verdict) {
  const auto* again = std::get_if<TryAgain>(&verdict);
  return again == nullptr ? -1 : (again->due - kNow).count();
}

TEST(Retries, WaitDoublesWithEachFailureUpToABound) {
  EXPECT_EQ(waits_ms(after(an_entry(1), Failed{})), 500);
  EXPECT_EQ(waits_ms(after(an_entry(2), Failed{})), 1'000);
  EXPECT_EQ(waits_ms(after(an_entry(6), Failed{})), 16'000);
  EXPECT_EQ(waits_ms(after(an_entry(7), Failed{})), 30'000);
  EXPECT_EQ(waits_ms(after(an_entry(4'000'000'000), Failed{})), 30'000);
}

TEST(Retries, KindMayHaveItsOwnBackoff) { EXPECT_EQ(wait_after(3, {.first = 1s, .most = 1min}), 4s); }

// RFC 9110 10.2.3
TEST(Retries, RetryAfterProlongsTheWaitAndNeverShortensIt) {
  EXPECT_EQ(waits_ms(after(an_entry(1), Failed{.retry_after = 90s})), 90'000);
  EXPECT_EQ(waits_ms(after(an_entry(7), Failed{.retry_after = 1s})), 30'000);
}

TEST(Retries, EntryThatExpiresBeforeItsNextAttemptIsRemovedNow) {
  const WallTime soon = kNow + 500ms;
  EXPECT_EQ(after(an_entry(1, soon), Failed{}), Verdict(Leaves::expired));
  EXPECT_EQ(waits_ms(after(an_entry(1, soon + 1ms), Failed{})), 500);
  EXPECT_EQ(after(an_entry(1, soon), Delivered{}), Verdict(Leaves::delivered));
}

TEST(Retries, UndeliverableEntryIsNotTriedAgain) { EXPECT_EQ(after(an_entry(1), Undeliverable{}), Verdict(Leaves::refused)); }

}  // namespace
}  // namespace belfry::outbox
