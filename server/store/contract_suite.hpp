// What the contract suites of the ports are built on. They are compiled once and know a store through its ports alone; each
// adapter's contract test names its own:
//   std::vector<StoreUnderTest> stores_under_test() { return {store_under_test<SqliteWorld>("Sqlite")}; }
// A World starts empty. It has the ports of TestedWorld, settle(), and if its store can do that also
//   void damage(std::string_view sql);   // changes the ports do not allow; camelCase names must be quoted
//   void restart();                      // the server dies, other servers notice that, and a new server starts
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/conversation_store.hpp"
#include "store/device_store.hpp"
#include "store/due_entries.hpp"
#include "store/file_store.hpp"
#include "store/message_store.hpp"
#include "store/nodes.hpp"
#include "store/outbox.hpp"
#include "store/store_contract.hpp"

namespace belfry::store::testing {

/// A store and what the suites do to it.
class TestedWorld {
 public:
  virtual ~TestedWorld() = default;
  virtual CallStore& calls() = 0;
  virtual CallArchive& archive() = 0;
  virtual AccountStore& accounts() = 0;
  virtual ConversationStore& conversations() = 0;
  virtual MessageStore& messages() = 0;
  virtual FileStore& files() = 0;
  virtual DeviceStore& devices() = 0;
  virtual Outbox& outbox() = 0;
  virtual DueEntries& due_entries() = 0;
  virtual Nodes& nodes() = 0;
  /// Returns once every answer has come and every unacknowledged write is visible.
  virtual void settle() = 0;
  virtual void damage(std::string_view sql) = 0;
  virtual void restart() = 0;
};

struct StoreUnderTest {
  std::string name;
  std::unique_ptr<TestedWorld> (*make)() = nullptr;
  bool can_damage = false, can_restart = false;
};
inline void PrintTo(const StoreUnderTest& store, std::ostream* out) { *out << store.name; }

template <class World>
class TestedWorldOf final : public TestedWorld {
 public:
  static constexpr bool can_damage = requires(World& world) { world.damage(std::string_view{}); };
  static constexpr bool can_restart = requires(World& world) { world.restart(); };
  CallStore& calls() override { return world_.calls(); }
  CallArchive& archive() override { return world_.archive(); }
  AccountStore& accounts() override { return world_.accounts(); }
  ConversationStore& conversations() override { return world_.conversations(); }
  MessageStore& messages() override { return world_.messages(); }
  FileStore& files() override { return world_.files(); }
  DeviceStore& devices() override { return world_.devices(); }
  Outbox& outbox() override { return world_.outbox(); }
  DueEntries& due_entries() override { return world_.due_entries(); }
  Nodes& nodes() override { return world_.nodes(); }
  void settle() override { world_.settle(); }
  void damage([[maybe_unused]] std::string_view sql) override {
    if constexpr (can_damage) world_.damage(sql);
  }
  void restart() override {
    if constexpr (can_restart) world_.restart();
  }

 private:
  World world_;
};

template <class World>
StoreUnderTest store_under_test(std::string name) {
  using Tested = TestedWorldOf<World>;
  return {.name = std::move(name),
          .make = []() -> std::unique_ptr<TestedWorld> { return std::make_unique<Tested>(); },
          .can_damage = Tested::can_damage,
          .can_restart = Tested::can_restart};
}

/// Each adapter's test defines it.
std::vector<StoreUnderTest> stores_under_test();
/// Those whose data outlives their process.
inline std::vector<StoreUnderTest> stores_that_restart() {
  auto stores = stores_under_test();
  std::erase_if(stores, [](const StoreUnderTest& store) { return !store.can_restart; });
  return stores;
}
inline std::string name_of(const ::testing::TestParamInfo<StoreUnderTest>& info) { return info.param.name; }

/// The store whose turn it is, as StoreContract wants it.
class WorldUnderTest {
 public:
  CallStore& calls() { return world_->calls(); }
  CallArchive& archive() { return world_->archive(); }
  AccountStore& accounts() { return world_->accounts(); }
  ConversationStore& conversations() { return world_->conversations(); }
  MessageStore& messages() { return world_->messages(); }
  FileStore& files() { return world_->files(); }
  DeviceStore& devices() { return world_->devices(); }
  Outbox& outbox() { return world_->outbox(); }
  DueEntries& due_entries() { return world_->due_entries(); }
  Nodes& nodes() { return world_->nodes(); }
  void settle() { world_->settle(); }
  void damage(std::string_view sql) { world_->damage(sql); }
  void restart() { world_->restart(); }

 private:
  std::unique_ptr<TestedWorld> world_ = ::testing::WithParamInterface<StoreUnderTest>::GetParam().make();
};

class ContractSuite : public StoreContract<WorldUnderTest>, public ::testing::WithParamInterface<StoreUnderTest> {
 protected:
  static std::vector<CallId> ids(const std::vector<StoredCall>& calls) {
    std::vector<CallId> all;
    for (const auto& each : calls) all.push_back(each.row.id);
    return all;
  }
  static std::vector<std::string> names(const std::vector<account::Person>& people) {
    std::vector<std::string> all;
    for (const auto& each : people) all.push_back(each.username);
    return all;
  }
  static std::vector<CallId> numbers(std::initializer_list<std::uint32_t> wanted) {
    std::vector<CallId> all;
    for (const auto number : wanted) all.push_back(call_id(number));
    return all;
  }
};

/// With four users to call each other.
class FourUsersContract : public ContractSuite {
 protected:
  void SetUp() override {
    std::uint32_t number = 1;
    for (const auto& [id, name] : {std::pair{&alice, "alice"}, {&bob, "bob"}, {&carol, "carol"}, {&dan, "dan"}})
      *id = made(number++, name);
  }
  UserId alice, bob, carol, dan;
};

}  // namespace belfry::store::testing
