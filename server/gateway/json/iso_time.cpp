#include "gateway/json/iso_time.hpp"

#include <chrono>
#include <cstdint>

#include "wire/json/iso_text.hpp"

namespace belfry::gateway {
namespace {

// What iso_text() can write with the four digits of a year.
constexpr WallTime kYear0{-62'167'219'200'000}, kYear10000{253'402'300'800'000};

/// Reads `digits` digits from the front of `text` and removes them.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (const char digit : text.substr(0, digits)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  text.remove_prefix(digits);
  return value;
}
bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_milliseconds(std::string_view& text) {
  if (!take(text, '.')) return 0;
  std::int64_t value = 0, place = 100;
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), place /= 10)
    value += place * (text.front() - '0');
  return value;
}

std::optional<std::int64_t> take_offset_minutes(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return 0;
  const bool minus = !text.empty() && text.front() == '-';
  // An unescaped `+` in a query string has become a space.
  if (!minus && (text.empty() || (text.front() != '+' && text.front() != ' '))) return std::nullopt;
  text.remove_prefix(1);
  const auto hours = take_number(text, 2);
  if (!take(text, ':')) return std::nullopt;
  const auto minutes = take_number(text, 2);
  if (!hours || *hours > 23 || !minutes || *minutes > 59) return std::nullopt;
  return (minus ? -1 : 1) * (*hours * 60 + *minutes);
}

}  // namespace

std::string iso_text(WallTime time) { return json::iso_text(time); }

std::string iso_text(const std::optional<WallTime>& time) { return time ? iso_text(*time) : std::string{}; }

std::optional<WallTime> parse_iso(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  std::int64_t ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::sys_days(date).time_since_epoch()).count();
  if (text.empty()) return WallTime{ms};
  if (!take(text, 'T') && !take(text, 't')) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  ms += (*hour * 60 + *minute) * 60'000LL;
  if (take(text, ':')) {
    const auto second = take_number(text, 2);
    const auto fraction = take_milliseconds(text);
    if (!second || *second > 60 || !fraction) return std::nullopt;
    ms += *second * 1000LL + *fraction;
  }
  const auto offset = take_offset_minutes(text);
  if (!offset || !text.empty()) return std::nullopt;
  const WallTime time{ms - *offset * 60'000};
  return time < kYear0 || time >= kYear10000 ? std::nullopt : std::optional(time);
}

}  // namespace belfry::gateway
