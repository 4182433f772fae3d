// What follows from one try of an entry, without I/O: it leaves the outbox, or is tried again later.
#pragma once

#include <chrono>
#include <cstdint>
#include <variant>

#include "app/outbox/sender.hpp"

namespace belfry::outbox {

/// How long to wait after a failure: doubled with each, up to a bound. A kind may have its own (SPEC J-6.6: PUSH_RETRY_MS).
struct Backoff {
  /// What fails for a moment only, a connection that was closed while idle or one node's 503, works again by then. Shorter
  /// presses a provider in trouble; longer is felt by somebody whose phone should ring.
  Duration first = std::chrono::milliseconds{500};
  /// A call rings for 60 s (SPEC R-001-42): longer would leave an entry about it no try after an outage.
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
/// `entry` as it was taken for this try. One that would expire before its next try leaves now.
[[nodiscard]] Verdict verdict_on(const store::OutboxEntry& entry, const Outcome& outcome, WallTime now, const Backoff& backoff);

}  // namespace belfry::outbox
