// Until gateway/render stands.
#include <array>
#include <chrono>
#include <cstdio>

#include "base/uuid.hpp"
#include "gateway/native/answers.hpp"
#include "gateway/native/pieces.hpp"

namespace belfry::gateway::native {

std::string iso_text(WallTime time) {
  const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(time.unix_ms)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{at - day};
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                 static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string person_json(const account::Person& person) {
  return R"({"id":")" + to_text(person.id.value()) + R"(","username":)" + quoted(person.username) + R"(,"avatar":)" +
         quoted_or_null(person.avatar) + '}';
}

std::string call_json(const store::StoredCall& call) {
  return R"({"id":")" + to_text(call.row.id) + R"(","status":")" + std::string(to_text(call.row.status)) + R"("})";
}

std::string refusal(const calls::Refused& refused) {
  return refusal("CALL_NOT_FOUND", std::to_string(static_cast<int>(refused.why)));
}

}  // namespace belfry::gateway::native
