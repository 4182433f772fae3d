// Acknowledgements of the native and the token dialect: `{success, data?, error?: {code, message, details, retryAfterMs}}`
// (SPEC 0), with the codes and messages of gateway/json.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/calls/result.hpp"
#include "base/time.hpp"
#include "gateway/dialects/fields.hpp"
#include "gateway/json/errors.hpp"

namespace belfry::gateway {

[[nodiscard]] std::string success(std::string_view data = {});
[[nodiscard]] std::string call_answer(const calls::CallResult& answer);
[[nodiscard]] std::string refusal(const Failure& failure);
[[nodiscard]] std::string refusal(calls::Refusal why);
[[nodiscard]] std::string refusal(const Issues& issues);

[[nodiscard]] std::int64_t whole_ms(Duration duration);  // rounded up

}  // namespace belfry::gateway
