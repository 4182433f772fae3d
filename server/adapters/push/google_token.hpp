// GoogleToken: the access token with which a service account calls Google's APIs (OAuth 2.0, RFC 7523 2.1). It is fetched when it
// is first needed and kept until shortly before it expires; who asks meanwhile waits for the one request. Lives on the
// HTTP client's thread, in real time (SPEC J-7.7).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/push/http_client.hpp"
#include "wire/jwt/signing_key.hpp"

namespace belfry::push {

using WallClock = std::function<WallTime()>;

/// The file that Google gives out for a service account.
struct ServiceAccount {
  std::string project{};
  std::string email{};
  std::string token_uri{};
  jwt::SigningKey key;
};
/// The error is for the operator.
[[nodiscard]] Expected<ServiceAccount, std::string> read_service_account(std::string_view json);

class GoogleToken {
 public:
  using Got = std::function<void(const Expected<std::string, std::string>&)>;  // the token, or why there is none

  GoogleToken(const ServiceAccount& account, HttpSend http, WallClock now)
      : account_(account),
        http_(std::move(http)),
        now_(std::move(now)) {}
  /// `left`: how long the caller can wait. Who comes later and waits for the same request has more time.
  void get(Duration left, Got got);
  /// Google refused this token: the next get() fetches another one. Does nothing if that happened already.
  void refused(std::string_view token);

 private:
  void fetch(Duration left);
  void fetched(const HttpResult& result);

  const ServiceAccount& account_;
  const HttpSend http_;
  const WallClock now_;
  std::string token_;
  WallTime expires_{};
  std::vector<Got> waiting_;
};

}  // namespace belfry::push
