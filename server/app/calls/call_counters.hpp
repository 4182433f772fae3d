// Which of CallStats each committed step changes. Here and not at each place that ends a call, so that every reason has a
// counter.
#pragma once

#include "app/calls/call_entry.hpp"
#include "app/calls/shared_calls.hpp"

namespace belfry::calls {

/// `before`: the call's status as last committed; a start has none.
void count_step(SharedCalls& shared, const PendingStep& step, std::optional<call::Status> before);

}  // namespace belfry::calls
