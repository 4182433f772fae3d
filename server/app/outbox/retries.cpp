#include "app/outbox/retries.hpp"

#include <algorithm>

namespace belfry::outbox {

Duration wait_after(std::uint32_t tries, const Backoff& backoff) {
  Duration wait = backoff.first;
  for (std::uint32_t n = 1; n < tries && wait < backoff.most; ++n) wait *= 2;
  return std::min(wait, backoff.most);
}

bool has_expired(const store::OutboxEntry& entry, WallTime now) { return entry.expires && *entry.expires <= now; }

Verdict verdict_on(const store::OutboxEntry& entry, const Outcome& outcome, WallTime now, const Backoff& backoff) {
  if (std::holds_alternative<Delivered>(outcome)) return Leaves::delivered;
  const auto* failed = std::get_if<Failed>(&outcome);
  if (failed == nullptr) return Leaves::refused;
  const Duration wait = std::max(wait_after(entry.tries, backoff), failed->retry_after.value_or(Duration{}));
  const WallTime due = now + std::chrono::ceil<std::chrono::milliseconds>(wait);
  if (has_expired(entry, due)) return Leaves::expired;
  return TryAgain{due};
}

}  // namespace belfry::outbox
