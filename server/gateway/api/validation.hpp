// Checks a request against its operation. Reports every fault, not only the first (SPEC 2.1), before any store is asked
// (R-001-15).
#pragma once

#include <vector>

#include "gateway/api/api_call.hpp"
#include "gateway/api/operation.hpp"

namespace belfry::gateway {

// All append to `details`. The issues: required, invalid, out_of_range, too_short, too_long, not_supported, unknown.
void validate_body(const ApiCall& call, std::vector<Detail>& details);
/// Operation::exactly_one and at_least_one. A field that comes later may have been meant instead: then that is all there is to
/// say.
void validate_choice(const ApiCall& call, std::vector<Detail>& details);
void validate_query(const ApiCall& call, std::vector<Detail>& details);
/// Fields that the operation does not know; reported only with `Prefer: strict`.
void find_unknown_fields(const ApiCall& call, std::vector<Detail>& details);

/// The members of the body that the operation knows into `call.fields`, of duplicates the last, as JSON.parse has it; the names
/// of the others into `call.unknown`. Views into the body. False: there are far more members than the operation has fields.
[[nodiscard]] bool take_fields(json::Slice object, ApiCall& call);

}  // namespace belfry::gateway
