// Product: the composition root. Turns a Config into the parts that all shards share, starts net/ with one ShardStack per
// shard, and answers what the routes and the `stats` log line ask of the whole server.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "adapters/memory/call_store.hpp"
#include "app/exchange.hpp"
#include "gateway/server_view.hpp"
#include "main/config/config.hpp"
#include "main/shard_stack.hpp"
#include "net/server.hpp"

namespace belfry {

class Product : public gateway::ServerView {
 public:
  /// `web_folder` holds demo/. Nothing listens before start().
  Product(const config::Config& config, const std::string& web_folder, Log& log);
  ~Product() override;

  /// The error says what to do about it.
  [[nodiscard]] Expected<void, std::string> start();
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  void drain();
  void stop_now() { server_->stop_now(); }
  void join() { server_->join(); }
  /// One `stats` record: users, calls, connections (R-003-39, R-003-54).
  void log_stats();

  [[nodiscard]] std::size_t connected_users() const override;
  [[nodiscard]] std::size_t active_calls() const override;
  [[nodiscard]] std::vector<std::string> user_names(std::size_t limit) const override;
  [[nodiscard]] WallTime wall() const override;
  [[nodiscard]] TimePoint stopwatch() const override;
  [[nodiscard]] bool ready() const override { return !draining_; }
  [[nodiscard]] gateway::ServerNumbers numbers() const override;

 private:
  const config::Config& config_;
  Log& log_;
  app::Directory directory_;
  mutable app::Exchange calls_;
  memory::CallTable call_table_;
  session::SocketsExchange sockets_exchange_;
  gateway::StaticFiles files_;
  gateway::HttpCounters http_counters_;
  SharedParts parts_;
  std::vector<StackCounters> counters_;
  std::unique_ptr<net::Server> server_;
  std::atomic<bool> draining_{false};
};

}  // namespace belfry
