// The table of settings as people read it. All four are printed from schema.hpp's table and compared with golden files by a test.
#pragma once

#include <string>

#include "main/config/read.hpp"

namespace belfry::config {

[[nodiscard]] std::string render_help();
/// One line per setting: its value and its source. Secrets are masked.
[[nodiscard]] std::string render_config(const Reading& reading);
[[nodiscard]] std::string render_sample();     // docs/config.sample.toml
[[nodiscard]] std::string render_reference();  // docs/reference-config.md

}  // namespace belfry::config
