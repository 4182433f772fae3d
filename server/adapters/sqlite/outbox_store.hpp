// AnswerQueue and Nodes on SQLite: one shard's faces of a Database.
#pragma once

#include "adapters/sqlite/database.hpp"
#include "store/nodes.hpp"
#include "store/outbox.hpp"

namespace belfry::sqlite {

class OutboxStore final : public store::Outbox {
 public:
  OutboxStore(Database& database, ShardIndex shard) : database_(database), shard_(shard) {}
  void put(store::OutboxEntry entry) override;
  void settle(store::UserId to, const store::CallId& call) override;
  void still_waits(store::UserId to, const store::CallId& call, store::Done<Expected<bool, store::Unavailable>> done) override;
  void waiting(std::uint64_t after_seq, std::size_t limit,
               store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) override;
  void forget_before(WallTime when) override;

 private:
  Database& database_;
  ShardIndex shard_;
};

class NodeStore final : public store::Nodes {
 public:
  NodeStore(Database& database, ShardIndex shard) : database_(database), shard_(shard) {}
  void heartbeat(WallTime now) override;
  void stopped(WallTime now) override;
  void take_over(std::size_t limit, store::Silence, store::Done<Expected<store::TakenOver, store::Unavailable>> done) override;

 private:
  Database& database_;
  ShardIndex shard_;
};

}  // namespace belfry::sqlite
