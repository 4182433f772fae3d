#include "app/calls/node_for_tests.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "store/pending_call.hpp"

namespace belfry::calls::testing {

Node::Node(const Surroundings& around, std::size_t number, ShardIndex shards, const CallSettings& settings)
    : deliveries(shards),
      shared(shards, sessions, settings),
      post(shards),
      scripted_outbox(around.store) {
  store::Outbox& outbox = around.database == nullptr ? scripted_outbox : around.database->outbox(number);
  for (ShardIndex shard = 0; shard < shards; ++shard) {
    stores.push_back(store_of(around, number, shard));
    conversations.push_back(std::make_unique<ScriptedConversations>(around.store, post, shard));
    delivery.push_back(std::make_unique<sessions::Delivery>(shard, deliveries, post, around.notices));
    shard_sessions.push_back(std::make_unique<sessions::ShardSessions>(sessions, *delivery.back()));
    Ports ports{post, around.clock, around.random, around.log, *delivery.back(), *stores.back(), outbox, *conversations.back()};
    ports.newest_token = [&tokens = around.store.tokens](const UserId& user, const ConversationId& place) {
      const auto found = tokens.find({user, place});
      return found == tokens.end() ? std::nullopt : std::optional(found->second);
    };
    ports.due_stored = [&store = around.store] { ++store.outbox_wakes; };
    ports.can_be_pushed = devices_of(around.store, shard);
    ports.not_pushed = [&store = around.store](const CallId&, const std::vector<UserId>& users) {
      store.not_pushed.insert(store.not_pushed.end(), users.begin(), users.end());
    };
    ports.entry_written = [&store = around.store](const store::WrittenEntry& entry) { store.entries.push_back(entry); };
    ports.row_changed = [this](const store::CallRow* before, const store::CallRow* now) {
      const bool rang = before != nullptr && store::is_pending(*before), rings_now = now != nullptr && store::is_pending(*now);
      if (rang != rings_now) rings.emplace_back(rings_now ? "began" : "ended");
    };
    calls.push_back(std::make_unique<Calls>(shard, shared, ports));
    shard_sessions.back()->add_listener(*calls.back());
  }
}

Node::~Node() = default;

decltype(Ports::can_be_pushed) Node::devices_of(StoreState& store, ShardIndex shard) {
  return [this, &store, shard](const std::vector<UserId>& users, store::Done<Expected<bool, store::Unavailable>> done) {
    ++store.asked_for_devices;
    const auto answer = [&store, users]() -> Expected<bool, store::Unavailable> {
      if (store.down) return unexpected(store::Unavailable{});
      return std::any_of(users.begin(), users.end(), [&](const UserId& user) { return store.pushable.contains(user); });
    };
    if (!store.later) return done(answer());
    store.waiting.push_back(
        [this, shard, answer, done = std::move(done)] { post.post(shard, [result = answer(), done] { done(result); }); });
  };
}

std::unique_ptr<store::CallStore> Node::store_of(const Surroundings& around, std::size_t number, ShardIndex shard) {
  if (around.database == nullptr) return std::make_unique<ScriptedCallStore>(around.store, post, shard);
  return std::make_unique<WitnessedCallStore>(
      around.database->calls(number),
      [&store = around.store](const store::Transition& change, const store::CommitResult& result) {
        store.witness(change, result);
      });
}

}  // namespace belfry::calls::testing
