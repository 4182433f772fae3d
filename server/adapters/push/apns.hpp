// Apns: Apple's push service over HTTP/2, with a provider token (SPEC J-6.4). A VoIP push, which wakes the app and must be shown
// as a call. Lives on the client's thread.
#pragma once

#include <string>

#include "adapters/push/google_token.hpp"
#include "adapters/push/reply.hpp"
#include "adapters/push/time_left.hpp"
#include "wire/jwt/signing_key.hpp"

namespace belfry::push {

struct ApnsSettings {
  jwt::SigningKey key;  // ES256; its id is Apple's key id
  std::string team{};
  std::string topic{};  // the app's bundle id
  std::string endpoint = "https://api.push.apple.com";
};

class Apns {
 public:
  /// `timeout`: for a whole try.
  Apns(ApnsSettings settings, HttpSend http, WallClock now, Duration timeout)
      : settings_(std::move(settings)),
        http_(std::move(http)),
        now_(std::move(now)),
        timeout_(timeout) {}
  void send(const store::PushMessage& message, Done done);

 private:
  /// fresh: the kept one was refused, so this try is the last.
  enum class Credential : std::uint8_t { kept, fresh };
  struct Push {
    HttpRequest request{};  // without its credential
    std::string token{};
    Done done{};
    TimeLeft time{};
  };
  void send(Push push, Credential credential);
  void answered(Push push, Credential credential, const std::string& signed_with, const HttpResult& result);
  [[nodiscard]] const std::string& provider_token();

  const ApnsSettings settings_;
  const HttpSend http_;
  const WallClock now_;
  const Duration timeout_;
  std::string provider_token_;
  WallTime signed_at_{};
};

}  // namespace belfry::push
