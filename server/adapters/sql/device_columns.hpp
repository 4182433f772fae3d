// A device and a delivery in columns (call_columns.hpp describes `Out` and `In`).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/device_store.hpp"

namespace belfry::sql {

// Of `devices d`; 12 values, in the order of put_device().
inline constexpr std::string_view kDeviceColumns =
    R"("id", "userId", "platform", "name", "pushProvider", "pushToken", "voipToken", "p256dh", "auth", "dnd", "lastActiveAt", "createdAt")";
inline constexpr std::string_view kDeviceReadColumns =
    R"(d."id", d."userId", d."platform", d."name", d."pushProvider", d."pushToken", d."voipToken", d."p256dh", d."auth", d."dnd", )"
    R"(d."lastActiveAt", d."createdAt")";
inline constexpr std::string_view kDeliveryColumns =
    R"("callId", "deviceId", "type", "userId", "provider", "status", "attempts", "error", "latencyMs", "createdAt", "updatedAt")";

template <class Out>
void put_device(Out& out, const store::Device& device) {
  out.uuid(device.id.value());
  out.uuid(device.user.value());
  out.text(to_text(device.platform));
  out.text(device.name);
  out.text(to_text(device.provider));
  out.text(device.address.token);
  out.text(device.address.voip_token);
  out.text(device.address.p256dh);
  out.text(device.address.auth);
  out.flag(device.dnd);
  out.time(device.active);
  out.time(device.created);
}

template <class In>
[[nodiscard]] store::Device take_device(In& in) {
  store::Device device;
  device.id = store::DeviceId(in.uuid());
  device.user = store::UserId(in.uuid());
  device.platform = store::parse_platform(in.text()).value_or(store::Platform::web);
  device.name = in.text();
  device.provider = store::parse_push_provider(in.text()).value_or(store::PushProvider::none);
  device.address.token = in.text();
  device.address.voip_token = in.text();
  device.address.p256dh = in.text();
  device.address.auth = in.text();
  device.dnd = in.flag();
  device.active = in.time();
  device.created = in.time();
  return device;
}

template <class Out>
void put_push_id(Out& out, const store::PushId& id) {
  out.uuid(id.call.value());
  out.uuid(id.device.value());
  out.text(to_text(id.type));
}

template <class In>
[[nodiscard]] store::PushDelivery take_delivery(In& in) {
  store::PushDelivery delivery;
  delivery.id.call = store::CallId(in.uuid());
  delivery.id.device = store::DeviceId(in.uuid());
  delivery.id.type = store::parse_push_type(in.text()).value_or(store::PushType::ring);
  delivery.user = store::UserId(in.uuid());
  delivery.provider = store::parse_push_provider(in.text()).value_or(store::PushProvider::none);
  delivery.status = store::parse_push_status(in.text()).value_or(store::PushStatus::failed);
  delivery.attempts = static_cast<std::uint32_t>(in.number());
  delivery.error = in.text();
  if (const auto latency = in.maybe_time()) delivery.latency_ms = latency->unix_ms;
  delivery.created = in.time();
  delivery.updated = in.time();
  return delivery;
}

}  // namespace belfry::sql
