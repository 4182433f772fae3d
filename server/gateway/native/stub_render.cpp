// Until gateway/render stands.
#include <array>
#include <chrono>
#include <cstdio>

#include "base/uuid.hpp"
#include "gateway/native/answers.hpp"
#include "gateway/native/pieces.hpp"

namespace belfry::gateway::native {

std::string iso_text(WallTime time) {
  const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(time.unix_ms)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{at - day};
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                 static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string person_json(const account::Person& person) {
  return R"({"id":")" + to_text(person.id.value()) + R"(","username":)" + quoted(person.username) + R"(,"avatar":)" +
         quoted_or_null(person.avatar) + '}';
}

std::string call_json(const store::StoredCall& call) {
  const store::CallRow& row = call.row;
  const auto word = [](std::string_view text) { return '"' + std::string(text) + '"'; };
  const auto duration = duration_seconds(row);
  std::string out = R"({"id":")" + to_text(row.id) + R"(","callerId":")" + to_text(row.caller.value()) + R"(","recipientId":")" +
                    to_text(row.callee.value()) + R"(","caller":)" + person_json(call.caller) + R"(,"recipient":)" +
                    person_json(call.callee);
  out += R"(,"callType":)" + word(to_text(row.media)) + R"(,"status":)" + word(to_text(row.status));
  out += R"(,"endReason":)" + (row.end_reason ? word(to_text(*row.end_reason)) : "null");
  out += R"(,"endedBy":)" + id_or_null(row.ended_by) + R"(,"dialect":)" + word(to_text(row.dialect));
  out += R"(,"ringTimeoutSec":)" + std::to_string(row.ring_seconds);
  out += R"(,"ringExpiresAt":)" + time_or_null(row.ring_expires) + R"(,"firstRingAt":)" + time_or_null(row.first_ring);
  out += R"(,"startedAt":)" + time_or_null(row.started) + R"(,"endedAt":)" + time_or_null(row.ended);
  out += R"(,"duration":)" + (duration ? std::to_string(*duration) : "null");
  out += R"(,"isRecorded":false,"recordingUrl":null,"qualityMetrics":)" + row.quality + R"(,"metadata":)" + row.metadata;
  out += R"(,"version":)" + std::to_string(row.version) + R"(,"createdAt":")" + iso_text(row.created);
  return out + R"(","updatedAt":")" + iso_text(row.updated) + "\"}";
}

namespace {

struct Wording {
  std::string_view code, message;
};
Wording wording_of(calls::Refusal why) {
  switch (why) {
    case calls::Refusal::self_call:
      return {"SELF_CALL", "Cannot call yourself"};
    case calls::Refusal::caller_busy:
      return {"CALLER_BUSY", "You already have an active call. End it before starting a new one."};
    case calls::Refusal::recipient_busy:
      return {"RECIPIENT_BUSY", "Recipient is already on another call."};
    case calls::Refusal::recipient_unknown:
      return {"USER_NOT_FOUND", "Recipient not found"};
    case calls::Refusal::recipient_inactive:
    case calls::Refusal::caller_inactive:
      return {"USER_INACTIVE", "Cannot call inactive or blocked user"};
    case calls::Refusal::unreachable:
      return {"PEER_OFFLINE", "Recipient cannot be reached"};
    case calls::Refusal::call_not_found:
      return {"CALL_NOT_FOUND", "Call not found"};
    case calls::Refusal::not_participant:
      return {"NOT_PARTICIPANT", "You are not a participant in this call"};
    case calls::Refusal::not_ringing:
      return {"CALL_NOT_RINGING", "Cannot respond to call in status: $. Call must be in 'calling' status."};
    case calls::Refusal::not_active:
      return {"CALL_NOT_ACTIVE", "Cannot end call in status: $"};
    case calls::Refusal::not_started:
      return {"CALL_NOT_STARTED", "Cannot end call that hasn't started"};
    case calls::Refusal::peer_offline:
      return {"PEER_OFFLINE", "The other side is offline"};
    case calls::Refusal::too_many_signals:
    case calls::Refusal::rate_limited:
      return {"RATE_LIMITED", "Too many requests"};
    case calls::Refusal::idempotency_conflict:
      return {"IDEMPOTENCY_CONFLICT", "This Idempotency-Key is in use"};
    case calls::Refusal::draining:
      return {"DRAINING", "The server is about to stop"};
    case calls::Refusal::store_unavailable:
      return {"STORE_UNAVAILABLE", "Try again later"};
  }
  return {"INTERNAL", "Internal error"};
}

}  // namespace

std::string refusal(const calls::Refused& refused) {
  auto [code, words] = wording_of(refused.why);
  std::string message(words);
  if (const std::size_t status = message.find('$'); status != std::string::npos)
    message.replace(status, 1, refused.call ? to_text(refused.call->row.status) : "ended");
  std::string data;
  if (refused.why == calls::Refusal::caller_busy && refused.call)
    data = R"({"callId":")" + to_text(refused.call->row.id) + R"(","glare":)" + (refused.glare ? "true}" : "false}");
  if (refused.why == calls::Refusal::not_ringing && refused.call) data = R"({"call":)" + call_json(*refused.call) + '}';
  const bool wait = refused.retry_after > Duration::zero();
  return failure(code, message, wait ? R"(,"retryAfterMs":)" + std::to_string(whole_ms(refused.retry_after)) : "", data);
}

}  // namespace belfry::gateway::native
