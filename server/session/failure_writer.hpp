// FailureWriter: how a request is answered that session/ refuses before anybody is asked. The form of such an answer (SPEC 2.1)
// and its codes are gateway's, where one table has them all.
#pragma once

#include <cstdint>
#include <string_view>

#include "session/http_handler.hpp"

namespace belfry::session {

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
  /// Status and body. `message` tells the client what to mend; the id is ours, for there may be no readable head to take one
  /// from.
  [[nodiscard]] virtual HttpAnswer write(HttpFailure why, std::string_view message, std::string_view request_id) const = 0;
};

}  // namespace belfry::session
