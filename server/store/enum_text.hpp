// Small rules that every adapter must follow in the same way.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/call_archive.hpp"

namespace belfry::store {

/// The n-th candidate for a name: the wished name, then "name-2", "name-3"..., cut to a valid length.
[[nodiscard]] std::string name_near(std::string_view wished, unsigned attempt);

/// The date "2026-11-21" of a UTC day, counted from 1970-01-01.
[[nodiscard]] std::string day_text(std::int64_t day);
inline constexpr std::int64_t kDayMs = 86'400'000;

/// R-001-76: adds one call of `user` to the statistics.
void count_in(Statistics& all, const CallRow& row, const UserId& user);

/// R-001-44: a call whose row has no deadline gets one minute.
[[nodiscard]] WallTime ring_deadline(const CallRow& row);

}  // namespace belfry::store
