#include "gateway/token/requests.hpp"

#include <string_view>

#include "app/calls/policy.hpp"
#include "gateway/dialects/media_tokens.hpp"
#include "gateway/json/call_fields.hpp"

namespace belfry::gateway::token {
namespace {

using Need = Fields::Need;
using protocol::IncomingEvent;

call::CallType media_of(Fields& fields) {
  const auto word = fields.text("callType", Need::optional);
  const auto media = word ? call::parse_call_type(*word) : std::optional(call::CallType::video);
  if (!media) fields.blame("callType", "invalid");
  return media.value_or(call::CallType::video);
}

calls::RingTargets ring_targets_of(Fields& fields) {
  const auto word = fields.text("ringMode", Need::optional);
  const auto targets = word ? call::parse_ring_targets(*word) : std::optional(calls::RingTargets::all);
  if (!targets) fields.blame("ringMode", "invalid");
  return targets.value_or(calls::RingTargets::all);
}

}  // namespace

Read<StartRequest> read_start(const IncomingEvent& event) {
  Fields fields(event, {"conversationId", "callType", "ringTimeoutSec", "ringMode", "metadata", "token"});
  StartRequest start;
  calls::StartCall& call = start.call;
  call.place = calls::Place{calls::ConversationId(fields.id("conversationId", Need::required).value_or(Uuid{}))};
  call.media = media_of(fields);
  const auto seconds = fields.integer("ringTimeoutSec", Need::optional, calls::kMinRingSeconds, calls::kMaxRingSeconds);
  if (seconds && fields.good()) call.ring_seconds = static_cast<std::uint32_t>(*seconds);
  call.ring_targets = ring_targets_of(fields);
  call.ring = call::RingPolicy::on_caller_ready;  // C-05, in a conversation of two as well as in a group
  call.caller_media = call::CallerMedia::joined;  // T-06: the client has joined it before it says `call-started`
  if (const auto metadata = fields.raw("metadata", Need::optional, kMaxMetadata, json::Kind::object); !metadata.empty())
    call.metadata = metadata;
  start.media_token = fields.text("token", Need::optional, kMaxMediaToken).value_or("");
  if (!fields.good()) return fields.issues();
  return start;
}

Read<Target> read_target(const IncomingEvent& event) {
  Fields fields(event, {"callId", "conversationId"});
  Target target;
  if (fields.find("callId")) {
    target.call = calls::CallId(fields.id("callId", Need::required).value_or(Uuid{}));
  } else {
    target.conversation = calls::ConversationId(fields.id("conversationId", Need::required).value_or(Uuid{}));
  }
  if (!fields.good()) return fields.issues();
  return target;
}

Read<calls::CallId> read_renewal(const IncomingEvent& event) {
  Fields fields(event, {"callId"});
  const calls::CallId call(fields.id("callId", Need::required).value_or(Uuid{}));
  if (!fields.good()) return fields.issues();
  return call;
}

}  // namespace belfry::gateway::token
