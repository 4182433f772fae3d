// Link: one thread's way to the database: a connection which comes back. A question begins with a Deadline and within it a lost
// connection is made again, with short pauses while the server restarts. A link that could not be made in time is `down`; then
// each question tries just once, so that requests fail at once instead of queueing for a dead server.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "adapters/postgres/connection.hpp"
#include "base/log.hpp"

namespace belfry::postgres {

/// What a question may take. One that waited for the one before still has its answer within 5 s, be the database as dead as it
/// may.
constexpr Duration kPatience = std::chrono::milliseconds{2'400};

struct Endpoint {
  std::string url{};
  std::string name{};      // shows in pg_stat_activity; each link's own
  std::string greeting{};  // the first statement on a new connection
};

class Link {
 public:
  Link(Endpoint endpoint, Log& log) : endpoint_(std::move(endpoint)), log_(log) {}

  void begin(Duration patience) { deadline_.begin(patience); }
  [[nodiscard]] bool time_is_over() const { return deadline_.passed(); }
  /// Throws Failure (lost) when there is none within the deadline.
  Connection& connection();
  [[nodiscard]] bool down() const { return down_; }
  /// Between two attempts at a server that is away.
  void pause() const { deadline_.pause(kPause); }
  [[nodiscard]] const std::string& name() const { return endpoint_.name; }

 private:
  static constexpr Duration kPause = std::chrono::milliseconds{25};
  Connection& connect();

  Endpoint endpoint_;
  Log& log_;
  Deadline deadline_;
  Resolver resolver_;
  std::optional<Connection> connection_;
  bool down_ = false;
};

}  // namespace belfry::postgres
