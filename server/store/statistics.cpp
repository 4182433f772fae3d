#include "store/statistics.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>

namespace belfry::store {

void count_in(Statistics& all, const CallRow& row, const UserId& user) {
  ++all.total_calls;
  ++(row.caller == user ? all.outgoing : all.incoming);
  ++(row.media == call::CallType::video ? all.video_calls : all.audio_calls);
  if (row.status == call::Status::missed) ++all.missed_calls;
  if (row.status == call::Status::rejected) ++all.rejected_calls;
  if (const auto seconds = duration_seconds(row); seconds && row.status == call::Status::ended) {
    all.total_duration += static_cast<std::uint64_t>(*seconds);
    ++all.calls_with_duration;
  }
}

std::string day_text(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace belfry::store
