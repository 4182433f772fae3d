#include "app/push/devices.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "base/new_uuid.hpp"
#include "wire/webpush/message.hpp"

namespace belfry::push {
namespace {

using store::PushProvider;

/// FCM's tokens: letters, digits, "-", "_", ":" and ".". One becomes a part of JSON, or of a URL.
bool is_token(std::string_view token) {
  return std::all_of(token.begin(), token.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == ':' ||
           c == '.';
  });
}

/// Apple's VoIP tokens (J-6.1). An app may register any `pushToken` of its own beside one.
bool is_hex(std::string_view token) {
  return std::all_of(token.begin(), token.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

/// What the provider does not use is neither checked nor kept.
store::PushAddress used_by(PushProvider provider, store::PushAddress given) {
  switch (provider) {
    case PushProvider::webpush:
    case PushProvider::unifiedpush:
      return {.token = std::move(given.token), .p256dh = std::move(given.p256dh), .auth = std::move(given.auth)};
    case PushProvider::apns:
      return {.token = std::move(given.token), .voip_token = std::move(given.voip_token)};
    case PushProvider::fcm:
      return {.token = std::move(given.token)};
    case PushProvider::none:
      return {};
  }
  CHECK(false, "a push provider without what it uses");
}

}  // namespace

Expected<void, DeviceFlaw> Devices::check(const Registration& registration) const {
  const auto& [token, voip_token, p256dh, auth] = registration.address;
  const auto fine_if = [](bool fine, DeviceFlaw otherwise) -> Expected<void, DeviceFlaw> {
    return fine ? Expected<void, DeviceFlaw>() : unexpected(otherwise);
  };
  if (registration.provider == PushProvider::none) return {};
  if (token.empty()) return unexpected(DeviceFlaw::token_missing);
  switch (registration.provider) {
    case PushProvider::webpush:
    case PushProvider::unifiedpush:
      if (!webpush::is_endpoint(token, parts_.endpoints)) return unexpected(DeviceFlaw::token_invalid);
      if (p256dh.empty() || auth.empty()) return unexpected(DeviceFlaw::keys_missing);
      return fine_if(webpush::read_keys(p256dh, auth).has_value(), DeviceFlaw::keys_invalid);
    case PushProvider::apns:
      if (!is_token(token)) return unexpected(DeviceFlaw::token_invalid);
      return fine_if(is_hex(voip_token), DeviceFlaw::voip_token_invalid);
    case PushProvider::fcm:
    case PushProvider::none:
      return fine_if(is_token(token), DeviceFlaw::token_invalid);
  }
  CHECK(false, "a push provider without a form of its tokens");
}

void Devices::put(store::UserId user, Registration registration, Answer<store::RegisteredDevice> done) {
  own_thread_.check();
  const WallTime now = parts_.clock.wall();
  parts_.store.put({.id = store::DeviceId(new_uuid(parts_.clock, parts_.random)),
                    .user = user,
                    .platform = registration.platform,
                    .name = std::move(registration.name),
                    .provider = registration.provider,
                    .address = used_by(registration.provider, std::move(registration.address)),
                    .active = now,
                    .created = now},
                   std::move(done));
}

void Devices::used(store::UserId user, std::string_view device) {
  own_thread_.check();
  const auto id = parse_uuid(device);
  const WallTime now = parts_.clock.wall();
  if (id && recent_.note(user, store::DeviceId(*id), now)) parts_.store.touch(store::DeviceId(*id), user, now);
}

}  // namespace belfry::push
