#include "gateway/json/errors.hpp"

#include <array>
#include <chrono>
#include <utility>

#include "base/check.hpp"
#include "gateway/json/entities.hpp"

namespace belfry::gateway {
namespace {

using calls::Refusal;

/// Of no enumerator: a status of 0. An enumerator without its row does not compile.
// clang-format off
constexpr WireError row_of(ApiError error) {
  using enum ApiError;
  switch (error) {
    case https_required:         return {308, "HTTPS_REQUIRED", "This port speaks HTTPS; use the https:// address"};
    case bad_request:            return {400, "BAD_REQUEST", "This is no HTTP request that we can read"};
    case validation_failed:      return {400, "VALIDATION_FAILED", "Validation failed"};
    case self_call:              return {400, "SELF_CALL", "Cannot call yourself"};
    case caller_busy:            return {400, "CALLER_BUSY", "You already have an active call. End it before starting a new one."};
    case recipient_busy:         return {400, "RECIPIENT_BUSY", "Recipient is already on another call."};
    case user_inactive:          return {400, "USER_INACTIVE", "Cannot call inactive or blocked user"};
    case call_not_ringing:       return {400, "CALL_NOT_RINGING", "Cannot respond to call in this status. Call must be in 'calling' status."};
    case call_not_active:        return {400, "CALL_NOT_ACTIVE", "Cannot end call in this status"};
    case call_not_started:       return {400, "CALL_NOT_STARTED", "Cannot end call that hasn't started"};
    case unauthenticated:        return {401, "UNAUTHENTICATED", "Authentication required"};
    case wrong_password:         return {401, "UNAUTHENTICATED", "Wrong e-mail, username or password"};
    case session_expired:        return {401, "SESSION_EXPIRED", "Your session has expired; log in again"};
    case token_revoked:          return {401, "TOKEN_REVOKED", "Your session has ended; log in again"};
    case not_participant:        return {403, "NOT_PARTICIPANT", "You are not a participant in this call"};
    case not_in_conversation:    return {403, "NOT_PARTICIPANT", "You are not a participant in this conversation"};
    case token_required:         return {403, "TOKEN_REQUIRED", "Fetch a token for this conversation first"};
    case token_invalid:          return {403, "TOKEN_INVALID", "This is no token of yours for a call"};
    case token_expired:          return {403, "TOKEN_EXPIRED", "This token has expired; fetch another"};
    case forbidden:              return {403, "FORBIDDEN", "You may not do this"};
    case not_active_user:        return {403, "FORBIDDEN", "This account is not active"};
    case origin_not_allowed:     return {403, "ORIGIN_NOT_ALLOWED", "This origin may not use your session cookie"};
    case call_not_found:         return {404, "CALL_NOT_FOUND", "Call not found"};
    case user_not_found:         return {404, "USER_NOT_FOUND", "Recipient not found"};
    case not_found:              return {404, "NOT_FOUND", "Not found"};
    case method_not_allowed:     return {405, "METHOD_NOT_ALLOWED", "This method is not allowed here"};
    case request_timeout:        return {408, "REQUEST_TIMEOUT", "The request took too long"};
    case peer_offline:           return {409, "PEER_OFFLINE", "The other side is not connected"};
    case call_full:              return {409, "CALL_FULL", "This call is full"};
    case media_incompatible:     return {409, "MEDIA_INCOMPATIBLE", "The clients of this call cannot exchange media"};
    case idempotency_conflict:   return {409, "IDEMPOTENCY_CONFLICT", "Another request has this Idempotency-Key; if it was the same one, send it again to get its answer, else use a new key"};
    case duplicate:              return {409, "DUPLICATE", "This is taken already"};
    case payload_too_large:      return {413, "PAYLOAD_TOO_LARGE", "The body is too large"};
    case unsupported_media_type: return {415, "UNSUPPORTED_MEDIA_TYPE", "Send application/json"};
    case upgrade_required:       return {426, "UPGRADE_REQUIRED", "WebSocket version 13 is needed (RFC 6455)"};
    case too_many_signals:       return {429, "RATE_LIMITED", "Too many signals wait for the other side"};
    case rate_limited:           return {429, "RATE_LIMITED", "Too many requests; try again later"};
    case headers_too_large:      return {431, "HEADERS_TOO_LARGE", "The headers are too large"};
    case internal:               return {500, "INTERNAL", "Something went wrong on our side"};
    case draining:               return {503, "DRAINING", "The server is about to restart; try again in a moment"};
    case store_unavailable:      return {503, "STORE_UNAVAILABLE", "The store is unavailable; nothing has changed, try again"};
    case outcome_unknown:        return {503, "STORE_UNAVAILABLE", "We do not know yet whether this took effect; ask for the call, or repeat the request"};
  }
  return {};
}
// clang-format on

constexpr std::size_t count_rows() {
  std::size_t count = 0;
  while (row_of(static_cast<ApiError>(count)).status != 0) ++count;
  return count;
}

constexpr auto kErrors = [] {
  std::array<WireError, count_rows()> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = row_of(static_cast<ApiError>(i));
  return all;
}();

ApiError error_of(Refusal why) {
  switch (why) {
    case Refusal::self_call:
      return ApiError::self_call;
    case Refusal::caller_busy:
      return ApiError::caller_busy;
    case Refusal::recipient_busy:
      return ApiError::recipient_busy;
    case Refusal::recipient_unknown:
      return ApiError::user_not_found;
    case Refusal::recipient_inactive:
      return ApiError::user_inactive;
    case Refusal::caller_inactive:
      return ApiError::not_active_user;
    case Refusal::unreachable:
    case Refusal::peer_offline:
      return ApiError::peer_offline;
    case Refusal::call_not_found:
      return ApiError::call_not_found;
    case Refusal::not_participant:
    case Refusal::wrong_addressee:
      return ApiError::not_participant;
    case Refusal::not_in_conversation:
      return ApiError::not_in_conversation;
    case Refusal::not_a_group:
      return ApiError::validation_failed;
    case Refusal::call_full:
      return ApiError::call_full;
    case Refusal::cannot_mesh:
    case Refusal::callee_cannot_mesh:
    case Refusal::not_at_provider:
    case Refusal::callee_not_at_provider:
    case Refusal::needs_no_signals:
      return ApiError::media_incompatible;
    case Refusal::not_ringing:
      return ApiError::call_not_ringing;
    case Refusal::not_active:
      return ApiError::call_not_active;
    case Refusal::not_started:
      return ApiError::call_not_started;
    case Refusal::too_many_signals:
      return ApiError::too_many_signals;
    case Refusal::rate_limited:
      return ApiError::rate_limited;
    case Refusal::idempotency_conflict:
      return ApiError::idempotency_conflict;
    case Refusal::draining:
      return ApiError::draining;
    case Refusal::store_unavailable:
      return ApiError::store_unavailable;
    case Refusal::outcome_unknown:
      return ApiError::outcome_unknown;
  }
  CHECK(false, "a refusal without its code");
}

std::string status_word(const calls::CallView& call) { return std::string(to_text(call->row.status)); }

/// What to do about media that do not fit together; empty: nothing to say.
std::string_view media_advice(Refusal why) {
  switch (why) {
    case Refusal::cannot_mesh:
      return "This client takes part in calls of two only; use another client for group calls";
    case Refusal::callee_cannot_mesh:
      return "Somebody you call is connected only with a client for calls of two; ask them to open another client, or call "
             "without "
             "them";
    case Refusal::not_at_provider:
      return "This client does not use the media provider of this call; use another client";
    case Refusal::callee_not_at_provider:
      return "Somebody you call is connected only with a client that does not use your media provider; ask them to open another "
             "client, or call with a token of the provider native";
    case Refusal::needs_no_signals:
      return "The members of this call meet at its media provider, so no signals are passed between them";
    default:
      return {};
  }
}

void say_who_is_unable(Failure& failure, const calls::Refused& refused) {
  if (refused.unable.empty()) return;
  json::Writer json(failure.data);
  json.open_object().key("userIds").open_array();
  for (const calls::UserId user : refused.unable) json.text(to_text(user.value()));
  json.close_array().close_object();
}

/// Seed 001's exact message, which contains the status (R-001-47, R-001-52).
void say_status(Failure& failure, const calls::Refused& refused) {
  if (!refused.call) return;
  if (refused.why == Refusal::not_ringing) {
    failure.message = "Cannot respond to call in status: " + status_word(refused.call) + ". Call must be in 'calling' status.";
    json::Writer json(failure.data);
    append_call(json.open_object().key("call"), *refused.call);
    json.close_object();
  }
  if (refused.why == Refusal::not_active) failure.message = "Cannot end call in status: " + status_word(refused.call);
  if (refused.why == Refusal::caller_busy)
    json::Writer(failure.data)
        .open_object()
        .member("callId", to_text(refused.call->row.id.value()))
        .member("glare", refused.glare)
        .close_object();
}

}  // namespace

std::span<const WireError> wire_errors() { return kErrors; }
const WireError& wire_error(ApiError error) { return kErrors.at(static_cast<std::size_t>(error)); }

Failure failure_of(const calls::Refused& refused) {
  Failure failure{.error = error_of(refused.why)};
  say_status(failure, refused);
  failure.message += media_advice(refused.why);
  say_who_is_unable(failure, refused);
  if (refused.why == Refusal::wrong_addressee) failure.message = "The addressee is not the other side of this call";
  if (refused.why == Refusal::not_a_group) failure.details.push_back({"groupId", "not_a_group"});
  if (refused.why == Refusal::recipient_busy) failure.details.push_back({"recipientId", "busy"});
  if (refused.why == Refusal::rate_limited) failure.retry_after = refused.retry_after;
  if (wire_error(failure.error).status == 503) failure.retry_after = kRetrySoon;
  return failure;
}

Failure bad_field(std::string_view field, std::string_view issue) {
  return {.error = ApiError::validation_failed, .details = {{std::string(field), std::string(issue)}}};
}

Failure store_unavailable() { return {.error = ApiError::store_unavailable, .retry_after = kRetrySoon}; }

Failure failure_of(accounts::CredentialFault fault) {
  switch (fault) {
    case accounts::CredentialFault::missing:
    case accounts::CredentialFault::invalid:
      return {.error = ApiError::unauthenticated};
    case accounts::CredentialFault::expired:
      return {.error = ApiError::session_expired};
    case accounts::CredentialFault::revoked:
      return {.error = ApiError::token_revoked};
    case accounts::CredentialFault::not_active:
      return {.error = ApiError::not_active_user};
  }
  CHECK(false, "a fault of a credential without its code");
}

void append_error(json::Writer& json, const Failure& failure, std::string_view request_id) {
  const WireError& error = wire_error(failure.error);
  json.open_object().member("code", error.code).member("message", failure.message.empty() ? error.message : failure.message);
  json.key("details").open_array();
  for (const Detail& detail : failure.details)
    json.open_object().member("field", detail.field).member("issue", detail.issue).close_object();
  std::optional<std::int64_t> retry_after_ms;
  if (failure.retry_after) retry_after_ms = std::chrono::ceil<std::chrono::milliseconds>(*failure.retry_after).count();
  json.close_array().member_or_null("retryAfterMs", retry_after_ms);
  if (!request_id.empty()) json.member("requestId", request_id);
  json.close_object();
}

std::string failure_json(const Failure& failure, std::string_view request_id) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("success", false);
  json.member("message", failure.message.empty() ? wire_error(failure.error).message : std::string_view(failure.message));
  append_error(json.key("error"), failure, request_id);
  if (!failure.data.empty()) json.key("data").raw(failure.data);
  json.close_object();
  return text;
}

std::string brief_failure_json(ApiError error, std::string_view message) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("success", false).key("error").open_object();
  json.member("code", wire_error(error).code).member("message", message).close_object().close_object();
  return text;
}

std::string code_json(ApiError error) {
  std::string text;
  json::Writer(text).open_object().member("code", wire_error(error).code).close_object();
  return text;
}

std::string success_json(std::string_view data, std::string_view message) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("success", true).key("data").raw(data);
  if (!message.empty()) json.member("message", message);
  json.close_object();
  return text;
}

}  // namespace belfry::gateway
