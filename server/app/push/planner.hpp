// Planner: takes the outbox entries that say whom a call concerns (OutboxKind::push_plan) and decides which of the user's devices
// are pushed. It puts one entry for each device into the outbox, so that devices do not wait for each other and each is tried
// again on its own. Which devices there are is read here, not when the call starts: a start must not wait for it. The call itself
// is read once for all members whose entries were taken together.
//
// Entry: key "ring" or "cancel" (store::PushType); the payload of a cancel is a store::PushCancel.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/outbox/sender.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/call_store.hpp"
#include "store/device_store.hpp"
#include "store/push_message.hpp"

namespace belfry::push {

class Planner final : public outbox::Sender {
 public:
  struct Parts {
    store::CallStore& calls;
    store::DeviceStore& devices;
    store::PushSender& providers;
    const Clock& clock;  // of the domain
    Log& log;
    std::function<void()> planned;                 // there are entries for devices now
    Duration active = std::chrono::hours{7 * 24};  // R-000-41
  };
  explicit Planner(Parts parts) : parts_(std::move(parts)) {}

  void send(const store::OutboxEntry& entry, std::function<void(const outbox::Outcome&)> done) override;
  void on_batch_end() override;

 private:
  using Done = std::function<void(const outbox::Outcome&)>;
  struct Gathered {
    store::OutboxEntry entry{};
    Done done{};
  };
  using Call = std::shared_ptr<const store::StoredCall>;  // shared by its members
  void decide(const store::OutboxEntry& entry, const Call& call, const Done& done);
  void ring(const store::OutboxEntry& entry, const Call& call, const Done& done);
  void cancel(const store::OutboxEntry& entry, const Call& call, const Done& done);
  void plan(store::PushPlan plan, const Done& done);
  [[nodiscard]] bool is_rung(const store::Device& device) const;

  Parts parts_;
  std::map<store::CallId, std::vector<Gathered>> gathered_;  // since the last on_batch_end()
};

}  // namespace belfry::push
