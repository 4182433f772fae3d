// Fcm: Firebase Cloud Messaging, HTTP v1 (SPEC J-6.4). A data message of high priority; the app shows the call. Lives on the
// client's thread.
#pragma once

#include <string>

#include "adapters/push/google_token.hpp"
#include "adapters/push/reply.hpp"
#include "adapters/push/time_left.hpp"

namespace belfry::push {

struct FcmSettings {
  ServiceAccount account;
  std::string endpoint = "https://fcm.googleapis.com";
};

class Fcm {
 public:
  /// `timeout`: for a whole try.
  Fcm(FcmSettings settings, HttpSend http, WallClock now, Duration timeout);
  void send(const store::PushMessage& message, Done done);

 private:
  /// fresh: the kept one was refused, so this try is the last.
  enum class Credential : std::uint8_t { kept, fresh };
  struct Push {
    std::string body{};
    std::string token{};
    Done done{};
    TimeLeft time{};
  };
  void send(Push push, Credential credential);
  void answered(Push push, Credential credential, const std::string& access, const HttpResult& result);

  const FcmSettings settings_;
  const HttpSend http_;
  const WallClock now_;
  const Duration timeout_;
  GoogleToken access_;
};

}  // namespace belfry::push
