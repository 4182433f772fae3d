// The sections of the table of settings (schema.hpp): one function for each, in the file of its kind. For schema.cpp only.
#pragma once

#include <cstdint>
#include <span>

#include "main/config/schema.hpp"

namespace belfry::config {

constexpr std::int64_t kDay = 86'400'000;  // milliseconds

// server_settings.cpp
[[nodiscard]] std::span<const Setting> server_settings();
[[nodiscard]] std::span<const Setting> tls_settings();
[[nodiscard]] std::span<const Setting> log_settings();
[[nodiscard]] std::span<const Setting> cors_settings();
// auth_settings.cpp
[[nodiscard]] std::span<const Setting> auth_settings();
// call_settings.cpp
[[nodiscard]] std::span<const Setting> call_settings();
// push_settings.cpp
[[nodiscard]] std::span<const Setting> push_settings();
[[nodiscard]] std::span<const Setting> fcm_settings();
[[nodiscard]] std::span<const Setting> apns_settings();
[[nodiscard]] std::span<const Setting> vapid_settings();
// media_settings.cpp
[[nodiscard]] std::span<const Setting> media_settings();
[[nodiscard]] std::span<const Setting> ice_settings();
// file_settings.cpp
[[nodiscard]] std::span<const Setting> file_settings();
[[nodiscard]] std::span<const Setting> s3_settings();
[[nodiscard]] std::span<const Setting> cloudinary_settings();
// peerjs_settings.cpp
[[nodiscard]] std::span<const Setting> peerjs_settings();
// rate_limit_settings.cpp
[[nodiscard]] std::span<const Setting> rate_limit_settings();
// connection_settings.cpp
[[nodiscard]] std::span<const Setting> engine_settings();
[[nodiscard]] std::span<const Setting> socket_settings();
[[nodiscard]] std::span<const Setting> presence_settings();
[[nodiscard]] std::span<const Setting> chat_settings();
[[nodiscard]] std::span<const Setting> http_settings();
[[nodiscard]] std::span<const Setting> connection_settings();

}  // namespace belfry::config

/// The field of a Config that holds a setting's value. It may be nested, which a pointer to member cannot say.
#define FIELD(member) [](Config& config) -> ConfigField { return &config.member; }
