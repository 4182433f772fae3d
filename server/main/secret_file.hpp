// The generated secret that signs session tokens, kept in the data folder so that tokens outlive a restart (SPEC 0). Not here: a
// secret that the operator has set (config/).
#pragma once

#include <string>

#include "base/expected.hpp"

namespace belfry {

/// Reads DATA/session-secret, or creates it, readable by its owner only. 64 hexadecimal digits.
[[nodiscard]] Expected<std::string, std::string> session_secret(const std::string& data_folder);

}  // namespace belfry
