#include "adapters/sqlite/outbox_store.hpp"

#include <utility>

#include "adapters/sqlite/ask.hpp"
#include "adapters/sqlite/outbox_rows.hpp"

namespace belfry::sqlite {

void OutboxStore::put(store::OutboxEntry entry) {
  tell_writer(database_, shard_, [entry](Connection& connection) { put_in_outbox(connection, entry); });
}

void OutboxStore::settle(store::UserId to, const store::CallId& call) {
  tell_writer(database_, shard_, [to, call](Connection& connection) { sqlite::settle(connection, to, call); });
}

void OutboxStore::still_waits(store::UserId to, const store::CallId& call, store::Done<Expected<bool, store::Unavailable>> done) {
  ask_reader(
      database_, shard_, [to, call](Connection& connection) { return sqlite::still_waits(connection, to, call); },
      std::move(done));
}

void OutboxStore::waiting(std::uint64_t after_seq, std::size_t limit,
                          store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) {
  ask_reader(
      database_, shard_, [after_seq, limit](Connection& connection) { return sqlite::waiting(connection, after_seq, limit); },
      std::move(done));
}

void OutboxStore::forget_before(WallTime when) {
  tell_writer(database_, shard_, [when](Connection& connection) { forget_outbox_before(connection, when); });
}

void NodeStore::heartbeat(WallTime now) {
  tell_writer(database_, shard_,
              [node = database_.node(), now](Connection& connection) { note_heartbeat(connection, node, now); });
}

void NodeStore::stopped(WallTime now) {
  tell_writer(database_, shard_, [node = database_.node(), now](Connection& connection) { note_stop(connection, node, now); });
}

void NodeStore::take_over(std::size_t limit, store::Silence, store::Done<Expected<store::TakenOver, store::Unavailable>> done) {
  ask_writer(
      database_, shard_,
      [node = database_.node(), limit](Connection& connection) { return sqlite::take_over(connection, node, limit); },
      std::move(done));
}

}  // namespace belfry::sqlite
