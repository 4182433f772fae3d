// SessionFailures: writes the failures that protocol/ finds itself in the form of every failure (SPEC 2.1).
#pragma once

#include "protocol/failure_writer.hpp"

namespace belfry::gateway {

class SessionFailures final : public protocol::FailureWriter {
 public:
  [[nodiscard]] protocol::HttpAnswer write(protocol::HttpFailure why, std::string_view message,
                                           std::string_view request_id) const override;
};

}  // namespace belfry::gateway
