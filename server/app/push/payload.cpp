#include "app/push/payload.hpp"

#include <array>
#include <chrono>
#include <cstdio>

#include "wire/json/writer.hpp"

namespace belfry::push {
namespace {

/// 2026-01-02T03:04:05.678Z
std::string iso_text(WallTime time) {
  using namespace std::chrono;
  const sys_time<milliseconds> moment{milliseconds{time.unix_ms}};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss<milliseconds> clock{moment - day};
  std::array<char, 40> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                 static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::string payload(store::PushType type, const store::StoredCall& call, std::string_view reason) {
  std::string text;
  json::Writer json(text);
  json.open_object()
      .member("type", to_text(type))
      .member("callId", to_text(call.row.id.value()))
      .member("callerId", to_text(call.row.caller.value()))
      .member("callerName", call.caller().username)
      .member("callType", to_text(call.row.media))
      .member("conversationId", call.row.conversation ? to_text(call.row.conversation->value()) : std::string())
      .member("expiresAt", iso_text(call.row.ring_expires.value_or(call.row.created)));
  if (type == store::PushType::cancel) json.member("reason", reason);
  json.close_object();
  return text;
}

}  // namespace belfry::push
