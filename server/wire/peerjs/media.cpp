#include "wire/peerjs/media.hpp"

#include <array>

#include "wire/json/json.hpp"
#include "wire/json/writer.hpp"

namespace belfry::peerjs {
namespace {

bool is_text(std::string_view raw) { return raw.starts_with('"'); }

/// Stock clients give it to RTCSessionDescription, which wants an object.
void append_description(json::Writer& json, std::string_view kind, std::string_view description) {
  json.key("sdp");
  if (!is_text(description)) {
    json.raw(description);
    return;
  }
  json.open_object().member("type", kind).key("sdp").raw(description).close_object();
}

void append_connection(json::Writer& json, std::string_view connection) {
  json.member("type", "media").member("connectionId", connection);
}

}  // namespace

std::optional<MediaPart> media_part(std::string_view payload) {
  if (!payload.starts_with('{')) return std::nullopt;
  // Those that the stock client's negotiator writes (lib/negotiator.ts), but for what only the peers read.
  constexpr std::array<std::string_view, 4> kMembers = {"type", "connectionId", "sdp", "candidate"};
  std::array<std::optional<json::Slice>, kMembers.size()> found;
  json::members({.kind = json::Kind::object, .raw = payload}, kMembers, found);
  const auto& [type, connection, sdp, candidate] = found;
  if (!type || !connection || json::string_value(*type) != "media") return std::nullopt;
  auto id = json::string_value(*connection);
  if (!id || id->empty() || id->size() > kMaxConnectionId) return std::nullopt;
  return MediaPart{.connection = *std::move(id), .sdp = sdp ? sdp->raw : "", .candidate = candidate ? candidate->raw : ""};
}

void append_offer(std::string& out, std::string_view description, std::string_view connection, const OfferedBy& by) {
  json::Writer json(out);
  json.open_object();
  append_description(json, "offer", description);
  append_connection(json, connection);
  json.key("metadata").open_object().member("name", by.name);
  if (!by.picture.empty()) json.member("profileImg", by.picture);
  json.member("callId", by.call).close_object().close_object();
}

void append_answer(std::string& out, std::string_view description, std::string_view connection) {
  json::Writer json(out);
  json.open_object();
  append_description(json, "answer", description);
  append_connection(json, connection);
  json.close_object();
}

void append_candidate(std::string& out, std::string_view candidate, std::string_view connection) {
  json::Writer json(out);
  json.open_object().key("candidate");
  if (is_text(candidate))  // RTCIceCandidate wants an object, and to know to which part of the media it belongs
    json.open_object().key("candidate").raw(candidate).member("sdpMLineIndex", std::int64_t{0}).close_object();
  else
    json.raw(candidate);
  append_connection(json, connection);
  json.close_object();
}

}  // namespace belfry::peerjs
