#include "adapters/push/apns.hpp"

#include <utility>

#include "wire/json/writer.hpp"
#include "wire/jwt/jws.hpp"

namespace belfry::push {
namespace {

// Apple refuses a token that is older than an hour, and too many new ones within 20 minutes ("TooManyProviderTokenUpdates").
constexpr Duration kTokenLife = std::chrono::minutes{40};

/// The members stand beside `aps`, which a VoIP push leaves empty.
std::string body_of(const store::PushMessage& message) { return R"({"aps":{},)" + message.json.substr(1); }

const std::string& address_of(const store::Device& device) {
  return device.address.voip_token.empty() ? device.address.token : device.address.voip_token;
}

}  // namespace

void Apns::send(const store::PushMessage& message, Done done) {
  const std::string& token = address_of(message.device);
  HttpRequest request{
      .url = settings_.endpoint + "/3/device/" + token,
      .headers = {"Content-Type: application/json", "apns-push-type: voip", "apns-topic: " + settings_.topic + ".voip",
                  "apns-priority: 10",
                  "apns-expiration: " + seconds_text(std::chrono::milliseconds{now_().unix_ms} + life_of(message))},
      .body = body_of(message),
      .version = HttpVersion::http2};
  send({.request = std::move(request), .token = token, .done = std::move(done), .time = {now_(), timeout_}}, Credential::kept);
}

void Apns::send(Push push, Credential credential) {
  HttpRequest request = push.request;
  request.left = push.time.at(now_());
  if (request.left == Duration{}) return push.done(reply_to(HttpFault::timeout));
  const std::string signed_with = provider_token();
  request.headers.push_back("Authorization: bearer " + signed_with);
  http_(std::move(request), [this, push = std::move(push), credential, signed_with](const HttpResult& result) {
    answered(push, credential, signed_with, result);
  });
}

void Apns::answered(Push push, Credential credential, const std::string& signed_with, const HttpResult& result) {
  if (!result) return push.done(reply_to(result.error()));
  const std::string reason = text_at(result->body, {"reason"});
  if (result->status == 403 && reason == "ExpiredProviderToken" && credential == Credential::kept) {
    if (provider_token_ == signed_with) provider_token_.clear();
    return send(std::move(push), Credential::fresh);
  }
  const bool unknown = result->status == 410 || (result->status == 400 && reason == "BadDeviceToken");
  push.done(unknown ? unregistered(*result, reason, push.token) : reply_to(*result, reason));
}

const std::string& Apns::provider_token() {
  const WallTime now = now_();
  if (!provider_token_.empty() && now - signed_at_ < kTokenLife) return provider_token_;
  std::string claims;
  json::Writer(claims).open_object().member("iss", settings_.team).member("iat", now.unix_ms / 1000).close_object();
  provider_token_ = jwt::sign_jws(claims, settings_.key);
  signed_at_ = now;
  return provider_token_;
}

}  // namespace belfry::push
