// The fields of a user that clients fill in, and what their texts must look like beyond a length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gateway/api/api_call.hpp"

namespace belfry::gateway {

constexpr std::int64_t kMinPassword = 8;  // NIST SP 800-63B 5.1.1.2
constexpr std::int64_t kMaxPassword = 256;
// What browsers and proxies take for a URL anyway. A list of a hundred people stays below half a megabyte with it.
constexpr std::size_t kMaxAvatarUrl = 2048;

[[nodiscard]] std::vector<Field> sign_up_fields();
[[nodiscard]] std::vector<Field> log_in_fields();
[[nodiscard]] std::vector<Field> profile_fields();

/// What is wrong with the forms of username, email, names and picture, of those that are there.
[[nodiscard]] std::vector<Detail> wrong_forms(const ApiCall& call);

}  // namespace belfry::gateway
