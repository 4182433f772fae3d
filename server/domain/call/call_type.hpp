// What the caller started the call for, audio or video. It never changes: switching a camera on later changes the media, not the
// call type.
#pragma once

#include <cstdint>

namespace belfry::call {

enum class CallType : std::uint8_t { audio, video };

}  // namespace belfry::call
