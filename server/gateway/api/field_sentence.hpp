// What is wrong with a field, as a sentence for people (SPEC W-004-16): seed 004's client shows the message of a refusal, and
// nothing else of it.
#pragma once

#include <string>

#include "gateway/api/operation.hpp"
#include "gateway/json/errors.hpp"

namespace belfry::gateway {

[[nodiscard]] std::string sentence_of(const Detail& detail, const Operation& operation);

}  // namespace belfry::gateway
