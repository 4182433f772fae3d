// Rate limits in answers (R-001-89): the header fields of draft-ietf-httpapi-ratelimit-headers that clients support today, and
// the refusal.
#pragma once

#include <string>

#include "app/limits/sliding_window.hpp"
#include "base/time.hpp"
#include "gateway/api/api_call.hpp"

namespace belfry::gateway {

/// Adds the RateLimit-* headers to the answer; none if there is no limit.
void tell_rate_limit(const limits::RateLimitStatus& status, ApiCall& call);
/// In whole seconds, never too early.
[[nodiscard]] std::string retry_after_text(Duration wait);
/// Adds Retry-After, for a refusal in a form of its own.
void tell_when_to_retry(const limits::RateLimitStatus& status, ApiCall& call);
/// Answers 429 with all these headers.
void refuse_for_now(const limits::RateLimitStatus& status, ApiCall& call);

}  // namespace belfry::gateway
