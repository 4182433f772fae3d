#include "protocol/endpoint.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/shard_limit.hpp"
#include "protocol/session_id.hpp"

namespace belfry::protocol {

Endpoint::Endpoint(const ShardServices& services, const EngineSettings& engine, const HttpSettings& http, HttpHandler& handler,
                   const FailureWriter& failure_writer)
    : connections_(services.link),
      http_(services.shard, services.mailboxes.shard_count(), connections_, services.clock, services.random, handler,
            failure_writer, http, engine.deflate ? Compression::deflate : Compression::none),
      engine_(services.shard, connections_, http_, services.mailboxes, services.clock, services.random, engine),
      websockets_(connections_, engine) {
  CHECK(services.mailboxes.shard_count() <= kMaxShards, "a session id can name each shard");
  http_.set_engine(engine_);
  http_.set_websockets(websockets_);
}

void Endpoint::on_open(ConnectionId connection, const ConnectionFacts& facts) {
  own_thread_.check();
  connections_.add(connection, facts);
  http_.on_open(connection);
}

std::size_t Endpoint::on_bytes(ConnectionId connection, MutableBytes input) {
  own_thread_.check();
  ConnectionRecord* record = connections_.find(connection);
  if (record == nullptr) return input.size();
  std::size_t used = 0;
  if (record->http) {
    used = http_.on_bytes(connection, input);
    record = connections_.find(connection);
    if (record == nullptr || record->http) return used;
  }
  // A WebSocket, maybe since a moment ago: frames may stand right behind its handshake.
  if (record->websocket != WebSocketMount::none) return used + websockets_.on_frames(connection, input.subspan(used));
  return used + engine_.on_frames(connection, record->engine, input.subspan(used), record->fragments);
}

/// A poll that waits for packets is not owed an answer: a client that closes its connection has given the poll up.
bool Endpoint::owes_answer(ConnectionId connection) {
  own_thread_.check();
  const ConnectionRecord* record = connections_.find(connection);
  return record != nullptr && record->http && record->http->request.is(RequestPhase::serving) && !record->engine;
}

void Endpoint::on_closed(ConnectionId connection) {
  own_thread_.check();
  ConnectionRecord* record = connections_.find(connection);
  if (record == nullptr) return;
  const EngineRef engine = record->engine;
  const WebSocketMount websocket = record->websocket;
  connections_.drop(connection);
  if (engine) engine_.on_connection_closed(connection, engine);
  if (websocket != WebSocketMount::none) websockets_.on_connection_closed(connection, websocket);
}

TimePoint Endpoint::next_deadline() const {
  own_thread_.check();
  TimePoint next = std::min(http_.next_deadline(), engine_.next_deadline());
  for (const TimeUser& user : time_users_) next = std::min(next, user.next_deadline());
  return next;
}

void Endpoint::on_time(TimePoint now) {
  own_thread_.check();
  http_.on_time(now);
  engine_.on_time(now);
  for (const TimeUser& user : time_users_) user.on_time(now);
}

void Endpoint::on_drain() {
  own_thread_.check();
  engine_.close_all(EngineClose::draining);
  websockets_.close_all();
  http_.drain();
}

}  // namespace belfry::protocol
