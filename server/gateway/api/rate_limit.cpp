#include "gateway/api/rate_limit.hpp"

#include <chrono>

namespace belfry::gateway {

void tell_rate_limit(const limits::RateLimitStatus& status, ApiCall& call) {
  if (status.limit == 0) return;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(status.reset).count();
  call.add_header("RateLimit-Limit", std::to_string(status.limit));
  call.add_header("RateLimit-Remaining", std::to_string(status.remaining));
  call.add_header("RateLimit-Reset", std::to_string(seconds));
}

namespace {

std::int64_t wait_ms(const limits::RateLimitStatus& status) {
  return std::chrono::ceil<std::chrono::milliseconds>(status.wait.value_or(status.reset)).count();
}

}  // namespace

std::string retry_after_text(std::int64_t ms) { return std::to_string((ms + 999) / 1000); }

void tell_when_to_retry(const limits::RateLimitStatus& status, ApiCall& call) {
  call.add_header("Retry-After", retry_after_text(wait_ms(status)));
}

void refuse_for_now(const limits::RateLimitStatus& status, ApiCall& call) {
  tell_rate_limit(status, call);
  call.fail(Failure{.error = ApiError::rate_limited, .retry_after_ms = wait_ms(status)});
}

}  // namespace belfry::gateway
