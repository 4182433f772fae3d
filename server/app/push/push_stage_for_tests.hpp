// The way of a push from an entry for a user to its provider, on the memory store: for the tests of this folder.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "app/outbox/worker.hpp"
#include "app/push/planner.hpp"
#include "app/push/push_tries.hpp"
#include "store/forwarding_call_store.hpp"
#include "store/forwarding_device_store.hpp"
#include "store/store_contract.hpp"

namespace belfry::push {

using namespace store::testing;
using namespace std::chrono_literals;
using store::PushProvider;
using store::PushStatus;
using store::PushType;
using store::UserId;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

class CountedCalls final : public store::ForwardingCallStore {
 public:
  using ForwardingCallStore::ForwardingCallStore;
  void load(const store::CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override {
    ++loads;
    if (std::exchange(away, false)) return done(unexpected(store::Unavailable{}));
    ForwardingCallStore::load(id, std::move(done));
  }
  int loads = 0;
  bool away = false;  // for the next load
};

enum class Step : std::uint8_t { none, load, list, plan, stop_rings, start_try, end_try };

/// Away once, at the step that the test names.
class FaultyDevices final : public store::ForwardingDeviceStore {
 public:
  using ForwardingDeviceStore::ForwardingDeviceStore;
  void list(UserId user, Answer<std::vector<store::Device>> done) override {
    if (!fails(Step::list, done)) ForwardingDeviceStore::list(user, std::move(done));
  }
  void plan(store::PushPlan plan, Answer<std::size_t> done) override {
    if (!fails(Step::plan, done)) ForwardingDeviceStore::plan(std::move(plan), std::move(done));
  }
  void stop_rings(store::CallId call, UserId user, Answer<std::vector<store::Device>> done) override {
    if (!fails(Step::stop_rings, done)) ForwardingDeviceStore::stop_rings(call, user, std::move(done));
  }
  void start_try(store::PushId id, WallTime now, Answer<std::optional<store::PushTry>> done) override {
    if (!fails(Step::start_try, done)) ForwardingDeviceStore::start_try(id, now, std::move(done));
  }
  void end_try(store::PushEnd end, Answer<bool> done) override {
    if (!fails(Step::end_try, done)) ForwardingDeviceStore::end_try(std::move(end), std::move(done));
  }
  Step away_at = Step::none;

 private:
  template <class Done>
  bool fails(Step step, const Done& done) {
    if (away_at != step) return false;
    away_at = Step::none;
    done(unexpected(store::Unavailable{}));
    return true;
  }
};

struct PushWorld {
  store::CallStore& calls() { return stores.calls(); }
  store::AccountStore& accounts() { return stores.accounts(); }
  void settle() {}
  memory::Tables tables;
  memory::Stores stores{tables};
};

class PushTest : public StoreContract<PushWorld> {
 protected:
  void SetUp() override {
    alice_ = this->made(1, "alice"), bob_ = this->made(2, "bob");
    worker_.serve(store::OutboxKind::push_plan, planner_);
    worker_.serve(store::OutboxKind::push, tries_, {.first = 1s});
    worker_.serve(store::OutboxKind::push_endpoint, tries_, {.first = 1s}, {.all = 1});
  }
  store::DeviceStore& devices() { return devices_; }
  void add_device(std::uint32_t number, const std::string& token, Duration idle = {}, PushProvider provider = PushProvider::fcm) {
    add_device_of(bob_, number, token, idle, provider);
  }
  void add_device_of(UserId user, std::uint32_t number, const std::string& token, Duration idle = {},
                     PushProvider provider = PushProvider::fcm) {
    const WallTime active{kNoon - std::chrono::duration_cast<std::chrono::milliseconds>(idle).count()};
    devices().put({.id = device_id(number),
                   .user = user,
                   .provider = provider,
                   .address = {.token = token},
                   .active = active,
                   .created = at(number)},
                  [](const auto&) {});
  }
  void put(PushType type, const std::string& payload = {}, UserId user = {}) {
    store_plan(type, payload, user);
    run();
  }
  void store_plan(PushType type, const std::string& payload, UserId user) {
    world_.stores.outbox().put({.to = user == UserId{} ? bob_ : user,
                                .call = call_id(1),
                                .at = clock_.wall(),
                                .kind = store::OutboxKind::push_plan,
                                .key = std::string(to_text(type)),
                                .payload = payload,
                                .due = clock_.wall(),
                                .expires = at(60'000)},
                               [](const auto&) {});
  }
  /// alice calls bob.
  void ring() {
    call_ = a_call(1, alice_, bob_);
    ASSERT_TRUE(commits(call_));
    put(PushType::ring);
  }
  void run(Duration later = {}) {
    clock_.passed += later;
    for (int turn = 0; turn < 3; ++turn) {
      worker_.wake();
      worker_.on_time(clock_.now());
    }
  }
  void answer(store::PushOutcome outcome) {
    ASSERT_FALSE(providers_.open.empty());
    const auto first = std::move(providers_.open.front());
    providers_.open.pop_front();
    first.done({std::move(outcome), 40ms});
    run();
  }
  store::PushDelivery delivery(std::uint32_t device, PushType type = PushType::ring) {
    store::PushDelivery found;
    devices().deliveries({.page = {.limit = 100}}, [&](const auto& page) {
      for (const auto& each : page->deliveries)
        if (each.id == store::PushId{call_id(1), device_id(device), type}) found = each;
    });
    return found;
  }

  TestClock clock_;
  KeptLog log_;
  FakeProviders providers_;
  outbox::Worker worker_{world_.stores.due_entries(), clock_, log_};
  FaultyDevices devices_{world_.stores.devices()};
  CountedCalls calls_{world_.stores.calls()};
  Planner planner_{{calls_, devices(), providers_, clock_, log_, [] {}}};
  PushCounters counters_;
  std::vector<UserId> rung_;
  PushTries tries_{
      {devices(), providers_, clock_, counters_, 3, [this](const auto&, const UserId& user) { rung_.push_back(user); }}};
  UserId alice_, bob_;
  store::Transition call_;
};

}  // namespace belfry::push
