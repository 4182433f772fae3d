#include "gateway/native/web_payload.hpp"

#include "gateway/dialects/fields.hpp"
#include "gateway/json/call_fields.hpp"
#include "gateway/json/descriptions.hpp"

namespace belfry::gateway::native {
namespace {

using Need = Fields::Need;

/// SPEC W-001-03: targetUserId, else recipientId, else callerId, else the peer in callId.
WebTarget target_of(Fields& fields) {
  WebTarget target;
  for (const std::string_view key : {"targetUserId", "recipientId", "callerId"})
    if (const auto id = fields.find(key) && !target.user ? fields.id(key, Need::optional) : std::nullopt)
      target.user = calls::UserId(*id);
  if (const auto id = fields.id("callId", Need::optional)) target.call = calls::CallId(*id);
  if (!target.user && !target.call && fields.good()) fields.blame("targetUserId", "required");
  return target;
}

/// W-003-01: an object with a text in `type` or `sdp`, or the SDP itself.
bool is_page_description(const json::Slice& value) {
  if (!is_description(value)) return false;
  if (value.kind == json::Kind::string) return true;
  const auto type = json::member(value, "type"), sdp = json::member(value, "sdp");
  const auto is_text = [](const auto& member) { return !member || member->kind == json::Kind::string; };
  return (type || sdp) && is_text(type) && is_text(sdp);
}

std::string description_of(Fields& fields, calls::SignalKind kind) {
  if (const auto signal = fields.find("signal")) {
    if (!is_page_description(*signal)) fields.blame("signal", "invalid");
    return std::string(fields.raw("signal", Need::optional, kMaxDescription));
  }
  const auto sdp = fields.find("sdp");
  const std::string raw(fields.raw("sdp", Need::optional, kMaxDescription));
  if (!sdp || raw == R"("")") return fields.blame("signal", "required"), std::string{};
  if (!is_page_description(*sdp)) fields.blame("sdp", "invalid");
  if (sdp->kind != json::Kind::string) return raw;
  return R"({"type":")" + std::string(to_text(kind)) + R"(","sdp":)" + raw + "}";
}

/// W-003-09. WebRTC: a candidate of null is the end of candidates.
std::string candidate_of(Fields& fields) {
  for (const std::string_view key : {"signal", "candidate"}) {
    const auto candidate = fields.find(key);
    if (!candidate) continue;
    if (candidate->kind != json::Kind::object && candidate->kind != json::Kind::string) fields.blame(key, "invalid");
    return std::string(fields.raw(key, Need::optional, kMaxCandidate));
  }
  if (!fields.is_null("signal") && !fields.is_null("candidate")) fields.blame("signal", "required");
  return "null";
}

}  // namespace

Read<WebSignal> read_web_signal(const protocol::IncomingEvent& event, calls::SignalKind kind) {
  Fields fields(event, {"targetUserId", "recipientId", "callerId", "callId", "signal", "sdp", "candidate"});
  WebSignal signal{.target = target_of(fields)};
  if (fields.good()) signal.payload = kind == calls::SignalKind::candidate ? candidate_of(fields) : description_of(fields, kind);
  if (!fields.good()) return fields.issues();
  return signal;
}

Read<WebTarget> read_web_target(const protocol::IncomingEvent& event) {
  Fields fields(event, {"targetUserId", "recipientId", "callerId", "callId"});
  const WebTarget target = target_of(fields);
  if (!fields.good()) return fields.issues();
  return target;
}

}  // namespace belfry::gateway::native
