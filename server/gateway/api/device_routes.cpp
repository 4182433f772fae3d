#include "gateway/api/device_routes.hpp"

#include <optional>
#include <utility>

#include "base/check.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/api/documents.hpp"
#include "gateway/json/iso_time.hpp"

namespace belfry::gateway {
namespace {

using Services = DeviceServices;
using push::DeviceFlaw;
using push::Devices;

// As long as the longest endpoint; FCM's tokens have about 160 characters.
constexpr std::int64_t kMaxToken = webpush::kMaxEndpoint;
constexpr std::int64_t kMaxName = 128;

/// Tokens and keys are never answered: with those anybody could push to the device.
void append_device(json::Writer& json, const store::Device& device) {
  json.open_object()
      .member("id", to_text(device.id.value()))
      .member("platform", to_text(device.platform))
      .member("name", device.name)
      .member("pushProvider", to_text(device.provider))
      .member("lastActiveAt", iso_text(device.active))
      .member("dnd", device.dnd)
      .member("createdAt", iso_text(device.created))
      .close_object();
}

Detail detail_of(DeviceFlaw flaw) {
  switch (flaw) {
    case DeviceFlaw::token_missing:
      return {"pushToken", "required"};
    case DeviceFlaw::token_invalid:
      return {"pushToken", "invalid"};
    case DeviceFlaw::keys_missing:
      return {"webPushKeys", "required"};
    case DeviceFlaw::keys_invalid:
      return {"webPushKeys", "invalid"};
    case DeviceFlaw::voip_token_invalid:
      return {"voipToken", "invalid"};
  }
  CHECK(false, "a flaw of a device without its field");
}

std::string key_in(const ApiCall& call, std::string_view name) {
  if (!call.has("webPushKeys")) return {};
  const auto key = json::member(call.slice("webPushKeys"), name);
  return key ? json::string_value(*key).value_or("") : std::string();
}

void register_device(const Services& services, const ApiCallPtr& call) {
  Devices::Registration registration{
      .platform = must_have(store::parse_platform(call->required_text("platform")), "one of those allowed"),
      .provider = must_have(store::parse_push_provider(call->required_text("pushProvider")), "one of those allowed"),
      .address = {.token = call->text("pushToken").value_or(""),
                  .voip_token = call->text("voipToken").value_or(""),
                  .p256dh = key_in(*call, "p256dh"),
                  .auth = key_in(*call, "auth")},
      .name = call->text("name").value_or("")};
  if (const auto fine = services.devices.check(registration); !fine)
    return call->fail({.error = ApiError::validation_failed, .details = {detail_of(fine.error())}});
  services.devices.put(call->who.user, std::move(registration), [call](const auto& kept) {
    if (!kept) return call->fail(store_unavailable());
    std::string text;
    json::Writer json(text);
    append_device(json, kept->device);
    call->succeed(kept->how == store::Registered::made ? 201 : 200, text);
  });
}

void list_devices(const Services& services, const ApiCallPtr& call) {
  services.devices.list(call->who.user, [call, key = services.vapid_public_key](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    std::string text;
    json::Writer json(text);
    json.open_object().key("devices").open_array();
    for (const auto& device : *found) append_device(json, device);
    json.close_array().member_or_null("vapidPublicKey", key).close_object();
    call->succeed(text);
  });
}

/// S19
void change_device(const Services& services, const ApiCallPtr& call) {
  store::DeviceChange change{.id = store::DeviceId(call->id("id")), .user = call->who.user, .name = call->text("name")};
  if (call->has("dnd")) change.dnd = call->flag("dnd");
  services.devices.change(std::move(change), [call](const auto& changed) {
    if (!changed) return call->fail(store_unavailable());
    if (!*changed) return call->fail(ApiError::not_found);
    std::string text;
    json::Writer json(text);
    append_device(json, **changed);
    call->succeed(text);
  });
}

void remove_device(const Services& services, const ApiCallPtr& call) {
  services.devices.remove(store::DeviceId(call->id("id")), call->who.user, [call](const auto& removed) {
    if (!removed) return call->fail(store_unavailable());
    if (!*removed) return call->fail(ApiError::not_found);
    call->succeed("null", "Device removed");
  });
}

/// The log has one push of a kind for each call and device, so these make its id.
std::string id_text(const store::PushId& id) {
  return to_text(id.call.value()) + ":" + to_text(id.device.value()) + ":" + std::string(to_text(id.type));
}

void append_delivery(json::Writer& json, const store::PushDelivery& delivery) {
  json.open_object()
      .member("id", id_text(delivery.id))
      .member("callId", to_text(delivery.id.call.value()))
      .member("userId", to_text(delivery.user.value()))
      .member("deviceId", to_text(delivery.id.device.value()))
      .member("kind", to_text(delivery.id.type))
      .member("provider", to_text(delivery.provider))
      .member("status", to_text(delivery.status))
      .member("attempts", std::int64_t{delivery.attempts})
      .member_or_null("error", delivery.error)
      .member_or_null("latencyMs", delivery.latency_ms)
      .member("createdAt", iso_text(delivery.created))
      .member("updatedAt", iso_text(delivery.updated))
      .close_object();
}

void list_deliveries(const Services& services, const ApiCallPtr& call) {
  store::DeliveryQuery query{.page = page_of(*call)};
  if (const auto id = call->uuid("callId")) query.call = store::CallId(*id);
  if (const auto user = call->uuid("userId")) query.user = store::UserId(*user);
  if (const auto status = call->text("status")) query.status = store::parse_push_status(*status);
  services.store.deliveries(query, [call, page = query.page](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    std::string text;
    json::Writer json(text);
    json.open_object().key("deliveries").open_array();
    for (const auto& delivery : found->deliveries) append_delivery(json, delivery);
    json.close_array();
    append_pagination(json, page, found->total);
    json.close_object();
    call->succeed(text);
  });
}

Operation register_operation(const Services& s) {
  return {
      .method = http::Method::post,
      .path = "/api/devices",
      .id = "registerDevice",
      .summary = "Register a device that is pushed when I am called and have no live session",
      .body = {{"platform", FieldKind::text, Need::required, "", {"ios", "android", "web", "desktop"}},
               {"pushProvider", FieldKind::text, Need::required, "", {"fcm", "apns", "webpush", "unifiedpush", "none"}},
               {"pushToken",
                FieldKind::text,
                Need::optional,
                "the provider's token; for webpush and unifiedpush the endpoint. Not needed for none",
                {},
                0,
                kMaxToken},
               {"voipToken", FieldKind::text, Need::optional, "apns: PushKit's token, which gets the rings", {}, 0, kMaxToken},
               {"webPushKeys", FieldKind::object, Need::optional, "webpush, unifiedpush: p256dh and auth of the subscription"},
               {"name", FieldKind::text, Need::optional, "as its user calls it", {}, 0, kMaxName}},
      .status = 201,
      .other_status = 200,
      .data = "Device",
      .act = [s](const ApiCallPtr& call) { register_device(s, call); }};
}

Operation change_operation(const Services& s) {
  return {.method = http::Method::patch,
          .path = "/api/devices/{id}",
          .id = "changeDevice",
          .summary = "Rename a device of mine, or have it ring no more, or again",
          .body = {{"dnd", FieldKind::boolean, Need::optional, "true: calls do not ring it by a push"},
                   {"name", FieldKind::text, Need::optional, "as its user calls it", {}, 0, kMaxName}},
          .at_least_one = {"dnd", "name"},
          .errors = {ApiError::not_found},
          .data = "Device",
          .act = [s](const ApiCallPtr& call) { change_device(s, call); }};
}

Operation deliveries_operation(const Services& s) {
  return {.path = "/api/admin/push/deliveries",
          .id = "adminPushDeliveries",
          .summary = "What became of each push, newest first; pages reach back to the 10000th of those asked for",
          .auth = Auth::admin,
          .query = {{"callId", FieldKind::uuid, Need::optional, "of this call only"},
                    {"userId", FieldKind::uuid, Need::optional, "of this user only"},
                    {"status",
                     FieldKind::text,
                     Need::optional,
                     "",
                     {"pending", "delivered", "failed", "expired", "unregistered", "dropped"}},
                    page_field(),
                    limit_field()},
          .data = "PushDeliveries",
          .act = [s](const ApiCallPtr& call) { list_deliveries(s, call); }};
}

}  // namespace

Operations device_operations(const DeviceServices& services) {
  const Services& s = services;
  return {register_operation(s),
          {.path = "/api/devices",
           .id = "listDevices",
           .summary = "My devices, and the key with which a browser subscribes to Web Push",
           .data = "Devices",
           .act = [s](const ApiCallPtr& call) { list_devices(s, call); }},
          change_operation(s),
          {.method = http::Method::del,
           .path = "/api/devices/{id}",
           .id = "removeDevice",
           .summary = "Push this device no more",
           .errors = {ApiError::not_found},
           .data = "Nothing",
           .act = [s](const ApiCallPtr& call) { remove_device(s, call); }},
          deliveries_operation(s)};
}

}  // namespace belfry::gateway
