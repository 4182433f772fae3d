// The one table of wire error codes (SPEC 2.1), for REST answers and for socket acknowledgements.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/accounts/identity.hpp"
#include "app/calls/result.hpp"
#include "base/time.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

enum class ApiError : std::uint8_t {
  https_required,
  bad_request,
  validation_failed,
  self_call,
  caller_busy,
  recipient_busy,
  user_inactive,
  call_not_ringing,
  call_not_active,
  call_not_started,
  unauthenticated,
  wrong_password,
  session_expired,
  token_revoked,
  not_participant,
  not_in_conversation,
  token_required,
  token_invalid,
  token_expired,
  forbidden,
  not_active_user,
  origin_not_allowed,
  call_not_found,
  user_not_found,
  not_found,
  method_not_allowed,
  request_timeout,
  peer_offline,
  call_full,
  media_incompatible,
  idempotency_conflict,
  duplicate,
  payload_too_large,
  unsupported_media_type,
  upgrade_required,
  too_many_signals,
  rate_limited,
  headers_too_large,
  internal,
  draining,
  store_unavailable,
  outcome_unknown,
};

struct WireError {
  int status = 0;
  std::string_view code{};
  std::string_view message{};
};
/// The table, in the order of the enumerators.
[[nodiscard]] std::span<const WireError> wire_errors();
[[nodiscard]] const WireError& wire_error(ApiError error);

/// One of error.details.
struct Detail {
  std::string field;
  std::string issue;
};

/// Everything that an answer may say about an error. Unset texts come from the table.
struct Failure {
  ApiError error{};
  std::string message{};
  std::vector<Detail> details{};
  std::optional<Duration> retry_after{};  // written in whole milliseconds, rounded up
  std::string data{};                     // JSON with extra facts, only for participants (SPEC 2.8.3)
};

[[nodiscard]] Failure failure_of(const calls::Refused& refused);
[[nodiscard]] Failure failure_of(accounts::CredentialFault fault);
/// SPEC 2.1: one field of the request, a header or the body is at fault.
[[nodiscard]] Failure bad_field(std::string_view field, std::string_view issue);
/// A server that cannot do it now may well do it in a second.
inline constexpr Duration kRetrySoon = std::chrono::seconds{1};
/// The store cannot be reached: nothing has changed, and the client may try again.
[[nodiscard]] Failure store_unavailable();

/// {code, message, details, retryAfterMs, requestId?}
void append_error(json::Writer& json, const Failure& failure, std::string_view request_id);
/// {success:false, message, error, data?}
[[nodiscard]] std::string failure_json(const Failure& failure, std::string_view request_id);
/// {success:false, error:{code, message}}: the acknowledgement of the signaling dialect.
[[nodiscard]] std::string brief_failure_json(ApiError error, std::string_view message);
/// {code}: sent with a socket's CONNECT_ERROR.
[[nodiscard]] std::string code_json(ApiError error);
/// {success:true, data, message?}
[[nodiscard]] std::string success_json(std::string_view data, std::string_view message = {});

}  // namespace belfry::gateway
