#include "adapters/postgres/outbox_store.hpp"

#include <utility>

#include "adapters/postgres/ask.hpp"
#include "adapters/postgres/outbox_rows.hpp"

namespace belfry::postgres {

void OutboxStore::put(store::OutboxEntry entry) {
  tell_writer(database_, shard_,
              [node = database_.node(), entry](Connection& connection) { put_in_outbox(connection, node, entry); });
}

void OutboxStore::settle(store::UserId to, const store::CallId& call) {
  tell_writer(database_, shard_, [to, call](Connection& connection) { postgres::settle(connection, to, call); });
}

void OutboxStore::still_waits(store::UserId to, const store::CallId& call, store::Done<Expected<bool, store::Unavailable>> done) {
  ask_reader(
      database_, shard_, [to, call](Connection& connection) { return postgres::still_waits(connection, to, call); },
      std::move(done));
}

void OutboxStore::waiting(std::uint64_t after_seq, std::size_t limit,
                          store::Done<Expected<std::vector<store::OutboxEntry>, store::Unavailable>> done) {
  ask_reader(
      database_, shard_, [after_seq, limit](Connection& connection) { return postgres::waiting(connection, after_seq, limit); },
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

void NodeStore::take_over(std::size_t limit, store::Silence silence,
                          store::Done<Expected<store::TakenOver, store::Unavailable>> done) {
  const Unknown unknown = std::exchange(first_, false) ? Unknown::looked_for : Unknown::left;
  ask_writer(
      database_, shard_,
      [node = database_.node(), limit, silence, unknown](Connection& connection) {
        return postgres::take_over(connection, node, limit, silence, unknown);
      },
      std::move(done));
}

}  // namespace belfry::postgres
