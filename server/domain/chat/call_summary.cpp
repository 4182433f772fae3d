#include "domain/chat/call_summary.hpp"

#include <algorithm>
#include <string_view>

namespace belfry::chat {
namespace {

std::string two_digits(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// "2:05", "1:00:09"
std::string clock_of(std::int64_t seconds) {
  constexpr std::int64_t kMinute = 60, kHour = 3'600;
  const std::string minutes_and_seconds = ":" + two_digits(seconds % kMinute);
  if (seconds < kHour) return std::to_string(seconds / kMinute) + minutes_and_seconds;
  return std::to_string(seconds / kHour) + ":" + two_digits(seconds % kHour / kMinute) + minutes_and_seconds;
}

}  // namespace

std::optional<std::int64_t> duration_seconds(const CallSummary& call) {
  if (call.status != call::Status::ended || !call.started || !call.ended) return std::nullopt;
  return std::max<std::int64_t>(0, (call.ended->unix_ms - call.started->unix_ms) / 1'000);
}

std::string line_of(const CallSummary& call) {
  const bool video = call.media == call::CallType::video;
  const std::string_view kind = video ? "video call" : "audio call";
  switch (call.status) {
    case call::Status::missed:
      return std::string("Missed ").append(kind);
    case call::Status::rejected:
      return std::string("Declined ").append(kind);
    case call::Status::ended:
    case call::Status::calling:
    case call::Status::connected:
      break;
  }
  std::string line = video ? "Video call" : "Audio call";
  if (const auto seconds = duration_seconds(call)) line.append(", ").append(clock_of(*seconds));
  return line;
}

}  // namespace belfry::chat
