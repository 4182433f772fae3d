#include "app/calls/flaw.hpp"

#include <algorithm>

namespace belfry::calls {

std::optional<std::string_view> flaw_of(const store::CallRow& row) {
  if (row.version == 0) return "its version is not positive";
  const auto is_nobody = [](const store::Leg& leg) { return leg.user == store::UserId{}; };  // as an id that is no UUID is read
  if (std::any_of(row.legs.begin(), row.legs.end(), is_nobody)) return "a participant's id is no UUID";
  if (row.legs.size() < 2) return "fewer than two participants";
  if (row.status == call::Status::connected && !row.started) return "connected without startedAt";
  if (is_final(row.status) && !row.ended) return "over without endedAt";
  if (is_final(row.status) && !row.end_reason) return "over without endReason";
  return std::nullopt;
}

}  // namespace belfry::calls
