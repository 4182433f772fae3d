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

Duration wait_of(const limits::RateLimitStatus& status) { return status.wait.value_or(status.reset); }

}  // namespace

std::string retry_after_text(Duration wait) { return std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count()); }

void tell_when_to_retry(const limits::RateLimitStatus& status, ApiCall& call) {
  call.add_header("Retry-After", retry_after_text(wait_of(status)));
}

void refuse_for_now(const limits::RateLimitStatus& status, ApiCall& call) {
  tell_rate_limit(status, call);
  call.fail(Failure{.error = ApiError::rate_limited, .retry_after = wait_of(status)});
}

}  // namespace belfry::gateway
