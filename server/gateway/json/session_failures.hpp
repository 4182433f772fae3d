// SessionFailures: writes the failures that session/ finds itself in the form of every failure (SPEC 2.1).
#pragma once

#include "session/failure_writer.hpp"

namespace belfry::gateway {

class SessionFailures final : public session::FailureWriter {
 public:
  [[nodiscard]] session::HttpAnswer write(session::HttpFailure why, std::string_view message,
                                          std::string_view request_id) const override;
};

}  // namespace belfry::gateway
