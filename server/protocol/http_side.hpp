// What a connection does while it speaks HTTP: reading requests one after the other, time-outs of heads and bodies, CORS, the
// WebSocket handshake (RFC 6455 4.2), and who serves a path: a mounted Engine.IO app, an app on plain WebSockets or the
// HttpHandler. Answers go out in request order: while one is owed, or much of the earlier ones is unsent, nothing further is read
// from that connection. Owned by the Endpoint, used on the shard's thread: also where the HttpHandler answers later.
//
// Not here: what a route does (gateway/), what becomes of an Engine.IO request (engine.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "base/random.hpp"
#include "protocol/connections.hpp"
#include "protocol/deadline_queue.hpp"
#include "protocol/engine.hpp"
#include "protocol/failure_writer.hpp"
#include "protocol/http_handler.hpp"
#include "protocol/websockets.hpp"

namespace belfry::protocol {

/// An Engine.IO app under a path such as "/socket.io/" (its form without the last slash is served too).
struct Mount {
  std::string path;
  EngineApp* app = nullptr;
};

struct HttpCounts {
  std::uint64_t requests = 0;
  std::uint64_t refused_heads = 0;  // not HTTP, too large, ambiguous
  std::uint64_t timeouts = 0;
  std::uint64_t websockets = 0;
  std::uint64_t by_status_class[6] = {};  // [2] = 2xx …
};

class HttpSide : public HttpResponder {
 public:
  HttpSide(ShardIndex shard, ShardIndex shard_count, Connections& connections, const Clock& clock, Random& random,
           HttpHandler& handler, const FailureWriter& failure_writer, const HttpSettings& settings, Compression offered);

  void mount(std::string path, EngineApp& app) { mounts_.push_back({std::move(path), &app}); }
  void set_engine(Engine& engine) { engine_ = &engine; }
  void set_websockets(WebSockets& websockets) { websockets_ = &websockets; }

  void on_open(ConnectionId connection);
  /// Reads requests until the input ends, or the connection no longer speaks HTTP. Returns the bytes used.
  std::size_t on_bytes(ConnectionId connection, MutableBytes input);
  [[nodiscard]] TimePoint next_deadline() const;
  void on_time(TimePoint now);
  /// Closes connections that wait for a request, and the others after their answer.
  void drain();
  [[nodiscard]] const HttpCounts& counts() const { return counts_; }

  void respond(ConnectionId connection, int status, std::string_view content_type, std::string_view body) override;
  void refuse(ConnectionId connection, const EngineRefusal& refusal) override;

 private:
  struct Wait {
    ConnectionId connection;
    std::uint32_t serial = 0;
  };
  /// Everything about the request being served, views into the input.
  struct Serving {
    ConnectionId connection;
    const http::Request& request;
    Bytes body;
    MutableBytes from_here;  // input from this request's first byte, for hand_over
  };

  std::optional<std::size_t> read_request(ConnectionId connection, MutableBytes input);
  void end_flooder(ConnectionId connection, const ConnectionRecord& record);
  [[nodiscard]] http::Limits limits_of(const HttpState& state) const;
  RequestPhase step(ConnectionId connection, HttpState& state, RequestEvent event);
  void expire(const Wait& wait);
  // http_serving.cpp
  void serve(const Serving& serving);
  [[nodiscard]] Scheme scheme_of(const Serving& serving) const;
  bool serve_preflight(const Serving& serving);
  void serve_engine(const Serving& serving, EngineApp& app);
  void upgrade(const Serving& serving, EngineApp& app, std::string_view sid);
  void serve_websocket(const Serving& serving, WebSocketMount mount);
  [[nodiscard]] bool speaks_version_13(const Serving& serving);
  void switch_protocols(const Serving& serving, const std::optional<std::string>& extension);
  [[nodiscard]] std::optional<Handshake> handshake_of(const Serving& serving);
  void serve_handler(const Serving& serving);
  [[nodiscard]] EngineApp* app_at(std::string_view path) const;
  // http_answers.cpp
  [[nodiscard]] HttpAnswer failure(HttpFailure why, std::string_view message);
  void refuse_request(ConnectionId connection, http::Refusal refusal);
  void too_many_sessions(ConnectionId connection, Duration wait);
  void send(ConnectionId connection, const HttpAnswer& answer);
  void feed(ConnectionId connection, HttpState& state);
  void finish_request(ConnectionId connection, HttpState& state);

  [[no_unique_address]] OwnThread own_thread_;
  ShardIndex shard_;
  ShardIndex shard_count_;
  Connections& connections_;
  Engine* engine_ = nullptr;
  WebSockets* websockets_ = nullptr;
  const Clock& clock_;
  Random& random_;  // for the ids of requests
  HttpHandler& handler_;
  const FailureWriter& failure_writer_;
  const HttpSettings& settings_;
  Compression offered_;  // to the WebSockets of this side
  std::vector<Mount> mounts_;
  DeadlineQueue<Wait> head_waits_;
  DeadlineQueue<Wait> body_waits_;
  DeadlineQueue<Wait> idle_waits_;
  ConnectionId reading_;  // whose bytes are being read right now
  std::string chunks_;    // a chunked body, joined
  HttpCounts counts_;
};

}  // namespace belfry::protocol
