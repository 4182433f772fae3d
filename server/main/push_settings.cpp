#include "main/push_settings.hpp"

#include <utility>

#include "main/config/small_file.hpp"
#include "wire/base64/base64.hpp"

namespace belfry {
namespace {

template <class T>
using Read = Expected<std::optional<T>, std::string>;

Read<push::FcmSettings> fcm_settings(const config::Config& config) {
  std::string json = config.fcm.service_account;
  if (json.empty()) return std::nullopt;
  if (!json.starts_with('{')) {
    auto text = config::read_small_file(json);
    if (!text) return unexpected("fcm.service_account: " + text.error());
    json = *std::move(text);
  }
  auto account = push::read_service_account(json);
  if (!account) return unexpected("fcm.service_account " + account.error());
  return push::FcmSettings{.account = *std::move(account), .endpoint = config.fcm.endpoint};
}

Read<push::ApnsSettings> apns_settings(const config::Config& config) {
  const auto& apns = config.apns;
  if (apns.key_file.empty()) return std::nullopt;
  const auto pem = config::read_small_file(apns.key_file);
  if (!pem) return unexpected("apns.key_file: " + pem.error());
  auto key = jwt::SigningKey::from_pem(*pem, apns.key_id);
  if (!key || key->algorithm() != jwt::Algorithm::es256)
    return unexpected("apns.key_file: " + apns.key_file + " is no P-256 key, such as Apple's .p8");
  return push::ApnsSettings{.key = *std::move(key), .team = apns.team_id, .topic = apns.topic, .endpoint = apns.endpoint};
}

Read<push::WebPushSettings> web_push_settings(const config::Config& config) {
  const auto& vapid = config.vapid;
  if (vapid.public_key.empty()) return std::nullopt;
  const auto point = base64::decode(vapid.public_key, base64::Form::url);
  const auto number = base64::decode(vapid.private_key, base64::Form::url);
  auto key = point && number ? jwt::SigningKey::es256(*number, *point) : std::nullopt;
  if (!key)
    return unexpected(
        std::string("vapid.public_key and vapid.private_key are no pair of a P-256 key in base64url; see docs/push.md"));
  return push::WebPushSettings{.key = *std::move(key), .point = *point, .subject = vapid.subject};
}

}  // namespace

Expected<push::PushSettings, std::string> push_settings(const config::Config& config) {
  push::PushSettings settings{.timeout = config.push.timeout, .ca_file = config.push.ca_file};
  if (config.dev || config.push.allow_private) settings.users_endpoints = webpush::AllowedHosts::private_too;
  auto fcm = fcm_settings(config);
  if (!fcm) return unexpected(fcm.error());
  auto apns = apns_settings(config);
  if (!apns) return unexpected(apns.error());
  auto web_push = web_push_settings(config);
  if (!web_push) return unexpected(web_push.error());
  settings.fcm = *std::move(fcm);
  settings.apns = *std::move(apns);
  settings.web_push = *std::move(web_push);
  return settings;
}

}  // namespace belfry
