// WebPush: Web Push (RFC 8030) and UnifiedPush, which is the same with an endpoint of the user's choice (SPEC J-6.4). Lives on
// the thread of the client for users' endpoints.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "adapters/push/google_token.hpp"
#include "adapters/push/reply.hpp"
#include "base/random.hpp"
#include "wire/jwt/signing_key.hpp"

namespace belfry::push {

struct WebPushSettings {
  jwt::SigningKey key;  // ES256
  std::string point{};  // its public half, 65 bytes
  std::string subject{};
};

class WebPush {
 public:
  WebPush(WebPushSettings settings, HttpSend http, WallClock now, std::unique_ptr<Random> random)
      : settings_(std::move(settings)),
        http_(std::move(http)),
        now_(std::move(now)),
        random_(std::move(random)) {}
  void send(const store::PushMessage& message, Done done);

 private:
  [[nodiscard]] const std::string& authorization_for(const std::string& origin);

  struct Authorization {
    std::string header{};
    WallTime expires{};
  };
  const WebPushSettings settings_;
  const HttpSend http_;
  const WallClock now_;
  std::unique_ptr<Random> random_;
  std::map<std::string, Authorization> authorizations_;  // by origin: the browsers' push services are a few
};

}  // namespace belfry::push
