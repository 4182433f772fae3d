// ShardStack: everything that one shard thread owns, wired together: routes, Engine.IO, Socket.IO, the signaling dialect and
// the switchboard. Built and destroyed on its shard's thread; net/ drives it as a session::Handler.
#pragma once

#include "adapters/memory/call_store.hpp"
#include "app/exchange.hpp"
#include "app/switchboard.hpp"
#include "gateway/http_routes.hpp"
#include "gateway/signaling.hpp"
#include "net/counters.hpp"
#include "net/server.hpp"
#include "session/endpoint.hpp"
#include "session/sockets.hpp"

namespace belfry {

/// What all shards share: immutable, or guarded inside.
struct SharedParts {
  session::EngineSettings engine;
  session::SocketSettings sockets;
  session::HttpSettings http;
  gateway::SignalingSettings signaling;
  gateway::HttpRoutes::Options routes;
  const gateway::ServerView& view;
  const gateway::StaticFiles& files;
  gateway::HttpCounters& http_counters;
  app::Exchange& calls;
  memory::CallTable& call_table;
  session::SocketsExchange& sockets_exchange;
  Log& log;
};

/// Written by the shard, read by whoever renders /metrics.
struct StackCounters {
  net::Counter engine_sessions;
  net::Counter sockets;
  net::Counter recovered;
  net::Counter events;
  net::Counter refused_events;
  net::Counter relayed_candidates;
};

class ShardStack : public session::Handler {
 public:
  ShardStack(const net::ShardContext& context, const SharedParts& parts, StackCounters& counters);
  void on_open(session::ConnectionId connection, const session::ConnectionFacts& facts) override;
  std::size_t on_bytes(session::ConnectionId connection, MutableBytes input) override;
  void on_closed(session::ConnectionId connection) override;
  [[nodiscard]] TimePoint next_deadline() const override;
  void on_time(TimePoint now) override;
  void on_drain() override;

 private:
  void publish_counts();

  StackCounters& counters_;
  gateway::HttpRoutes routes_;
  gateway::Signaling signaling_;
  memory::CallStore store_;
  app::Switchboard board_;
  session::Endpoint endpoint_;
  session::Sockets sockets_;
};

}  // namespace belfry
