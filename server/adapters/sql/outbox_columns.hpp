// An entry of the outbox in columns, the same for every SQL database (call_columns.hpp describes `Out` and `In`).
//
// Only a call_end uses `aware`. It has a column of its own, beside `payload`, because a server of an older release on the same
// database writes and reads it there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/outbox.hpp"

namespace belfry::sql {

/// The columns of an INSERT; 9 values, in the order of put_outbox_entry().
inline constexpr std::string_view kOutboxColumns =
    R"("kind", "userId", "callId", "key", "aware", "payload", "createdAt", "dueAt", "expiresAt")";
/// The columns of a SELECT, in the order of take_outbox_entry().
inline constexpr std::string_view kOutboxReadColumns =
    R"("kind", "userId", "callId", "key", "aware", "payload", "createdAt", "dueAt", "expiresAt", "seq", "tries")";

template <class Out>
void put_outbox_entry(Out& out, const store::OutboxEntry& entry) {
  out.text(word_of(entry.kind));
  out.uuid(entry.to.value());
  out.uuid(entry.call.value());
  out.text(entry.key);
  out.flag(entry.aware);
  out.text(entry.payload);
  out.time(entry.at);
  out.maybe_time(entry.due);
  out.maybe_time(entry.expires);
}

/// The row must have been selected by kind, so the kind is a known one.
template <class In>
[[nodiscard]] store::OutboxEntry take_outbox_entry(In& in) {
  store::OutboxEntry entry;
  entry.kind = store::parse_outbox_kind(in.text()).value_or(store::OutboxKind::call_end);
  entry.to = account::UserId(in.uuid());
  entry.call = call::CallId(in.uuid());
  entry.key = in.text();
  entry.aware = in.flag();
  entry.payload = in.text();
  entry.at = in.time();
  entry.due = in.maybe_time();
  entry.expires = in.maybe_time();
  entry.seq = static_cast<std::uint64_t>(in.number());
  entry.tries = static_cast<std::uint32_t>(in.number());
  return entry;
}

/// Needed because UPDATE ... RETURNING has no order.
inline void sort_by_number(std::vector<store::OutboxEntry>& entries) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
}

}  // namespace belfry::sql
