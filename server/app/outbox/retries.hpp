// Decides, without I/O, what follows from one try of an entry: remove it from the outbox, or try again later.
#pragma once

#include <chrono>
#include <cstdint>
#include <variant>

#include "app/outbox/sender.hpp"

namespace belfry::outbox {

/// The wait after a failed try: doubles with each failure, up to a bound. Each kind may have its own (SPEC J-6.6: PUSH_RETRY_MS).
struct Backoff {
  /// Long enough for a momentary failure to pass: a connection closed while idle, one node's 503. Shorter adds load to a provider
  /// in trouble; longer delays a phone that should ring.
  Duration first = std::chrono::milliseconds{500};
  /// A call rings for 60 s (SPEC R-001-42): with a longer wait, an entry about it would expire before another try after an
  /// outage.
  Duration most = std::chrono::seconds{30};
};
[[nodiscard]] Duration wait_after(std::uint32_t tries, const Backoff& backoff);

enum class Leaves : std::uint8_t { delivered, refused, expired };
struct TryAgain {
  WallTime due{};
  friend bool operator==(const TryAgain&, const TryAgain&) = default;
};
using Verdict = std::variant<Leaves, TryAgain>;

[[nodiscard]] bool has_expired(const store::OutboxEntry& entry, WallTime now);
/// `entry` is as claimed for this try. An entry that would expire before its next try is removed now.
[[nodiscard]] Verdict verdict_on(const store::OutboxEntry& entry, const Outcome& outcome, WallTime now, const Backoff& backoff);

}  // namespace belfry::outbox
