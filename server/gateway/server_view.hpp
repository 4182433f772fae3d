// ServerView: what the HTTP routes may see of the running server. main/ implements it. The routes of every shard call it, so it
// is thread-safe and answers from memory.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "gateway/server_numbers.hpp"

namespace belfry::gateway {

class ServerView {
 public:
  virtual ~ServerView() = default;
  [[nodiscard]] virtual std::size_t connected_users() const = 0;
  [[nodiscard]] virtual std::size_t active_calls() const = 0;
  /// At most `limit` names, in any order.
  [[nodiscard]] virtual std::vector<std::string> user_names(std::size_t limit) const = 0;
  [[nodiscard]] virtual WallTime wall() const = 0;
  /// The current time, not the batch's: measures how long an answer took.
  [[nodiscard]] virtual TimePoint stopwatch() const = 0;
  /// False while draining, so that load balancers send no new clients.
  [[nodiscard]] virtual bool ready() const = 0;
  /// All numbers but `requests` and `answer_times`, which the routes fill in.
  [[nodiscard]] virtual ServerNumbers numbers() const = 0;
};

}  // namespace belfry::gateway
