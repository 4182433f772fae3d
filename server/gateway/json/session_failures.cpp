#include "gateway/json/session_failures.hpp"

#include <string>

#include "base/check.hpp"
#include "gateway/json/errors.hpp"

namespace belfry::gateway {
namespace {

ApiError error_of(protocol::HttpFailure why) {
  switch (why) {
    case protocol::HttpFailure::https_required:
      return ApiError::https_required;
    case protocol::HttpFailure::bad_request:
      return ApiError::bad_request;
    case protocol::HttpFailure::origin_not_allowed:
      return ApiError::origin_not_allowed;
    case protocol::HttpFailure::request_timeout:
      return ApiError::request_timeout;
    case protocol::HttpFailure::payload_too_large:
      return ApiError::payload_too_large;
    case protocol::HttpFailure::upgrade_required:
      return ApiError::upgrade_required;
    case protocol::HttpFailure::too_many_sessions:
      return ApiError::rate_limited;
    case protocol::HttpFailure::headers_too_large:
      return ApiError::headers_too_large;
  }
  CHECK(false, "a failure without its code");
}

}  // namespace

protocol::HttpAnswer SessionFailures::write(protocol::HttpFailure why, std::string_view message,
                                            std::string_view request_id) const {
  const ApiError error = error_of(why);
  return {.status = wire_error(error).status,
          .body = failure_json(Failure{.error = error, .message = std::string(message)}, request_id)};
}

}  // namespace belfry::gateway
