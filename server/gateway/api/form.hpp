// Forms with files (multipart/form-data) as the body of a request: their text fields are taken as those of a JSON body are, and
// the file becomes ApiCall::upload (SPEC K6, K48, K50).
#pragma once

#include <string_view>

#include "base/expected.hpp"
#include "gateway/api/api_call.hpp"

namespace belfry::gateway {

/// What the form of seed 004's client has as the text of a picture that nobody chose: `undefined`, `null` or nothing (K6).
[[nodiscard]] bool says_nothing(std::string_view text);

/// `body` is a view of the request: what is needed of it is copied. Operation::files names the fields that hold a file; a text
/// that says nothing in one of them is none.
[[nodiscard]] Expected<void, Failure> read_form(std::string_view content_type, std::string_view body, ApiCall& call);

}  // namespace belfry::gateway
