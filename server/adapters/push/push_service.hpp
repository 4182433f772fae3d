// PushService: the push providers that are configured, and the threads that talk to them. One per process; each shard sends
// through a ShardPushSender and gets its answers on its own thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapters/push/apns.hpp"
#include "adapters/push/fcm.hpp"
#include "adapters/push/web_push.hpp"
#include "base/mailbox.hpp"
#include "base/random.hpp"
#include "store/push_message.hpp"

namespace belfry::push {

/// A provider without settings is off.
struct PushSettings {
  std::optional<FcmSettings> fcm{};
  std::optional<ApnsSettings> apns{};
  std::optional<WebPushSettings> web_push{};
  Duration timeout = std::chrono::seconds{10};
  std::string ca_file{};
  webpush::AllowedHosts users_endpoints = webpush::AllowedHosts::public_only;
};

class PushService {
 public:
  /// `now` is the real time, and may be asked on any thread; `random` is used on a thread of its own.
  PushService(PushSettings settings, Mailboxes& mailboxes, WallClock now, std::unique_ptr<Random> random);
  ~PushService();
  PushService(const PushService&) = delete;
  PushService& operator=(const PushService&) = delete;

  // --- any thread ---
  [[nodiscard]] bool serves(store::PushProvider provider) const;
  /// `done` runs on the shard `answer_on`.
  void send(ShardIndex answer_on, store::PushMessage message, Done done);

 private:
  Mailboxes& mailboxes_;
  std::optional<Fcm> fcm_;
  std::optional<Apns> apns_;
  std::optional<WebPush> web_push_;
  // Behind the providers, which run on their threads: they end first.
  std::optional<HttpClient> to_providers_, to_users_;
};

class ShardPushSender final : public store::PushSender {
 public:
  ShardPushSender(PushService& service, ShardIndex shard) : service_(service), shard_(shard) {}
  [[nodiscard]] bool serves(store::PushProvider provider) const override { return service_.serves(provider); }
  void send(store::PushMessage message, std::function<void(const store::PushReply&)> done) override {
    service_.send(shard_, std::move(message), std::move(done));
  }

 private:
  PushService& service_;
  ShardIndex shard_;
};

}  // namespace belfry::push
