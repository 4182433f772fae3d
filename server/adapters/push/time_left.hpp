// How much time is left of a push, and of one try to send it. PUSH_TIMEOUT_MS (SPEC J-6.6) is for all requests of a try together:
// FCM may need four of them, and a try must end before the claim of its outbox entry lapses, or another server makes one too
// (app/outbox/worker.hpp).
#pragma once

#include <algorithm>
#include <chrono>
#include <string>

#include "base/time.hpp"
#include "store/push_message.hpp"

namespace belfry::push {

/// Until the push expires; never negative, for FCM refuses that. The message has it in the domain's time, and the provider counts
/// it from now in its own: what the domain's clock reads (SPEC J-7.7) means nothing to it.
inline std::chrono::milliseconds life_of(const store::PushMessage& message) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::max(message.left, Duration{}));
}
inline std::string seconds_text(std::chrono::milliseconds time) { return std::to_string(time.count() / 1000); }

class TimeLeft {
 public:
  TimeLeft() = default;
  TimeLeft(WallTime began, Duration all) : began_(began), all_(all) {}
  /// Never negative, and never more than a whole try, however the clock was set.
  [[nodiscard]] Duration at(WallTime now) const {
    const Duration passed = now - began_;
    return std::clamp(all_ - passed, Duration{}, all_);
  }

 private:
  WallTime began_{};
  Duration all_{};
};

}  // namespace belfry::push
