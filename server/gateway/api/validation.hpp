// Checks a request against its operation. Reports every fault, not only the first (SPEC 2.1), before anything reads the store
// (R-001-15).
#pragma once

#include <vector>

#include "gateway/api/api_call.hpp"
#include "gateway/api/operation.hpp"

namespace belfry::gateway {

// All append to `details`. The issues are: required, invalid, out_of_range, too_short, too_long, not_supported, unknown.
void validate_body(const ApiCall& call, std::vector<Detail>& details);
/// Checks Operation::exactly_one and at_least_one. Does not report exactly_one if a field was not_supported: the client meant
/// that field.
void validate_choice(const ApiCall& call, std::vector<Detail>& details);
void validate_query(const ApiCall& call, std::vector<Detail>& details);
/// Fields that the operation does not know; called only with `Prefer: strict`.
void find_unknown_fields(const ApiCall& call, std::vector<Detail>& details);

/// Stores the members of the body that the operation knows in `call.fields` (of duplicates the last, like JSON.parse) and the
/// names of the others in `call.unknown`, as views of the body. False: the body has far more members than the operation has
/// fields.
[[nodiscard]] bool take_fields(json::Slice object, ApiCall& call);

}  // namespace belfry::gateway
