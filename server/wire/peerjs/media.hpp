// The payloads by which PeerJS clients negotiate media, as `peerjs` 1.5.5 writes them (lib/negotiator.ts): an offer and an answer
// {sdp:{type,sdp}, type:"media", connectionId}, an offer with `metadata` besides; a candidate {candidate, type:"media",
// connectionId}. For calls between a PeerJS client and one that has no peer (SPEC K58); between peers nobody reads them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace belfry::peerjs {

/// Ours: stock clients make `mc_` and some twenty characters.
constexpr std::size_t kMaxConnectionId = 128;

/// Views the payload that it was read from.
struct MediaPart {
  std::string connection{};      // decoded
  std::string_view sdp{};        // raw JSON; empty: none
  std::string_view candidate{};  // raw JSON; empty: none
};

/// Of a payload that was decoded (message.hpp). None: it is of no media connection.
[[nodiscard]] std::optional<MediaPart> media_part(std::string_view payload);

/// Who calls, for the dialog of the callee's page.
struct OfferedBy {
  std::string_view name{};
  std::string_view picture{};  // a URL; empty: none
  std::string_view call{};
};

// Append payloads. A description is JSON: an object, or the SDP alone as a text, as clients of other dialects may write it; so is
// a candidate.
void append_offer(std::string& out, std::string_view description, std::string_view connection, const OfferedBy& by);
void append_answer(std::string& out, std::string_view description, std::string_view connection);
void append_candidate(std::string& out, std::string_view candidate, std::string_view connection);

}  // namespace belfry::peerjs
