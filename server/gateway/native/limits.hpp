// native::Limits: whether a session may send this event now: how often (SPEC C-02), and with a credential that is still valid.
// What is refused is answered here; the first refusal of each kind also comes as an event.
#pragma once

#include <string_view>

#include "base/token_bucket.hpp"
#include "gateway/native/client_event.hpp"
#include "gateway/native/ports.hpp"
#include "gateway/native/sessions.hpp"

namespace belfry::gateway::native {

class Limits {
 public:
  Limits(const NativeSettings& settings, const NativePorts& ports, Sessions& sessions)
      : settings_(settings),
        ports_(ports),
        sessions_(sessions) {}
  [[nodiscard]] bool admits_signal(const ClientEvent& event);
  /// call.media and call.quality.
  [[nodiscard]] bool admits_report(const ClientEvent& event);
  /// SPEC X-30: joining a call requires a credential that is still valid; a call already joined does not.
  [[nodiscard]] bool may_join(const ClientEvent& event);

 private:
  struct Kind {
    std::string_view bucket, plural;
  };
  [[nodiscard]] bool admits(const ClientEvent& event, TokenBucket& used, const RateLimit& limit, Kind kind);

  const NativeSettings& settings_;
  const NativePorts& ports_;
  Sessions& sessions_;
};

}  // namespace belfry::gateway::native
