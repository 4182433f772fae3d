// One server of a test world: the call core of its shards, as main/ puts it together, on what the world gives it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "app/calls/calls.hpp"
#include "app/calls/machine_for_tests.hpp"
#include "app/calls/phones_for_tests.hpp"
#include "app/calls/policy.hpp"
#include "app/calls/scripted_store_for_tests.hpp"
#include "app/calls/shared_calls.hpp"
#include "app/calls/shared_database_for_tests.hpp"
#include "app/sessions/delivery.hpp"
#include "app/sessions/sessions.hpp"
#include "app/sessions/shard_sessions.hpp"

namespace belfry::calls::testing {

/// What all servers of a world have in common. Without a database they use the scripted store.
struct Surroundings {
  Clock& clock;
  Random& random;
  Log& log;
  StoreState& store;
  NoticeLog& notices;
  SharedDatabase* database;
};

struct Node {
  Node(const Surroundings& around, std::size_t number, ShardIndex shards, const CallSettings& settings);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  sessions::Sessions sessions;
  sessions::Deliveries deliveries;
  SharedCalls shared;
  QueuedMailboxes post;
  ScriptedOutbox scripted_outbox;
  std::vector<std::string> rings;  // "began", "ended": as Ports::row_changed says
  std::vector<std::unique_ptr<store::CallStore>> stores;
  std::vector<std::unique_ptr<ScriptedConversations>> conversations;
  std::vector<std::unique_ptr<sessions::Delivery>> delivery;
  std::vector<std::unique_ptr<sessions::ShardSessions>> shard_sessions;
  std::vector<std::unique_ptr<Calls>> calls;

 private:
  decltype(Ports::can_be_pushed) devices_of(StoreState& store, ShardIndex shard);
  std::unique_ptr<store::CallStore> store_of(const Surroundings& around, std::size_t number, ShardIndex shard);
};

}  // namespace belfry::calls::testing
