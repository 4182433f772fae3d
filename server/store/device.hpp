// A device that a user has registered, how it is pushed, and what became of each push (SPEC J-6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/strong_id.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "domain/account/user.hpp"
#include "domain/call/ids.hpp"

namespace belfry::store {

using account::UserId;
using call::CallId;
using DeviceId = StrongId<struct DeviceTag, Uuid>;

enum class Platform : std::uint8_t { ios, android, web, desktop };
/// unifiedpush: a Web Push endpoint of the user's own choice. none: never pushed.
enum class PushProvider : std::uint8_t { fcm, apns, webpush, unifiedpush, none };
enum class PushType : std::uint8_t { ring, cancel };
/// pending: planned, or being tried. delivered: the provider accepted it. unregistered: the provider no longer knows the token,
/// so the device is gone. dropped: no longer of use before it was handed over.
enum class PushStatus : std::uint8_t { pending, delivered, failed, expired, unregistered, dropped };
// For tables by provider or status; device.cpp compares them with the enumerators.
inline constexpr std::size_t kPushProviderCount = 5, kPushStatusCount = 6;

[[nodiscard]] std::string_view to_text(Platform platform);
[[nodiscard]] std::string_view to_text(PushProvider provider);
[[nodiscard]] std::string_view to_text(PushType type);
[[nodiscard]] std::string_view to_text(PushStatus status);
[[nodiscard]] std::optional<Platform> parse_platform(std::string_view text);
[[nodiscard]] std::optional<PushProvider> parse_push_provider(std::string_view text);
[[nodiscard]] std::optional<PushType> parse_push_type(std::string_view text);
[[nodiscard]] std::optional<PushStatus> parse_push_status(std::string_view text);

/// The addresses of a device at its provider. Secrets: they are neither answered nor logged.
struct PushAddress {
  std::string token{};           // pushToken; for Web Push and UnifiedPush the endpoint
  std::string voip_token{};      // APNs: of PushKit; empty: `token` gets the rings
  std::string p256dh{}, auth{};  // Web Push: the subscription's keys, as the browser gave them
  friend bool operator==(const PushAddress&, const PushAddress&) = default;
};

struct Device {
  DeviceId id{};
  UserId user{};
  Platform platform = Platform::web;
  std::string name{};
  PushProvider provider = PushProvider::none;
  PushAddress address{};
  bool dnd = false;
  WallTime active{}, created{};  // lastActiveAt, createdAt
  friend bool operator==(const Device&, const Device&) = default;
};

/// One push to one device.
struct PushId {
  CallId call{};
  DeviceId device{};
  PushType type = PushType::ring;
  friend auto operator<=>(const PushId&, const PushId&) = default;
};

struct PushDelivery {
  PushId id{};
  UserId user{};
  PushProvider provider = PushProvider::none;
  PushStatus status = PushStatus::pending;
  std::uint32_t attempts = 0;  // requests that were handed to the provider
  std::string error{};         // of the last attempt, such as "429 QUOTA_EXCEEDED"; empty: none
  std::optional<std::int64_t> latency_ms{};
  WallTime created{}, updated{};
  friend bool operator==(const PushDelivery&, const PushDelivery&) = default;
};

}  // namespace belfry::store
