// PushSender: the port to the push providers, and what is said over it. It is here, and not beside its user (app/push), because
// adapters may include this folder only.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "base/time.hpp"
#include "store/device.hpp"

namespace belfry::store {

/// SPEC J-6.5: how long a cancel is of use after the ring's end: the phone may be ringing still. Counted from the step that
/// causes it, and again from when it is planned: one whose ring has just ended must still leave.
constexpr std::chrono::milliseconds kCancelFor = std::chrono::seconds{10};

struct PushMessage {
  Device device{};
  CallId call{};       // pushes about one call may replace each other while the device is unreachable
  std::string json{};  // an object whose members are all strings (SPEC J-6.4)
  Duration left{};     // until it expires; may be negative
};

struct PushAccepted {};
/// The provider is busy, silent or unreachable: a later try may succeed, not before `retry_after`.
struct PushPostponed {
  std::string error{};
  std::optional<Duration> retry_after{};
};
/// The provider refused the message: do not try again.
struct PushRefused {
  std::string error{};
};
/// The provider does not know the token any more.
struct PushUnregistered {
  std::string token{};
  std::string error{};
};
using PushOutcome = std::variant<PushAccepted, PushPostponed, PushRefused, PushUnregistered>;
struct PushReply {
  PushOutcome outcome{};
  std::optional<Duration> took{};  // from hand-over to the provider's answer; none: it did not answer
};

class PushSender {
 public:
  virtual ~PushSender() = default;
  /// Whether the provider is configured.
  [[nodiscard]] virtual bool serves(PushProvider provider) const = 0;
  /// Calls `done` once, later, on the shard of this sender. The provider must be served.
  virtual void send(PushMessage message, std::function<void(const PushReply&)> done) = 0;
};

}  // namespace belfry::store
