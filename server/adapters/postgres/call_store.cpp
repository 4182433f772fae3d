#include "adapters/postgres/call_store.hpp"

#include <utility>

#include "adapters/postgres/ask.hpp"
#include "adapters/postgres/call_reads.hpp"
#include "adapters/postgres/small_writes.hpp"

namespace belfry::postgres {

using store::Unavailable;

void CallStore::commit(store::Transition transition, store::Done<const store::CommitResult&> done) {
  database_.commit({.shard = shard_, .transition = std::move(transition), .done = std::move(done)});
}

void CallStore::fate(const store::StepId& step, store::Done<Expected<std::optional<store::Committed>, Unavailable>> done) {
  database_.find_out({.shard = shard_, .step = step, .done = std::move(done)});
}

void CallStore::load(const store::CallId& id, store::Done<Expected<std::optional<store::StoredCall>, Unavailable>> done) {
  ask_reader(database_, shard_, [id](Connection& connection) { return find_call(connection, id); }, std::move(done));
}

void CallStore::load_active(std::size_t limit, store::Done<Expected<std::vector<store::StoredCall>, Unavailable>> done) {
  ask_reader(database_, shard_, [limit](Connection& connection) { return find_active(connection, limit); }, std::move(done));
}

void CallStore::overdue(WallTime now, std::size_t limit, store::Done<Expected<std::vector<store::CallId>, Unavailable>> done) {
  ask_reader(
      database_, shard_, [now, limit](Connection& connection) { return find_overdue(connection, now, limit); }, std::move(done));
}

void CallStore::record_attempt(store::Attempt attempt) {
  tell_writer(database_, shard_, [attempt = std::move(attempt)](Connection& connection) { insert_attempt(connection, attempt); });
}

void CallStore::wipe(store::Done<Expected<void, Unavailable>> done) {
  ask_writer(database_, shard_, [](Connection& connection) { postgres::wipe(connection); }, std::move(done));
}

}  // namespace belfry::postgres
