// Limits of what clients put into a call (descriptions, candidates, metadata), and whom a start calls; for REST and sockets.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "app/calls/calls.hpp"
#include "base/expected.hpp"
#include "domain/account/user.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway {

// A browser's SDP with simulcast and many codecs is some 20 KB. A description is kept while its call rings, so its limit is well
// below maxPayload: 256 KiB of the JSON value as sent (SPEC W-003-01). A candidate is one line, and many of them may wait for a
// peer. Metadata is stored permanently.
constexpr std::size_t kMaxDescription = 256 * 1024;
constexpr std::size_t kMaxCandidate = 16 * 1024;
constexpr std::size_t kMaxMetadata = 16 * 1024;

/// The limit of a signal's payload.
[[nodiscard]] constexpr std::size_t max_payload_of(calls::SignalKind kind) {
  return kind == calls::SignalKind::candidate ? kMaxCandidate : kMaxDescription;
}

/// `kind` of a signal, as clients name it. A peer event is no such kind: it has an event of its own.
[[nodiscard]] std::optional<calls::SignalKind> signal_kind_of(std::string_view text);
/// All words that signal_kind_of() knows.
[[nodiscard]] std::vector<std::string_view> signal_kind_words();

/// `glare` of a start.
[[nodiscard]] std::optional<calls::OnGlare> parse_glare(std::string_view text);

/// The ids in `recipientIds`, without doubles. The error is the field's `issue`.
[[nodiscard]] Expected<std::vector<account::UserId>, std::string_view> recipients(json::Slice list);
/// One is the callee of a call of two, more are those of a group call (J-2.1).
void set_callees(calls::StartCall& start, std::vector<account::UserId> callees);

}  // namespace belfry::gateway
