// Names of settings in any spelling, and which one a misspelled name was probably meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "main/config/schema.hpp"

namespace belfry::config {

/// The member of `names` that `name` probably means; empty if none is similar.
[[nodiscard]] std::string nearest_name(std::string_view name, const std::vector<std::string>& names);

/// "; did you mean --listen?", or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view name, const std::vector<std::string>& names);

template <class Spell>
[[nodiscard]] std::vector<std::string> all_names(Spell&& spell) {
  std::vector<std::string> names;
  for (const Setting& setting : settings()) names.emplace_back(spell(setting));
  return names;
}

}  // namespace belfry::config
