// FailureWriter: writes the answer to a request that protocol/ refuses by itself. A port, because the form of such an answer
// (SPEC 2.1) and the one table of error codes are in gateway/.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocol/http_handler.hpp"

namespace belfry::protocol {

enum class HttpFailure : std::uint8_t {
  https_required,
  bad_request,
  origin_not_allowed,
  request_timeout,
  payload_too_large,
  upgrade_required,
  too_many_sessions,
  headers_too_large,
};

class FailureWriter {
 public:
  virtual ~FailureWriter() = default;
  /// Status and body. `message` says what the client must correct. `request_id` is made by us: there may be no readable head with
  /// the client's.
  [[nodiscard]] virtual HttpAnswer write(HttpFailure why, std::string_view message, std::string_view request_id) const = 0;
};

}  // namespace belfry::protocol
