// Reconnector: one thread's connection, which it renews when it breaks. Each question starts a Deadline; within it the connection
// is made anew, with short pauses while the server restarts. If that fails in time it is `down`; each question then tries only
// once, so that requests fail at once instead of queueing for a dead server.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "adapters/postgres/connection.hpp"
#include "base/log.hpp"

namespace belfry::postgres {

/// How long one question may take. A question that waited for another one is still answered within 5 s, even if the database is
/// dead.
constexpr Duration kPatience = std::chrono::milliseconds{2'400};

struct ConnectionOptions {
  std::string url{};
  std::string name{};      // shown in pg_stat_activity; unique to each connection
  std::string greeting{};  // the first statement on a new connection
};

class Reconnector {
 public:
  Reconnector(ConnectionOptions options, Log& log) : options_(std::move(options)), log_(log) {}

  void begin(Duration patience) { deadline_.begin(patience); }
  [[nodiscard]] bool time_is_over() const { return deadline_.passed(); }
  /// Throws Failure (lost) if there is no connection within the deadline.
  Connection& connection();
  [[nodiscard]] bool down() const { return down_; }
  /// The pause between two attempts to reach the server.
  void pause() const { deadline_.pause(kPause); }
  [[nodiscard]] const std::string& name() const { return options_.name; }

 private:
  static constexpr Duration kPause = std::chrono::milliseconds{25};
  Connection& connect();

  ConnectionOptions options_;
  Log& log_;
  Deadline deadline_;
  Resolver resolver_;
  std::optional<Connection> connection_;
  bool down_ = false;
};

}  // namespace belfry::postgres
