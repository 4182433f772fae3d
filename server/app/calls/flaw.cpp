#include "app/calls/flaw.hpp"

#include <algorithm>

namespace belfry::calls {

Expected<void, RowFlaw> check_row(const store::CallRow& row) {
  if (row.version == 0) return unexpected(RowFlaw{"its version is not positive"});
  if (row.unknown_word) return unexpected(RowFlaw{"a word that is not of its column's list"});
  const auto is_nobody = [](const store::Leg& leg) { return leg.user == store::UserId{}; };  // as an id that is no UUID is read
  if (std::any_of(row.legs.begin(), row.legs.end(), is_nobody)) return unexpected(RowFlaw{"a participant's id is no UUID"});
  if (row.legs.size() < 2) return unexpected(RowFlaw{"fewer than two participants"});
  if (row.status == call::Status::connected && !row.started) return unexpected(RowFlaw{"connected without startedAt"});
  if (is_final(row.status) && !row.ended) return unexpected(RowFlaw{"over without endedAt"});
  if (is_final(row.status) && !row.end_reason) return unexpected(RowFlaw{"over without endReason"});
  return {};
}

}  // namespace belfry::calls
