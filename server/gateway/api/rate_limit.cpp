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

void refuse_for_now(const limits::RateLimitStatus& status, ApiCall& call) {
  tell_rate_limit(status, call);
  const Duration wait = status.wait.value_or(status.reset);
  call.fail(
      Failure{.error = ApiError::rate_limited, .retry_after_ms = std::chrono::ceil<std::chrono::milliseconds>(wait).count()});
}

}  // namespace belfry::gateway
