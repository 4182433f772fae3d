// The shard's connections as protocol/ sees them: what each one is at the moment (HTTP, WebSocket of an Engine.IO session or
// plain one), and nothing for an idle WebSocket beyond two empty pointers. A Link in front of net/'s Link, so that closing a
// connection also drops its record. Owned by the Endpoint, shared by its HttpSide, Engine and WebSockets, used on
// the shard's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/own_thread.hpp"
#include "protocol/cors.hpp"
#include "protocol/engine_app.hpp"
#include "protocol/http_handler.hpp"
#include "protocol/link.hpp"
#include "protocol/request_state.hpp"
#include "wire/http/request.hpp"
#include "wire/websocket/frame.hpp"

namespace belfry::protocol {

/// A connection while it speaks HTTP.
struct HttpState {
  ConnectionFacts facts;
  RequestState request;
  bool keep_alive = true;
  bool head_only = false;
  bool continue_sent = false;
  Scheme scheme = Scheme::unknown;  // of the request being served
  http::Progress progress;          // of the request that is coming
  std::string allowed_origin;       // of the request being served: echoed in its answer
  MaxBody max_body;                 // of the request that is coming, once its head is there
  SharedBody rest;                  // of the answer to the request being served: what has not been output
};

/// Which mounted WebSocketApp a plain WebSocket belongs to: an index into the mounts of WebSockets.
enum class WebSocketMount : std::uint8_t { none = 0xFF };

struct ConnectionRecord {
  std::uint32_t generation = 0;
  EngineRef engine;                                 // whose WebSocket, probe or waiting poll this is
  WebSocketMount websocket = WebSocketMount::none;  // of a plain WebSocket
  std::unique_ptr<HttpState> http;                  // null on a WebSocket
  std::unique_ptr<websocket::Fragments> fragments;  // only while a fragmented message is under way
};

class Connections : public Link {
 public:
  explicit Connections(Link& net) : net_(net) {}

  void add(ConnectionId connection, const ConnectionFacts& facts) {
    own_thread_.check();
    if (connection.slot >= records_.size()) records_.resize(connection.slot + 1);
    ConnectionRecord& record = records_[connection.slot];
    record.generation = connection.generation;
    record.engine = {};
    record.websocket = WebSocketMount::none;
    record.http = std::make_unique<HttpState>();
    record.http->facts = facts;
  }
  /// nullptr once the connection is closed or handed over.
  [[nodiscard]] ConnectionRecord* find(ConnectionId connection) {
    own_thread_.check();
    if (connection.slot >= records_.size()) return nullptr;
    ConnectionRecord& record = records_[connection.slot];
    return record.generation == connection.generation ? &record : nullptr;
  }
  /// Of a connection that is known to be open and to speak HTTP.
  [[nodiscard]] HttpState& http_of(ConnectionId connection) {
    const ConnectionRecord* record = find(connection);
    CHECK(record != nullptr && record->http, "a request is served on an open HTTP connection");
    return *record->http;
  }
  void becomes_websocket(ConnectionId connection) {
    if (ConnectionRecord* record = find(connection)) record->http.reset();
  }
  /// Every connection that speaks HTTP at the moment.
  [[nodiscard]] std::vector<ConnectionId> all_http() const {
    own_thread_.check();
    std::vector<ConnectionId> all;
    for (std::uint32_t slot = 0; slot < records_.size(); ++slot)
      if (records_[slot].http) all.push_back({slot, records_[slot].generation});
    return all;
  }
  /// Every plain WebSocket, with its mount.
  [[nodiscard]] std::vector<std::pair<ConnectionId, WebSocketMount>> all_websockets() const {
    own_thread_.check();
    std::vector<std::pair<ConnectionId, WebSocketMount>> all;
    for (std::uint32_t slot = 0; slot < records_.size(); ++slot)
      if (const auto& record = records_[slot]; record.websocket != WebSocketMount::none)
        all.push_back({{slot, record.generation}, record.websocket});
    return all;
  }
  void drop(ConnectionId connection) {
    if (ConnectionRecord* record = find(connection)) *record = ConnectionRecord{};
  }

  std::string& output(ConnectionId connection) override { return net_.output(connection); }
  void close(ConnectionId connection, Ending ending) override {
    drop(connection);
    net_.close(connection, ending);
  }
  void show_unread(ConnectionId connection) override { net_.show_unread(connection); }
  [[nodiscard]] bool turn_is_over(ConnectionId connection) override { return net_.turn_is_over(connection); }
  [[nodiscard]] bool must_wait_for_room(ConnectionId connection) override { return net_.must_wait_for_room(connection); }
  [[nodiscard]] bool has_room(ConnectionId connection) override { return net_.has_room(connection); }
  [[nodiscard]] Duration wait_for_session(ConnectionId connection) override { return net_.wait_for_session(connection); }
  void hand_over(ConnectionId connection, ShardIndex shard, Bytes unread) override {
    drop(connection);
    net_.hand_over(connection, shard, unread);
  }

 private:
  [[no_unique_address]] OwnThread own_thread_;
  Link& net_;
  std::deque<ConnectionRecord> records_;  // by slot; grows without moving, so a burst of arrivals copies nothing
};

}  // namespace belfry::protocol
