#include "gateway/api/call_routes.hpp"

#include <chrono>
#include <utility>

#include "app/calls/policy.hpp"
#include "base/must_have.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/api/rate_limit.hpp"
#include "gateway/json/call_fields.hpp"
#include "gateway/json/descriptions.hpp"
#include "gateway/json/device_id.hpp"
#include "gateway/json/entities.hpp"

namespace belfry::gateway {
namespace {

const std::vector<ApiError> kStartErrors = {
    ApiError::self_call,           ApiError::caller_busy,       ApiError::recipient_busy,       ApiError::user_inactive,
    ApiError::user_not_found,      ApiError::rate_limited,      ApiError::idempotency_conflict, ApiError::draining,
    ApiError::not_in_conversation, ApiError::media_incompatible};
const std::vector<ApiError> kRejectErrors = {ApiError::call_not_found, ApiError::call_not_ringing};
const std::vector<ApiError> kAcceptErrors = {ApiError::call_not_found, ApiError::call_not_ringing, ApiError::caller_busy,
                                             ApiError::call_full};
const std::vector<ApiError> kEndErrors = {ApiError::call_not_found, ApiError::not_participant, ApiError::call_not_active,
                                          ApiError::call_not_started};

Field answer_field() {
  return {.name = "answer",
          .kind = FieldKind::description,
          .about = "SDP answer, as an object or as text; passed to the caller; dropped in a group call",
          .max = std::int64_t{kMaxDescription}};
}
Field device_field() {
  return {"deviceId", FieldKind::text, Need::optional, "the device that acts", {}, 0, std::int64_t{kMaxDeviceId}};
}
Field reason_field() { return {"reason", FieldKind::text, Need::quiet, "for people; nothing is done with it", {}, 0, 256}; }

std::vector<Field> start_fields() {
  return {{"recipientId", FieldKind::uuid, Need::optional, "who shall be called"},
          {"recipientIds", FieldKind::array, Need::optional, "one: the same; several: a group call of these", {}, 0, 65536},
          {"groupId", FieldKind::uuid, Need::optional, "a group: calls its other members"},
          {"conversationId", FieldKind::uuid, Need::optional, "a conversation of either kind: calls its other members"},
          {"callType", FieldKind::text, Need::required, "", {"audio", "video"}},
          {.name = "ringTimeoutSec",
           .kind = FieldKind::integer,
           .about = "how long it may ring",
           .min = calls::kMinRingSeconds,
           .max = calls::kMaxRingSeconds},
          {.name = "ring",
           .about = "onCallerReady: not before the caller's media is joined",
           .choices = {"immediate", "onCallerReady"}},
          {.name = "ringMode",
           .about = "online: rings only those who are connected, and pushes nobody",
           .choices = {"all", "online"}},
          {.name = "glare", .about = "connect: if the recipient is calling me, answer that call", .choices = {"fail", "connect"}},
          {.name = "offer",
           .kind = FieldKind::description,
           .about = "SDP offer, as an object or as text; passed to the recipient; dropped in a group call",
           .max = std::int64_t{kMaxDescription}},
          {.name = "metadata",
           .kind = FieldKind::object,
           .about = "kept with the call, not interpreted",
           .max = std::int64_t{kMaxMetadata}},
          device_field()};
}

/// The call, and how its start went.
std::string started_json(const calls::CallResult& answer) {
  std::string data;
  json::Writer json(data);
  append_call_members(json.open_object(), *answer.call, People::left_out);
  json.member("reachable", answer.reachable);
  if (answer.glare) json.member("glare", true);
  json.close_object();
  return data;
}

store::GivenAnswer started_answer(const calls::CallResult& answer) {
  return {
      .status = answer.glare ? 200 : 201,
      .body = success_json(started_json(answer), answer.glare ? "Call accepted successfully" : "Call initiated successfully")};
}

/// The answer to any command about a call.
calls::Reply finish(const ApiCallPtr& call, std::string message, int busy_status = 400) {
  return [call, message = std::move(message), busy_status](const calls::Result& result) {
    if (result) return call->succeed(call_json(*result->call), message);
    Failure failure = failure_of(result.error());
    if (failure.error == ApiError::recipient_busy) return call->fail(std::move(failure), busy_status);
    call->fail(std::move(failure));
  };
}

constexpr const char* kAllowed = "validation has checked that it is one of the choices";

/// Exactly one form is given.
Expected<void, Failure> read_target(const ApiCall& call, calls::StartCall& request) {
  using Named = calls::Place::Named;
  if (const auto id = call.uuid("recipientId")) {
    request.callee = account::UserId(*id);
    return {};
  }
  for (const auto& [form, named] : {std::pair{"groupId", Named::as_group}, std::pair{"conversationId", Named::as_conversation}})
    if (const auto id = call.uuid(form)) {
      request.place = calls::Place{calls::ConversationId(*id), named};
      return {};
    }
  auto callees = recipients(call.slice("recipientIds"));
  if (!callees) return unexpected(bad_field("recipientIds", callees.error()));
  set_callees(request, *std::move(callees));
  return {};
}

void start(const CallServices& services, const ApiCallPtr& call) {
  calls::StartCall request{.caller = actor_of(*call)};
  if (auto target = read_target(*call, request); !target) return call->fail(std::move(target.error()));
  request.media = must_have(call::parse_call_type(call->required_text("callType")), kAllowed);
  if (const auto seconds = call->integer("ringTimeoutSec")) request.ring_seconds = static_cast<std::uint32_t>(*seconds);
  if (const auto ring = call->text("ring")) request.ring = call::parse_ring_policy(*ring);
  if (const auto targets = call->text("ringMode")) request.ring_targets = must_have(call::parse_ring_targets(*targets), kAllowed);
  if (const auto glare = call->text("glare")) request.glare = must_have(parse_glare(*glare), kAllowed);
  request.offer = call::Description(call->raw("offer"));
  if (call->has("metadata")) request.metadata = call->raw("metadata");
  request.claim = call->claim;
  request.write_reply = started_answer;
  const auto refused = finish(call, {}, services.busy_status);
  services.calls.start(std::move(request), [call, refused, services](const calls::Result& result) {
    tell_rate_limit(services.calls.start_limit(call->who.user), *call);
    if (!result) return refused(result);
    call->answer_kept = result->kept;
    auto [status, body] = started_answer(*result);
    call->answer({.status = status, .body = std::move(body)});
  });
}

/// X-26: answers with the call that the lost answer was about.
void start_again(const CallServices& services, const ApiCallPtr& call, const store::CallId& made_before) {
  services.store.load(made_before, [call](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    if (!*found) return call->fail(ApiError::call_not_found);
    call->succeed(201, call_json(**found), "Call initiated successfully");
  });
}

void accept(const CallServices& services, const ApiCallPtr& call, const calls::CallId& id) {
  services.calls.accept(actor_of(*call), id, call::Description(call->raw("answer")), finish(call, "Call accepted successfully"));
}

void reject(const CallServices& services, const ApiCallPtr& call, const calls::CallId& id) {
  services.calls.reject(actor_of(*call), id, finish(call, "Call rejected successfully"));
}

void signal(const CallServices& services, const ApiCallPtr& call) {
  const calls::SignalKind kind = must_have(signal_kind_of(call->required_text("kind")), "a kind that is none of the choices");
  const std::string given = call->raw("payload");
  if (is_description(kind)) {
    if (given.empty()) return call->fail_field("payload", "required");
    if (!is_description(call->slice("payload"))) return call->fail_field("payload", "invalid");
  }
  if (given.size() > max_payload_of(kind)) return call->fail_field("payload", "too_long");
  if (!admits(services.signals, call)) return;
  // Browsers signal the end of candidates with a null candidate; it is passed on unchanged.
  const std::string payload = given.empty() ? "null" : given;
  const calls::CallId id(call->id("id"));
  const auto generation = static_cast<std::uint32_t>(call->integer("gen").value_or(0));
  calls::Signal passed{kind, payload, generation};
  if (const auto to = call->uuid("to")) passed.to = calls::UserId(*to);
  services.calls.signal(actor_of(*call), id, passed, [call](const calls::Result& result) {
    if (!result) {
      Failure failure = failure_of(result.error());
      if (failure.error == ApiError::call_not_active) failure.message = "Cannot signal in a call that is over";
      return call->fail(std::move(failure));
    }
    call->succeed(result->queued ? R"({"queued":true})" : R"({"queued":false})");
  });
}

calls::CallId call_id(const ApiCallPtr& call) { return calls::CallId(call->id("id")); }

Operation start_operation(const CallServices& s) {
  return {.method = http::Method::post,
          .path = "/api/calls",
          .id = "startCall",
          .summary = "Call somebody",
          .body = start_fields(),
          .exactly_one = {"recipientId", "recipientIds", "groupId", "conversationId"},
          .errors = kStartErrors,
          .status = 201,
          .other_status = 200,  // X-05: an incoming call was answered instead
          .data = "Call",
          .act = [s](const ApiCallPtr& call) {
            if (call->made_before) return start_again(s, call, *call->made_before);
            start(s, call);
          }};
}

Operation respond_operation(const CallServices& s) {
  return {.method = http::Method::post,
          .path = "/api/calls/respond",
          .id = "respondToCall",
          .summary = "Accept or reject a ringing call",
          .body = {{"callId", FieldKind::uuid, Need::required, "the call"},
                   {"response", FieldKind::text, Need::optional, "", {"accept", "reject"}},
                   {"action", FieldKind::text, Need::optional, "the same", {"accept", "reject"}},
                   answer_field(),
                   device_field(),
                   reason_field()},
          .exactly_one = {"response", "action"},  // W-001-10: seed 001's mobile client sends `action`
          .errors = kAcceptErrors,
          .data = "Call",
          .act = [s](const ApiCallPtr& call) {
            const calls::CallId id(call->required_uuid("callId"));
            const std::string_view field = call->has("response") ? "response" : "action";
            if (call->required_text(field) == "accept")
              accept(s, call, id);
            else
              reject(s, call, id);
          }};
}

Operation accept_operation(const CallServices& s) {
  return {.method = http::Method::post,
          .path = "/api/calls/{id}/accept",
          .id = "acceptCall",
          .summary = "Accept a ringing call",
          .body = {answer_field(), device_field()},
          .errors = kAcceptErrors,
          .data = "Call",
          .act = [s](const ApiCallPtr& call) { accept(s, call, call_id(call)); }};
}

Operation reject_operation(const CallServices& s) {
  return {.method = http::Method::post,
          .path = "/api/calls/{id}/reject",
          .id = "rejectCall",
          .summary = "Reject a ringing call",
          .body = {device_field(), reason_field()},
          .errors = kRejectErrors,
          .data = "Call",
          .act = [s](const ApiCallPtr& call) { reject(s, call, call_id(call)); }};
}

Operation cancel_operation(const CallServices& s) {
  return {.method = http::Method::post,
          .path = "/api/calls/{id}/cancel",
          .id = "cancelCall",
          .summary = "Stop ringing",
          .body = {device_field(), reason_field()},
          .errors = {ApiError::call_not_found, ApiError::not_participant, ApiError::call_not_active},
          .data = "Call",
          .act = [s](const ApiCallPtr& call) { s.calls.cancel(actor_of(*call), call_id(call), finish(call, "Call cancelled")); }};
}

Operation end_operation(const CallServices& s) {
  return {.method = http::Method::post,
          .path = "/api/calls/{id}/end",
          .id = "endCall",
          .summary = "End a call; one that rings is cancelled",
          .body = {device_field(), reason_field()},
          .errors = kEndErrors,
          .data = "Call",
          .act = [s](const ApiCallPtr& call) {
            s.calls.end(actor_of(*call), call_id(call), finish(call, "Call ended successfully"));
          }};
}

Operation leave_operation(const CallServices& s) {
  return {.method = http::Method::post,
          .path = "/api/calls/{id}/leave",
          .id = "leaveCall",
          .summary = "Leave a group call to the others, also as who started it",
          .body = {device_field(), reason_field()},
          .errors = kEndErrors,
          .data = "Call",
          .act = [s](const ApiCallPtr& call) { s.calls.leave(actor_of(*call), call_id(call), finish(call, "Call left")); }};
}

/// S9: a beacon of a page that closes, which cannot tell that from a reload. It has no body.
Operation away_operation(const CallServices& s) {
  return {.method = http::Method::post,
          .path = "/api/calls/{id}/away",
          .id = "leavePage",
          .summary = "My page closes or reloads: wait for me less long if its connection ends",
          .errors = {ApiError::call_not_found, ApiError::not_participant, ApiError::call_not_active},
          .data = "Call",
          .act = [s](const ApiCallPtr& call) { s.calls.page_leaves(actor_of(*call), call_id(call), finish(call, "Noted")); }};
}

Operation signal_operation(const CallServices& s) {
  return {.method = http::Method::post,
          .path = "/api/calls/{id}/signal",
          .id = "signalInCall",
          .summary = "Pass a WebRTC signal to the other side",
          .body = {{"kind", FieldKind::text, Need::required, "", signal_kind_words()},
                   {.name = "payload",
                    .kind = FieldKind::json,
                    .about = "passed on as it is; an offer or an answer is an object or text",
                    .max = std::int64_t{kMaxDescription}},
                   {"gen", FieldKind::integer, Need::optional, "ICE generation"},
                   {"to", FieldKind::uuid, Need::optional,
                    "to whom; a group call needs it, in a call of two it goes to the other side anyway"},
                   device_field()},
          .errors = {ApiError::call_not_found, ApiError::not_participant, ApiError::call_not_active, ApiError::peer_offline,
                     ApiError::media_incompatible, ApiError::rate_limited},
          .data = "Signal",
          .act = [s](const ApiCallPtr& call) { signal(s, call); }};
}

}  // namespace

calls::Actor actor_of(const ApiCall& call) {
  return {.user = call.who.user,
          .session = calls::SessionId(call.who.login.value()),
          .device = call.text("deviceId").value_or(""),
          .dialect = call::Dialect::rest};
}

bool admits(LimitByLogin* limiter, const ApiCallPtr& call) {
  if (limiter == nullptr) return true;
  const auto status = limiter->take(call->who.login, call->received);
  if (status.wait) {
    refuse_for_now(status, *call);
    return false;
  }
  tell_rate_limit(status, *call);
  return true;
}

Operations call_operations(const CallServices& services) {
  return {start_operation(services),  respond_operation(services), accept_operation(services),
          reject_operation(services), cancel_operation(services),  end_operation(services),
          leave_operation(services),  away_operation(services),    signal_operation(services)};
}

}  // namespace belfry::gateway
