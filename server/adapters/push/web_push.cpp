#include "adapters/push/web_push.hpp"

#include <utility>

#include "adapters/push/time_left.hpp"
#include "wire/webpush/message.hpp"
#include "wire/webpush/vapid.hpp"

namespace belfry::push {
namespace {

// Users of UnifiedPush may name any origin. Beyond this many all are forgotten: signing one again takes 30 us.
constexpr std::size_t kMaxOrigins = 1'000;
constexpr Duration kMargin = std::chrono::minutes{10};  // for a clock that is slow there

/// RFC 8030 5.4: at most 32 letters of base64url.
std::string topic_of(const store::CallId& call) {
  std::string topic = to_text(call.value());
  std::erase(topic, '-');
  return topic;
}

}  // namespace

void WebPush::send(const store::PushMessage& message, Done done) {
  const store::PushAddress& address = message.device.address;
  const auto keys = webpush::read_keys(address.p256dh, address.auth);
  const std::string origin = webpush::origin_of(address.token);
  if (!keys || origin.empty() || message.json.size() > webpush::kMaxPlaintext)
    return done({store::PushRefused{"bad subscription"}});
  HttpRequest request{.url = address.token,
                      .headers = {"Content-Type: application/octet-stream", "Content-Encoding: aes128gcm",
                                  "TTL: " + seconds_text(life_of(message)), "Urgency: high", "Topic: " + topic_of(message.call),
                                  "Authorization: " + authorization_for(origin)},
                      .body = webpush::encrypt(message.json, *keys, *random_)};
  http_(std::move(request), [endpoint = address.token, done = std::move(done)](const HttpResult& result) {
    if (!result) return done(reply_to(result.error()));
    const bool unknown = result->status == 404 || result->status == 410;
    done(unknown ? unregistered(*result, {}, endpoint) : reply_to(*result));
  });
}

const std::string& WebPush::authorization_for(const std::string& origin) {
  const WallTime now = now_();
  if (authorizations_.size() >= kMaxOrigins) authorizations_.clear();
  Authorization& kept = authorizations_[origin];
  if (now + kMargin < kept.expires) return kept.header;
  kept.expires = now + webpush::kTokenLifetime;
  kept.header = webpush::vapid_header(settings_.key, settings_.point, origin, settings_.subject, kept.expires);
  return kept.header;
}

}  // namespace belfry::push
