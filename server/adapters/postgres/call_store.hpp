// CallStore on PostgreSQL: one shard's face of a Database. Transitions go to the writer, loads to the readers, the rest to the
// general writer.
#pragma once

#include "adapters/postgres/database.hpp"
#include "store/call_store.hpp"

namespace belfry::postgres {

class CallStore final : public store::CallStore {
 public:
  CallStore(Database& database, ShardIndex shard) : database_(database), shard_(shard) {}
  void commit(store::Transition transition, store::Done<const store::CommitResult&> done) override;
  void fate(const store::StepId& step, store::Done<Expected<std::optional<store::Committed>, store::Unavailable>> done) override;
  void load(const store::CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override;
  void load_active(std::size_t limit, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override;
  void overdue(WallTime now, std::size_t limit,
               store::Done<Expected<std::vector<store::CallId>, store::Unavailable>> done) override;
  void record_attempt(store::Attempt attempt) override;
  void wipe(store::Done<Expected<void, store::Unavailable>> done) override;

 private:
  Database& database_;
  ShardIndex shard_;
};

}  // namespace belfry::postgres
