// The rules that the dialect of the caller's session fixes for a call (SPEC 1.8: C-01, C-05, C-06, C-10, C-21), and the limits
// that all dialects share.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "app/calls/calls.hpp"
#include "base/token_bucket.hpp"
#include "domain/call/provider.hpp"
#include "domain/call/state.hpp"
#include "domain/conversation/conversation.hpp"

namespace belfry::calls {

// SPEC C-01: the range that a client may choose. Less is too short to wake a phone; more keeps the caller busy with a call that
// nobody answers.
constexpr std::uint32_t kMinRingSeconds = 5;
constexpr std::uint32_t kMaxRingSeconds = 180;

/// What happens to a call whose callee has neither a session nor a device that can be pushed.
enum class Unreachable : std::uint8_t { rings, fails };

struct DialectPolicy {
  call::Policy call{};
  Unreachable unreachable = Unreachable::rings;
  OnGlare glare = OnGlare::fail;
  call::RingPolicy group_ring = call::RingPolicy::immediate;  // C-05: of a group call
};

/// Who is pushed when a call rings: callees without a live session (SPEC J-6.4), or all of them. nobody: no push provider is
/// configured.
enum class PushTo : std::uint8_t { nobody, absent, everybody };

struct CallSettings {
  std::array<DialectPolicy, call::kDialectCount> dialects{};  // by call::Dialect (SPEC 1.8)
  // how long people have to come back to a conversation after a restart. socket.io-client waits at most 5 s between two
  // tries, so each has several.
  Duration restart_grace = std::chrono::seconds{30};
  // S9: a page that said it closes is waited for at most so long. A reload is back within it.
  Duration away_grace = std::chrono::seconds{8};
  // R-001-44 wants 60 s at most. One indexed query each time, so four a minute cost nothing.
  Duration sweep_every = std::chrono::seconds{15};
  RateLimit starts{};
  call::Provider provider = call::Provider::native;  // J-8.1: of calls whose caller has no media token
  PushTo push = PushTo::nobody;
  std::size_t most_people = conversation::kMaxMembers;  // in a call, rung or not
  std::size_t most_joined = 8;                          // J-2.11: in a p2p group call at once, where each sends to each
  std::uint64_t redaction_salt{};                       // random at start: hashes in the log are useless outside this process

  [[nodiscard]] const DialectPolicy& of(call::Dialect dialect) const { return dialects[static_cast<std::size_t>(dialect)]; }
  [[nodiscard]] DialectPolicy& of(call::Dialect dialect) { return dialects[static_cast<std::size_t>(dialect)]; }
};

/// The defaults of SPEC 2.7: ring times 45, 30, 60, 30, 15 s, graces, glare.
[[nodiscard]] CallSettings default_settings();

}  // namespace belfry::calls
