#include "store/call_row.hpp"

namespace belfry::store {

std::optional<std::int64_t> duration_seconds(const CallRow& row) {
  if (!row.started || !row.ended) return std::nullopt;
  return (row.ended->unix_ms - row.started->unix_ms) / 1000;
}

}  // namespace belfry::store
