// Whether a request is what its operation describes. All that is wrong is told, not only the first (SPEC 2.1); nothing is asked
// of a store before (R-001-15).
#pragma once

#include <vector>

#include "gateway/api/api_call.hpp"
#include "gateway/api/operation.hpp"

namespace belfry::gateway {

/// The issues: required, invalid, out_of_range, too_long, unknown (`Prefer: strict` only).
[[nodiscard]] std::vector<Detail> validate_body(const Operation& operation, const ApiCall& call);
[[nodiscard]] std::vector<Detail> validate_query(const Operation& operation, const ApiCall& call);

}  // namespace belfry::gateway
