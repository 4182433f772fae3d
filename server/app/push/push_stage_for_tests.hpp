// The stage of the tests of pushes: alice and bob on the memory store, providers that answer when the test says so.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/push_message.hpp"
#include "store/store_contract.hpp"

namespace belfry::push {

using namespace store::testing;
using namespace std::chrono_literals;
using store::PushProvider;
using store::PushStatus;
using store::PushType;
using store::UserId;

inline store::DeviceId device_id(std::uint32_t number) { return store::DeviceId(uuid(6, number)); }

class TestClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{} + passed; }
  [[nodiscard]] WallTime wall() const override {
    return {kNoon + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count()};
  }
  Duration passed{};
};

class KeptLog final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override { return true; }
  void write(LogLevel, std::string_view message, std::initializer_list<LogField> fields) override {
    std::string line(message);
    for (const auto& field : fields)
      if (const auto* text = std::get_if<std::string_view>(&field.value))
        line.append(" ").append(field.name).append("=").append(*text);
    lines.push_back(line);
  }
  std::vector<std::string> lines;
};

/// Providers that answer when the test says so.
class FakeProviders final : public store::PushSender {
 public:
  [[nodiscard]] bool serves(PushProvider provider) const override {
    return provider == PushProvider::fcm || provider == PushProvider::webpush;
  }
  void send(store::PushMessage message, std::function<void(const store::PushReply&)> done) override {
    sent.push_back(message.device.address.token + " " + std::string(message.json.substr(9, message.json.find('"', 9) - 9)));
    open.push_back({std::move(message), std::move(done)});
  }
  struct Open {
    store::PushMessage message;
    std::function<void(const store::PushReply&)> done;
  };
  std::deque<Open> open;
  std::vector<std::string> sent;
};

struct PushWorld {
  store::CallStore& calls() { return stores.calls(); }
  store::AccountStore& accounts() { return stores.accounts(); }
  void settle() {}
  memory::Tables tables;
  memory::Stores stores{tables};
};

class PushStage : public StoreContract<PushWorld> {
 protected:
  void SetUp() override { alice_ = this->made(1, "alice"), bob_ = this->made(2, "bob"); }
  store::DeviceStore& devices() { return world_.stores.devices(); }
  /// bob's.
  void add_device(std::uint32_t number, const std::string& token, Duration idle = {}, PushProvider provider = PushProvider::fcm) {
    const WallTime active{kNoon - std::chrono::duration_cast<std::chrono::milliseconds>(idle).count()};
    devices().put({.id = device_id(number),
                   .user = bob_,
                   .provider = provider,
                   .address = {.token = token},
                   .active = active,
                   .created = at(number)},
                  [](const auto&) {});
  }

  TestClock clock_;
  KeptLog log_;
  FakeProviders providers_;
  UserId alice_, bob_;
};

}  // namespace belfry::push
