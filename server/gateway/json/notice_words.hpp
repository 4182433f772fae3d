// How events spell the states in notices, the same in the native and in the token dialect (SPEC J-2.13, J-5.3, J-5.4).
#pragma once

#include <string_view>

#include "app/notices/call_notices.hpp"

namespace belfry::gateway {

[[nodiscard]] std::string_view word_of(calls::Progress::State state);
[[nodiscard]] std::string_view word_of(calls::PeerState::State state);

}  // namespace belfry::gateway
