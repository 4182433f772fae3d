// Parses the events of web sessions (web_commands.hpp), with the checks of payload.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/native/payload.hpp"

namespace belfry::gateway::native {

/// The addressee of an event. At least one of the two is present; if both are, they must agree.
struct WebTarget {
  std::optional<calls::UserId> user{};
  std::optional<calls::CallId> call{};
};

/// The web client of seed 001 sends a description or a candidate as `signal`. Its mobile client sends them as `sdp`, a string,
/// and as `candidate`; `signal` goes before these.
struct WebSignal {
  WebTarget target{};
  std::string payload{};  // raw JSON, as call.signal carries it
};
/// `webrtc_offer`, `webrtc_answer`, `webrtc_ice_candidate`; `kind` is that of call.signal.
[[nodiscard]] Read<WebSignal> read_web_signal(const protocol::IncomingEvent& event, calls::SignalKind kind);
/// `call_mute`, `call_unmute`, `call_video_on`, `call_video_off`.
[[nodiscard]] Read<WebTarget> read_web_target(const protocol::IncomingEvent& event);

}  // namespace belfry::gateway::native
