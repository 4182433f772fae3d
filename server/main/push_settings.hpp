// The push providers as configured: reads the keys that the settings name.
#pragma once

#include <string>

#include "adapters/push/push_service.hpp"
#include "main/config/config.hpp"

namespace belfry {

/// The error is for the operator.
[[nodiscard]] Expected<push::PushSettings, std::string> push_settings(const config::Config& config);

}  // namespace belfry
