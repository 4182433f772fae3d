#include "gateway/native/payload.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "app/calls/policy.hpp"
#include "gateway/dialects/fields.hpp"
#include "gateway/json/call_fields.hpp"
#include "gateway/json/descriptions.hpp"
#include "gateway/json/quality_samples.hpp"
#include "gateway/json/safe_integer.hpp"

namespace belfry::gateway::native {
namespace {

using Need = Fields::Need;
using protocol::IncomingEvent;

calls::CallId call_of(Fields& fields) { return calls::CallId(fields.id("callId", Need::required).value_or(Uuid{})); }

/// Exactly one form of target (SPEC 2.2, J-2.1).
void read_target(Fields& fields, calls::StartCall& call) {
  constexpr std::array<std::string_view, 4> kForms = {"recipientId", "recipientIds", "groupId", "conversationId"};
  const auto given = std::count_if(kForms.begin(), kForms.end(), [&](auto form) { return fields.find(form).has_value(); });
  if (given > 1) {
    for (const std::string_view form : kForms)
      if (fields.find(form)) fields.blame(form, "invalid");
    return;
  }
  for (const auto& [form, named] :
       {std::pair{kForms[2], calls::Place::Named::as_group}, std::pair{kForms[3], calls::Place::Named::as_conversation}})
    if (fields.find(form)) {
      call.place = calls::Place{calls::ConversationId(fields.id(form, Need::required).value_or(Uuid{})), named};
      return;
    }
  const auto list = fields.find("recipientIds");
  if (!list) {
    call.callee = calls::UserId(fields.id("recipientId", Need::required).value_or(Uuid{}));
    return;
  }
  auto callees = recipients(*list);
  if (!callees) return fields.blame("recipientIds", callees.error());
  set_callees(call, *std::move(callees));
}

/// A text from a closed list.
template <class Parse>
auto word(Fields& fields, std::string_view key, Need need, Parse parse) -> decltype(parse(std::string_view{})) {
  const auto text = fields.text(key, need);
  if (!text) return std::nullopt;
  auto parsed = parse(*text);
  if (!parsed) fields.blame(key, "invalid");
  return parsed;
}

std::string_view description(Fields& fields, std::string_view key) {
  if (const auto given = fields.find(key); given && !is_description(*given)) fields.blame(key, "invalid");
  return fields.raw(key, Need::optional, kMaxDescription);
}

Resume resume_of(Fields& fields) {
  Resume resume;
  resume.session = calls::SessionId(fields.id("sessionId", Need::required).value_or(Uuid{}));
  resume.last_seq = static_cast<std::uint64_t>(fields.integer("lastSeq", Need::optional, 0, kMaxSafeInteger).value_or(0));
  return resume;
}

}  // namespace

Read<calls::StartCall> read_start(const IncomingEvent& event) {
  Fields fields(event, {"recipientId", "recipientIds", "groupId", "conversationId", "callType", "ringTimeoutSec", "ring",
                        "ringMode", "glare", "offer", "metadata"});
  calls::StartCall call;
  if (fields.good()) read_target(fields, call);
  call.media = word(fields, "callType", Need::required, call::parse_call_type).value_or(call::CallType::audio);
  const auto seconds = fields.integer("ringTimeoutSec", Need::optional, calls::kMinRingSeconds, calls::kMaxRingSeconds);
  if (seconds && fields.good()) call.ring_seconds = static_cast<std::uint32_t>(*seconds);
  call.ring = word(fields, "ring", Need::optional, call::parse_ring_policy);
  call.ring_targets = word(fields, "ringMode", Need::optional, call::parse_ring_targets).value_or(calls::RingTargets::all);
  call.glare = word(fields, "glare", Need::optional, parse_glare).value_or(calls::OnGlare::connect);
  call.offer = call::Description(description(fields, "offer"));
  if (const auto metadata = fields.raw("metadata", Need::optional, kMaxMetadata, json::Kind::object); !metadata.empty())
    call.metadata = metadata;
  if (!fields.good()) return fields.issues();
  return call;
}

Read<calls::CallId> read_call(const IncomingEvent& event) {
  Fields fields(event, {"callId"});
  const calls::CallId call = call_of(fields);
  if (!fields.good()) return fields.issues();
  return call;
}

Read<std::optional<calls::CallId>> read_sync(const IncomingEvent& event) {
  Fields fields(event, {"callId"}, Need::optional);
  const auto id = fields.id("callId", Need::optional);
  if (!fields.good()) return fields.issues();
  return id ? std::optional(calls::CallId(*id)) : std::nullopt;
}

Read<Accept> read_accept(const IncomingEvent& event) {
  Fields fields(event, {"callId", "answer"});
  const Accept accept{call_of(fields), description(fields, "answer")};
  if (!fields.good()) return fields.issues();
  return accept;
}

Read<SignalRequest> read_signal(const IncomingEvent& event) {
  Fields fields(event, {"callId", "kind", "payload", "gen", "toUserId"});
  SignalRequest signal;
  signal.call = call_of(fields);
  const auto kind = word(fields, "kind", Need::required, signal_kind_of);
  signal.kind = kind.value_or(calls::SignalKind{});
  // Browsers signal the end of candidates with a null candidate; it is passed on unchanged.
  const bool describes = kind && is_description(*kind);
  signal.payload = describes ? description(fields, "payload")
                             : fields.raw("payload", Need::optional, kind ? max_payload_of(*kind) : kMaxDescription);
  if (signal.payload.empty()) signal.payload = "null";
  if (signal.payload == "null" && describes) fields.blame("payload", "required");
  constexpr auto kMaxGeneration = std::numeric_limits<std::uint32_t>::max();
  signal.generation = static_cast<std::uint32_t>(fields.integer("gen", Need::optional, 0, kMaxGeneration).value_or(0));
  if (const auto to = fields.id("toUserId", Need::optional)) signal.to = calls::UserId(*to);
  if (!fields.good()) return fields.issues();
  return signal;
}

Read<MediaRequest> read_media(const IncomingEvent& event) {
  Fields fields(event, {"callId", "audio", "video", "screen", "alive"});
  MediaRequest media{.call = call_of(fields), .report = {.alive = fields.flag("alive")}};
  const calls::SentMedia sent{.audio = fields.flag("audio"), .video = fields.flag("video"), .screen = fields.flag("screen")};
  if (!fields.good()) return fields.issues();
  if (fields.find("audio") || fields.find("video") || fields.find("screen")) media.report.sent = sent;
  return media;
}

Read<QualityRequest> read_quality(const IncomingEvent& event, WallTime now) {
  Fields fields(event, {"callId", "samples"});
  QualityRequest quality;
  quality.call = call_of(fields);
  const auto list = fields.raw("samples", Need::required, std::numeric_limits<std::size_t>::max(), json::Kind::array);
  if (!fields.good()) return fields.issues();
  auto samples = read_samples({json::Kind::array, list}, now);
  if (!samples) return unexpected(Issues{{"samples", samples.error() == SampleFault::too_many ? "too_many" : "invalid"}});
  if (samples->empty()) return unexpected(Issues{{"samples", "required"}});
  quality.samples = std::move(*samples);
  return quality;
}

Read<Resume> read_resume(const IncomingEvent& event) {
  Fields fields(event, {"sessionId", "lastSeq"});
  const Resume resume = resume_of(fields);
  if (!fields.good()) return fields.issues();
  return resume;
}

std::optional<Resume> resume_in(json::Slice auth) {
  Fields fields(auth, {"sessionId", "lastSeq"});
  const Resume resume = resume_of(fields);
  return fields.good() ? std::optional(resume) : std::nullopt;
}

}  // namespace belfry::gateway::native
