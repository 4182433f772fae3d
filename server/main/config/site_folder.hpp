// The folder of --static is published whole, so nothing that the server keeps to itself may lie in it.
#pragma once

#include <string>

#include "base/expected.hpp"
#include "main/config/config.hpp"

namespace belfry::config {

/// Refuses a `config.static_dir` that is or contains the data folder, the database, the log, a TLS or push key or a file of
/// settings. Paths are compared after their links are resolved; one that does not exist yet counts too, because this start may
/// make it. The error says what the operator can do.
[[nodiscard]] Expected<void, std::string> check_site_folder(const Config& config);

}  // namespace belfry::config
