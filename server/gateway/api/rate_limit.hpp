// Rate limits in answers (R-001-89): the header fields of draft-ietf-httpapi-ratelimit-headers that clients know today, and the
// refusal.
#pragma once

#include "app/limits/sliding_window.hpp"
#include "gateway/api/api_call.hpp"

namespace belfry::gateway {

/// RateLimit-* of the answer to come; none if there is no limit.
void tell_rate_limit(const limits::RateLimitStatus& status, ApiCall& call);
/// Answers 429 with them.
void refuse_for_now(const limits::RateLimitStatus& status, ApiCall& call);

}  // namespace belfry::gateway
