// CallType: audio or video, as the caller asked at the start. It never changes: a camera that is switched on later concerns the
// media, not the call.
#pragma once

#include <cstdint>

namespace belfry::call {

enum class CallType : std::uint8_t { audio, video };

}  // namespace belfry::call
