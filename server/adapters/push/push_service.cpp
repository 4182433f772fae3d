#include "adapters/push/push_service.hpp"

#include <utility>

#include "base/check.hpp"

namespace belfry::push {
namespace {

HttpSend sending_by(HttpClient& client) {
  return [&client](HttpRequest request, std::function<void(const HttpResult&)> done) {
    client.send(std::move(request), std::move(done));
  };
}

}  // namespace

PushService::PushService(PushSettings settings, Mailboxes& mailboxes, WallClock now, std::unique_ptr<Random> random)
    : mailboxes_(mailboxes) {
  if (settings.fcm || settings.apns) {
    to_providers_.emplace(HttpSettings{.timeout = settings.timeout, .ca_file = settings.ca_file});
    if (settings.fcm) fcm_.emplace(*std::move(settings.fcm), sending_by(*to_providers_), now, settings.timeout);
    if (settings.apns) apns_.emplace(*std::move(settings.apns), sending_by(*to_providers_), now, settings.timeout);
  }
  if (settings.web_push) {
    to_users_.emplace(HttpSettings{.timeout = settings.timeout, .ca_file = settings.ca_file, .hosts = settings.users_endpoints});
    web_push_.emplace(*std::move(settings.web_push), sending_by(*to_users_), std::move(now), std::move(random));
  }
}

PushService::~PushService() = default;

bool PushService::serves(store::PushProvider provider) const {
  switch (provider) {
    case store::PushProvider::fcm:
      return fcm_.has_value();
    case store::PushProvider::apns:
      return apns_.has_value();
    case store::PushProvider::webpush:
    case store::PushProvider::unifiedpush:
      return web_push_.has_value();
    case store::PushProvider::none:
      return false;
  }
  return false;
}

void PushService::send(ShardIndex answer_on, store::PushMessage message, Done done) {
  CHECK(serves(message.device.provider), "a provider that is configured");
  auto answer = [this, answer_on, done = std::move(done)](const store::PushReply& reply) {
    mailboxes_.post(answer_on, [done, reply] { done(reply); });
  };
  const auto provider = message.device.provider;
  const bool to_user = provider == store::PushProvider::webpush || provider == store::PushProvider::unifiedpush;
  auto& client = to_user ? to_users_ : to_providers_;
  CHECK(client.has_value(), "a provider has its client");
  client->post([this, provider, to_user, message = std::move(message), answer = std::move(answer)] {
    if (to_user) return web_push_->send(message, answer);
    provider == store::PushProvider::fcm ? fcm_->send(message, answer) : apns_->send(message, answer);
  });
}

}  // namespace belfry::push
