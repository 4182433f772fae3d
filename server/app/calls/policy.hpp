// What the initiating dialect fixes for a call (SPEC 1.8: C-01, C-05, C-06, C-10, C-21), and the limits all dialects share.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "app/calls/calls.hpp"
#include "base/token_bucket.hpp"
#include "domain/call/state.hpp"

namespace belfry::calls {

// SPEC C-01: what may be asked for. In less a phone that must be woken hears of the call too late; in more a call that nobody
// hears keeps its caller busy.
constexpr std::uint32_t kMinRingSeconds = 5;
constexpr std::uint32_t kMaxRingSeconds = 180;

/// What becomes of a call to somebody of whom no session is here.
enum class Unreachable : std::uint8_t { rings, fails };

struct DialectPolicy {
  call::Policy call{};
  Unreachable unreachable = Unreachable::rings;
  OnGlare glare = OnGlare::fail;
};

struct CallSettings {
  std::array<DialectPolicy, 5> dialects{};  // by call::Dialect
  Duration restart_grace = std::chrono::seconds{30};
  Duration sweep_every = std::chrono::seconds{15};  // at most 60 (R-001-44)
  RateLimit starts{};
  std::size_t most_people = 2;     // in a call: no dialect has words for more yet
  std::uint64_t redaction_salt{};  // random at start: log hashes mean nothing beyond this process

  [[nodiscard]] const DialectPolicy& of(call::Dialect dialect) const { return dialects[static_cast<std::size_t>(dialect)]; }
  [[nodiscard]] DialectPolicy& of(call::Dialect dialect) { return dialects[static_cast<std::size_t>(dialect)]; }
};

/// The defaults of SPEC 2.7: ring times 45, 30, 60, 30, 15 s, graces, glare.
[[nodiscard]] CallSettings default_settings();

}  // namespace belfry::calls
