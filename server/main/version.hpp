// The version of CMakeLists.txt's project(); the build passes it in.
#pragma once

#include <string_view>

namespace belfry {
constexpr std::string_view kVersion = BELFRY_VERSION;
}  // namespace belfry
