// The server events of the token dialect (SPEC 2.5, J-5, W-000-03): one pure function from a notice to what a session is sent.
// The events of the specification come first; behind them, under the names that seed 000's app listens for, the same again with a
// sentence for its user: `call-connected` and `call-end`. Those are aliases and no outcomes of their own (2.12, reading 13).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/notices/notice.hpp"

namespace belfry::gateway::token {

struct ServerEvent {
  std::string_view name;
  std::string payload;
};

/// What a session of `viewer` is sent; nothing for notices that mean nothing to clients of this dialect.
[[nodiscard]] std::vector<ServerEvent> render(const Notice& notice, const account::UserId& viewer);

}  // namespace belfry::gateway::token
