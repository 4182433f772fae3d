// What a call was started for. Fixed at the start: switching a camera on later is the media's business, not the call's.
#pragma once

#include <cstdint>

namespace belfry::call {

enum class CallType : std::uint8_t { audio, video };

}  // namespace belfry::call
