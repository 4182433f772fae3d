// ShardPush: pushes as one shard has them: its users' devices, and on one shard the entries of the outbox that are pushes. Owned
// by its ShardStack.
#pragma once

#include <functional>
#include <optional>

#include "adapters/push/push_service.hpp"
#include "app/outbox/worker.hpp"
#include "app/push/device_owners.hpp"
#include "app/push/devices.hpp"
#include "app/push/planner.hpp"
#include "app/push/push_tries.hpp"
#include "app/sessions/shard_sessions.hpp"
#include "main/stores/backend.hpp"

namespace belfry {

struct PushPolicy {
  webpush::AllowedHosts endpoints = webpush::AllowedHosts::public_only;
  Duration active = std::chrono::hours{7 * 24};
  outbox::Backoff backoff{};
  std::uint32_t max_attempts = 5;
  std::string vapid_public_key{};  // for browsers; empty: Web Push is off
};

class ShardPush final : public sessions::SessionListener {
 public:
  ShardPush(push::PushService& service, push::PushCounters& counters, const PushPolicy& policy, ShardIndex shard,
            const StorePorts& store, const Clock& clock, Random& random, Log& log)
      : policy_(policy),
        counters_(counters),
        store_(store),
        clock_(clock),
        providers_(service, shard),
        devices_({store.devices, clock, random, policy.endpoints}),
        owners_({store.devices, providers_, clock, log, policy.active}) {}

  [[nodiscard]] push::Devices& devices() { return devices_; }
  [[nodiscard]] push::DeviceOwners& owners() { return owners_; }
  /// `planned`: there are entries for devices now. `rung`: of push::PushTries::Parts.
  void serve(outbox::Worker& worker, store::CallStore& calls, Log& log, std::function<void()> planned,
             std::function<void(const store::CallId&, const store::UserId&)> rung) {
    planner_.emplace(push::Planner::Parts{calls, store_.devices, providers_, clock_, log, std::move(planned), policy_.active});
    tries_.emplace(push::PushTries::Parts{store_.devices, providers_, clock_, counters_, policy_.max_attempts, std::move(rung)});
    worker.serve(store::OutboxKind::push_plan, *planner_);
    worker.serve(store::OutboxKind::push, *tries_, policy_.backoff);
    worker.serve(store::OutboxKind::push_endpoint, *tries_, policy_.backoff, kToEndpoints);
  }

  // J-6.3
  void on_came(sessions::UserId user, const sessions::LiveSession& session, sessions::Arrival) override {
    devices_.used(user, session.device);
  }
  void on_gone(sessions::UserId, const sessions::LiveSession&, sessions::Departure) override {}
  void on_unreachable(SessionAddress) override {}

 private:
  /// Users choose their endpoints, so those must not hold up FCM and APNs (0027), and one user's not everybody's. A ring of all
  /// devices of a user is sent at once. Each may hold a connection for as long as a push may take.
  static constexpr outbox::Bounds kToEndpoints{.all = 512, .of_a_user = store::kMaxDevices};

  const PushPolicy& policy_;
  push::PushCounters& counters_;
  StorePorts store_;
  const Clock& clock_;
  push::ShardPushSender providers_;
  push::Devices devices_;
  push::DeviceOwners owners_;
  std::optional<push::Planner> planner_;
  std::optional<push::PushTries> tries_;
};

}  // namespace belfry
