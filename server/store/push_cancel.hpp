// PushCancel: what the outbox entry of a cancel says to the planner of pushes, as the entry's payload. Written by the calls
// (app/calls), read by the planner (app/push): here, because both include this folder.
#pragma once

#include <string>
#include <string_view>

namespace belfry::store {

struct PushCancel {
  std::string reason{};  // one word, which the devices are sent
  std::string device{};  // the one that acted, and need not be sent it; empty: none did, or it is unknown
  friend bool operator==(const PushCancel&, const PushCancel&) = default;
};

/// The reason, a blank, and the device.
[[nodiscard]] std::string to_text(const PushCancel& cancel);
/// What stands behind the first blank is the device, which may contain blanks.
[[nodiscard]] PushCancel parse_push_cancel(std::string_view text);

}  // namespace belfry::store
