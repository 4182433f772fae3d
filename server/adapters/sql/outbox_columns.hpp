// An entry of the outbox in columns, once for every SQL database (call_columns.hpp tells of `Out` and `In`).
//
// `aware` is what a call_end needs. It keeps a column of its own, beside `payload`: a server of an older release on the same
// database writes and reads it there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/outbox.hpp"

namespace belfry::sql {

/// What puts an entry writes; 9 values, in the order of put_outbox_entry().
inline constexpr std::string_view kOutboxColumns =
    R"("kind", "userId", "callId", "key", "aware", "payload", "createdAt", "dueAt", "expiresAt")";
/// In the order of take_outbox_entry().
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

/// Of a row whose kind was asked for by name.
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

/// UPDATE ... RETURNING promises no order.
inline void sort_by_number(std::vector<store::OutboxEntry>& entries) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
}

}  // namespace belfry::sql
