// The one table of settings. A setting has one name, from which its three spellings follow by rule:
//   call.timeout   ->   [call] timeout = ... in TOML   ·   BELFRY_CALL_TIMEOUT   ·   --call-timeout
// and, where the seed documents fixed a variable (SPEC 2.7), that one too. --help, --print-config, docs/config.sample.toml
// and docs/reference-config.md are all printed from here, so a setting cannot be documented in one and missing in another.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/expected.hpp"
#include "main/config/config.hpp"

namespace belfry::config {

/// The unit of a bare number. A suffix (`ms`, `s`, `min`, `KiB`, `MiB`) overrides it, so nobody has to know the unit.
enum class Unit : std::uint8_t { none, milliseconds, seconds, bytes };

/// The field of a Config that holds the value; its type decides how to parse the text.
using ConfigField = std::variant<bool*, std::size_t*, std::optional<std::size_t>*, Duration*, std::optional<Duration>*,
                                 std::string*, std::vector<std::string>*, ListenAddress*, LogLevel*, std::optional<AuthMode>*>;

struct SeedVariable {
  std::string_view name;
  Unit unit = Unit::none;  // none: the setting's own unit
};

/// A row of the table: Setting{key, field, meaning}, then what it has beyond that.
struct Setting {
  std::string_view key;
  ConfigField (*field)(Config&);
  std::string_view meaning;
  Unit unit = Unit::none;
  std::int64_t min = 0;  // in `unit`; durations in milliseconds
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::array<SeedVariable, 2> seeds = {};  // behind the last: empty names
  std::string_view default_note = {};      // where the default is worked out: what it will be
  bool secret = false;                     // --print-config shows that it is set, not what it is

  /// The variables of the seed documents; the first one that is set counts.
  [[nodiscard]] constexpr std::span<const SeedVariable> seed_variables() const {
    const std::size_t count = seeds[0].name.empty() ? 0U : seeds[1].name.empty() ? 1U : 2U;
    return {seeds.data(), count};
  }

  [[nodiscard]] constexpr Setting within(Unit bare, std::int64_t least, std::int64_t most) const {
    Setting row = *this;
    row.unit = bare;
    row.min = least;
    row.max = most;
    return row;
  }
  [[nodiscard]] constexpr Setting also_named(std::string_view variable, Unit bare = Unit::none) const {
    Setting row = *this;
    row.seeds[row.seeds[0].name.empty() ? 0 : 1] = {variable, bare};
    return row;
  }
  [[nodiscard]] constexpr Setting by_default(std::string_view note) const {
    Setting row = *this;
    row.default_note = note;
    return row;
  }
  [[nodiscard]] constexpr Setting kept_secret() const {
    Setting row = *this;
    row.secret = true;
    return row;
  }
};

[[nodiscard]] std::span<const Setting> settings();
[[nodiscard]] const Setting* find_setting(std::string_view key);

[[nodiscard]] std::string variable_of(const Setting& setting);  // BELFRY_CALL_TIMEOUT
[[nodiscard]] std::string flag_of(const Setting& setting);      // --call-timeout

/// Parses `text` into the setting's member. The error is a sentence without the setting's name.
[[nodiscard]] Expected<void, std::string> assign(const Setting& setting, Config& config, std::string_view text, Unit unit);
/// PORT sets the port and leaves the host unchanged.
[[nodiscard]] Expected<void, std::string> assign_port(ListenAddress& listen, std::string_view text);
/// The value in a form that assign() reads. Empty if there is none.
[[nodiscard]] std::string show(const Setting& setting, const Config& config);

}  // namespace belfry::config
