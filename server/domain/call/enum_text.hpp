// The closed word lists of a call, as clients and stores spell them (SPEC 2.3, C-04). A Status is what clients see of a call's
// state; the state itself is in state.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/call/call_type.hpp"

namespace belfry::call {

/// calling -> connected | rejected | missed, connected -> ended (SPEC 2.6). The last three are final.
enum class Status : std::uint8_t { calling, connected, rejected, missed, ended };
[[nodiscard]] constexpr bool is_final(Status status) { return status >= Status::rejected; }

/// The dialect of the session that started the call; it fixes the call's policy (SPEC 1.8).
enum class Dialect : std::uint8_t { native, token, rest, signaling, chat };
// For tables by dialect; enum_text.cpp compares it with the enumerators.
inline constexpr std::size_t kDialectCount = 5;

/// When the callees are rung (SPEC C-05).
enum class RingPolicy : std::uint8_t { immediate, on_caller_ready };
/// Whom a call rings (`ringMode` of a start, SPEC J-1.5): all whom it calls, by a push if they are away; or only their sessions.
enum class RingTargets : std::uint8_t { all, online };

/// What a signal between participants is (`kind` of `call.signal`, SPEC 2.4). The last four are peer events: what a participant
/// tells the peer about itself, which are events of their own in seed 001. They are relayed like signals, but belong to no
/// negotiation, so they do not wait for a description.
enum class SignalKind : std::uint8_t { offer, answer, candidate, candidates_end, restart, mute, unmute, video_on, video_off };
[[nodiscard]] constexpr bool is_peer_event(SignalKind kind) { return kind >= SignalKind::mute; }
/// The other kinds of a negotiation are candidates and requests to restart.
[[nodiscard]] constexpr bool is_description(SignalKind kind) { return kind == SignalKind::offer || kind == SignalKind::answer; }

/// One person's part in a call (SPEC 2.6 "Leg states").
enum class LegState : std::uint8_t { invited, notified, ringing, joined, suspended, declined, busy, missed, left, kicked };

[[nodiscard]] std::string_view to_text(Status status);
[[nodiscard]] std::string_view to_text(Dialect dialect);
[[nodiscard]] std::string_view to_text(RingPolicy policy);
[[nodiscard]] std::string_view to_text(RingTargets targets);
[[nodiscard]] std::string_view to_text(SignalKind kind);
[[nodiscard]] std::string_view to_text(LegState state);
[[nodiscard]] std::string_view to_text(CallType type);
[[nodiscard]] std::optional<Status> parse_status(std::string_view text);
[[nodiscard]] std::optional<Dialect> parse_dialect(std::string_view text);
[[nodiscard]] std::optional<RingPolicy> parse_ring_policy(std::string_view text);
[[nodiscard]] std::optional<RingTargets> parse_ring_targets(std::string_view text);
[[nodiscard]] std::optional<SignalKind> parse_signal_kind(std::string_view text);
[[nodiscard]] std::optional<LegState> parse_leg_state(std::string_view text);
[[nodiscard]] std::optional<CallType> parse_call_type(std::string_view text);

}  // namespace belfry::call
