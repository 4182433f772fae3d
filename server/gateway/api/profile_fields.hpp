// The fields of a user that clients set, and the rules for their text beyond a length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/api/api_call.hpp"

namespace belfry::gateway {

constexpr std::int64_t kMaxPassword = 256;  // longer than any sentence; bounds the work of hashing
// In characters, of a display name: a first name of 63, a space and a last name of 64, as seed 001's registration takes them.
constexpr std::int64_t kMaxName = 128;

/// `min_password`: characters that a new password has at least.
[[nodiscard]] std::vector<Field> sign_up_fields(std::int64_t min_password);
[[nodiscard]] std::vector<Field> log_in_fields();
[[nodiscard]] std::vector<Field> register_fields(std::int64_t min_password);  // seed 001's
[[nodiscard]] Field refresh_token_field();
[[nodiscard]] std::vector<Field> profile_fields(std::int64_t min_password);

/// Good enough to write to: one "@", a host with a dot, and nothing that could end the address in a mail's header.
[[nodiscard]] bool is_email(std::string_view text);
/// Other users' browsers load it: an https URL, a path on our own host, or the image itself as a data URL. An empty text removes
/// the picture.
[[nodiscard]] bool is_image(std::string_view text);

/// Faults in the form of username, email, names and picture, if they are present.
[[nodiscard]] std::vector<Detail> wrong_forms(const ApiCall& call);

}  // namespace belfry::gateway
