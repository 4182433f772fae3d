// What the entry of a call shows of it (SPEC K43). A call that has ended never changes, so the entry keeps this for good.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "domain/call/call_type.hpp"
#include "domain/call/end_reason.hpp"
#include "domain/call/enum_text.hpp"
#include "domain/call/ids.hpp"

namespace belfry::chat {

struct CallSummary {
  call::CallId id{};
  call::CallType media = call::CallType::audio;
  call::Status status = call::Status::ended;  // a final one
  std::optional<call::EndReason> reason{};
  std::optional<WallTime> started{}, ended{};  // started: it was connected
  friend bool operator==(const CallSummary&, const CallSummary&) = default;
};

/// Whole seconds, of a call that was connected (C-26).
[[nodiscard]] std::optional<std::int64_t> duration_seconds(const CallSummary& call);

/// "Missed video call", "Declined audio call", "Video call, 2:05"
[[nodiscard]] std::string line_of(const CallSummary& call);

}  // namespace belfry::chat
