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
  tell_clerk(database_, shard_, [attempt = std::move(attempt)](Connection& connection) { insert_attempt(connection, attempt); });
}

void CallStore::heartbeat(WallTime now) {
  tell_clerk(database_, shard_,
             [node = database_.node(), now](Connection& connection) { note_heartbeat(connection, node, now); });
}

void CallStore::last_heartbeat(store::Done<Expected<std::optional<WallTime>, Unavailable>> done) {
  // The clerk may have a sign of life before this one on his desk still.
  ask_clerk(
      database_, shard_, [node = database_.node()](Connection& connection) { return last_heartbeat_of_others(connection, node); },
      std::move(done));
}

void CallStore::wipe(store::Done<Expected<void, Unavailable>> done) {
  ask_clerk(database_, shard_, [](Connection& connection) { postgres::wipe(connection); }, std::move(done));
}

}  // namespace belfry::postgres
