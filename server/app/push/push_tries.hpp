// PushTries: has a provider send each push of the outbox (OutboxKind::push and push_endpoint), and logs how each try ended (SPEC
// J-6.6, R-002-27). The log decides first: a push that was dropped meanwhile is not sent.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "app/outbox/sender.hpp"
#include "app/push/push_counters.hpp"
#include "base/clock.hpp"
#include "store/device_store.hpp"
#include "store/push_message.hpp"

namespace belfry::push {

/// What the key of a push's entry says: "ring:DEVICE:PROVIDER".
struct PushKey {
  store::PushId id{};
  store::PushProvider provider = store::PushProvider::none;
};
[[nodiscard]] std::string key_of(store::PushType type, const store::Device& device);
[[nodiscard]] std::optional<PushKey> key_in(const store::OutboxEntry& entry);

class PushTries final : public outbox::Sender {
 public:
  struct Parts {
    store::DeviceStore& devices;
    store::PushSender& providers;
    const Clock& clock;  // of the domain
    PushCounters& counters;
    std::uint32_t max_attempts = 5;
    /// A provider has accepted a ring for this user.
    std::function<void(const store::CallId&, const store::UserId&)> rung = [](const auto&, const auto&) {};
  };
  explicit PushTries(const Parts& parts) : parts_(parts) {}

  void send(const store::OutboxEntry& entry, std::function<void(const outbox::Outcome&)> done) override;
  void on_expired(const store::OutboxEntry& entry) override;

 private:
  using Done = std::function<void(const outbox::Outcome&)>;
  /// How a try ended: in the log, and for the outbox.
  struct Ending {
    store::PushStatus status = store::PushStatus::pending;
    std::string error{};
    outbox::Outcome outcome{};
  };
  void hand_over(const store::OutboxEntry& entry, const PushKey& key, const store::PushTry& attempt, const Done& done);
  [[nodiscard]] Ending ending_of(const store::PushReply& reply, const store::PushTry& attempt);
  /// Calls `done` whether or not the log could be written: a push must not be sent twice because the log was unreachable.
  void end(const PushKey& key, Ending ending, std::optional<Duration> took, const Done& done);

  Parts parts_;
};

}  // namespace belfry::push
