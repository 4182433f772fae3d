// One shard's protocol stack put together: what net/ drives through Handler. HTTP side, Engine.IO, plain WebSockets and the
// mounted apps share one set of connections and one time line. Owned by the shard's stack (main/shard_stack.hpp), which net/
// keeps as its Handler; mounted and put together before the first connection, and used on the shard's thread only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/own_thread.hpp"
#include "protocol/connections.hpp"
#include "protocol/engine.hpp"
#include "protocol/http_side.hpp"
#include "protocol/link.hpp"
#include "protocol/settings.hpp"
#include "protocol/websockets.hpp"

namespace belfry::protocol {

/// What a shard gives its protocol stack. All outlive the endpoint.
struct ShardServices {
  ShardIndex shard = 0;
  Link& link;
  Mailboxes& mailboxes;
  const Clock& clock;
  Random& random;
};

/// Something else on this shard that waits for time: sockets, the app's ring timers.
struct TimeUser {
  std::function<TimePoint()> next_deadline;
  std::function<void(TimePoint)> on_time;
};

class Endpoint : public Handler {
 public:
  Endpoint(const ShardServices& services, const EngineSettings& engine, const HttpSettings& http, HttpHandler& handler,
           const FailureWriter& failure_writer);

  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] WebSockets& websockets() { return websockets_; }
  [[nodiscard]] const HttpCounts& http_counts() const { return http_.counts(); }
  void mount(std::string path, EngineApp& app) { http_.mount(std::move(path), app); }
  void mount(std::string path, WebSocketApp& app) { websockets_.mount(std::move(path), app); }
  void add_time_user(TimeUser user) { time_users_.push_back(std::move(user)); }

  void on_open(ConnectionId connection, const ConnectionFacts& facts) override;
  std::size_t on_bytes(ConnectionId connection, MutableBytes input) override;
  [[nodiscard]] bool owes_answer(ConnectionId connection) override;
  void on_closed(ConnectionId connection) override;
  [[nodiscard]] TimePoint next_deadline() const override;
  void on_time(TimePoint now) override;
  void on_drain() override;

 private:
  [[no_unique_address]] OwnThread own_thread_;
  Connections connections_;
  HttpSide http_;
  Engine engine_;
  WebSockets websockets_;
  std::vector<TimeUser> time_users_;
};

}  // namespace belfry::protocol
