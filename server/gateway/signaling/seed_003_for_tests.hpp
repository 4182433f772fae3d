// For tests of what the published client of seed 003 needs: the members of its events, and what the page gets.
#pragma once

#include <string>
#include <string_view>

#include "gateway/signaling/signaling_stage_for_tests.hpp"

namespace belfry::gateway::testing {

inline std::string member(std::string_view name, std::string_view json) {
  return ",\"" + std::string(name) + "\":" + std::string(json);
}
/// What the page gets from ben.
inline std::string said(std::string_view event, const std::string& members) {
  return std::string(event) + R"( {"from":"ben")" + members + "}";
}

}  // namespace belfry::gateway::testing
