#include "adapters/postgres/reconnector.hpp"

#include <utility>

namespace belfry::postgres {

std::string set_lock_timeout(Duration longest) {
  return "SET lock_timeout = " + std::to_string(longest / std::chrono::milliseconds{1});
}

Connection& Reconnector::connect() {
  Connection& fresh = connection_.emplace(options_.url, resolver_, deadline_);
  fresh.script(options_.greeting + "SET application_name = '" + options_.name + "'");
  return fresh;
}

Connection& Reconnector::connection() {
  if (connection_ && connection_->good()) return *connection_;
  while (true) {
    try {
      Connection& fresh = connect();
      if (std::exchange(down_, false)) log_.info("database is back");
      return fresh;
    } catch (const Failure& failure) {
      connection_.reset();
      if (!down_ && !deadline_.passed()) {
        pause();
        continue;
      }
      if (!std::exchange(down_, true)) log_.error("database is out of reach", {{"sqlstate", failure.sqlstate()}});
      throw Failure(Fault::lost, failure.sqlstate(), "", failure.what());
    }
  }
}

}  // namespace belfry::postgres
