// Small agreements which every adapter must keep in the same way.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/call_archive.hpp"

namespace belfry::store {

/// The n-th name near the wished one: itself, then "name-2", "name-3"... cut so that it stays a name.
[[nodiscard]] std::string name_near(std::string_view wished, unsigned attempt);

/// "2026-11-21" of a day counted from 1970-01-01, UTC.
[[nodiscard]] std::string day_text(std::int64_t day);
inline constexpr std::int64_t kDayMs = 86'400'000;

/// R-001-76: one call of `user` more.
void count_in(Statistics& all, const CallRow& row, const UserId& user);

/// R-001-44: a call whose row names no deadline is given a minute.
[[nodiscard]] WallTime ring_deadline(const CallRow& row);

}  // namespace belfry::store
