// Parses the payloads of native events. A payload is checked whole before anything acts on it: every wrong field is reported, not
// only the first (SPEC 2.1 VALIDATION_FAILED). The rules are those of the REST API. Unknown fields are ignored. The results are
// views of the event.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "app/calls/calls.hpp"
#include "gateway/dialects/fields.hpp"
#include "protocol/socket_handler.hpp"
#include "store/call_archive.hpp"

namespace belfry::gateway::native {

/// `call.start`; the caller of this function fills in who calls.
[[nodiscard]] Read<calls::StartCall> read_start(const protocol::IncomingEvent& event);

/// `{callId}` of the plain call events.
[[nodiscard]] Read<calls::CallId> read_call(const protocol::IncomingEvent& event);
/// `call.sync`: one call, or all of them.
[[nodiscard]] Read<std::optional<calls::CallId>> read_sync(const protocol::IncomingEvent& event);

struct Accept {
  calls::CallId call{};
  std::string_view answer{};  // raw JSON, empty if absent
};
[[nodiscard]] Read<Accept> read_accept(const protocol::IncomingEvent& event);

struct SignalRequest {
  calls::CallId call{};
  calls::SignalKind kind{};
  std::string_view payload{};
  std::uint32_t generation = 0;
  std::optional<calls::UserId> to{};
};
[[nodiscard]] Read<SignalRequest> read_signal(const protocol::IncomingEvent& event);

struct MediaRequest {
  calls::CallId call{};
  calls::MediaReport report{};
};
[[nodiscard]] Read<MediaRequest> read_media(const protocol::IncomingEvent& event);

struct QualityRequest {
  calls::CallId call{};
  std::vector<store::QualitySample> samples{};
};
/// A sample without `ts` gets the time `now`.
[[nodiscard]] Read<QualityRequest> read_quality(const protocol::IncomingEvent& event, WallTime now);

/// `session.resume`, and the members of the same names in the CONNECT payload.
struct Resume {
  calls::SessionId session{};
  std::uint64_t last_seq = 0;
};
[[nodiscard]] Read<Resume> read_resume(const protocol::IncomingEvent& event);
/// nullopt: the client does not ask to resume, or the fields are invalid.
[[nodiscard]] std::optional<Resume> resume_in(json::Slice auth);

}  // namespace belfry::gateway::native
