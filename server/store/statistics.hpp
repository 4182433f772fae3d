// How calls are counted and days named in statistics, the same in every adapter.
#pragma once

#include <cstdint>
#include <string>

#include "store/call_archive.hpp"

namespace belfry::store {

/// R-001-76: adds one call of `user` to the statistics.
void count_in(Statistics& all, const CallRow& row, const UserId& user);

/// The date "2026-11-21" of a UTC day, counted from 1970-01-01.
[[nodiscard]] std::string day_text(std::int64_t day);
inline constexpr std::int64_t kDayMs = 86'400'000;

}  // namespace belfry::store
