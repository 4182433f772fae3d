#include "gateway/json/session_failures.hpp"

#include <string>

#include "gateway/json/errors.hpp"

namespace belfry::gateway {
namespace {

ApiError error_of(session::HttpFailure why) {
  switch (why) {
    case session::HttpFailure::https_required:
      return ApiError::https_required;
    case session::HttpFailure::bad_request:
      return ApiError::bad_request;
    case session::HttpFailure::origin_not_allowed:
      return ApiError::origin_not_allowed;
    case session::HttpFailure::request_timeout:
      return ApiError::request_timeout;
    case session::HttpFailure::payload_too_large:
      return ApiError::payload_too_large;
    case session::HttpFailure::upgrade_required:
      return ApiError::upgrade_required;
    case session::HttpFailure::too_many_sessions:
      return ApiError::rate_limited;
    case session::HttpFailure::headers_too_large:
      return ApiError::headers_too_large;
  }
  return ApiError::internal;
}

}  // namespace

session::HttpAnswer SessionFailures::write(session::HttpFailure why, std::string_view message,
                                           std::string_view request_id) const {
  const ApiError error = error_of(why);
  return {.status = wire_error(error).status,
          .body = failure_json(Failure{.error = error, .message = std::string(message)}, request_id)};
}

}  // namespace belfry::gateway
