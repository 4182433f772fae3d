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

/// How long we wait for the database. A question that waited for another one is still answered within 5 s (SPEC 2.8.18), even if
/// the database is dead; a statement times out before the question does, so that the database stops working on what we have given
/// up. Tests of what is written, not of how long it takes, wait longer: their machine may be slow.
struct Patience {
  Duration question = std::chrono::milliseconds{2'400};  // all that it needs: a new connection, statements, a second attempt
  Duration statement = std::chrono::milliseconds{1'800};
  Duration lock = std::chrono::milliseconds{800};
};

struct ConnectionOptions {
  std::string url{};
  std::string name{};      // shown in pg_stat_activity; unique to each connection
  std::string greeting{};  // the first statement on a new connection
  Patience patience{};
};

/// The statement that bounds how long later ones wait for a row.
[[nodiscard]] std::string set_lock_timeout(Duration longest);

class Reconnector {
 public:
  Reconnector(ConnectionOptions options, Log& log) : options_(std::move(options)), log_(log) {}

  /// The next question's time begins.
  void begin() { deadline_.begin(options_.patience.question); }
  [[nodiscard]] const Patience& patience() const { return options_.patience; }
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
