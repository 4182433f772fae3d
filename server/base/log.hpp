// The log as everybody below main/ sees it: levels, one constant message, named fields. One record becomes one JSON line
// (SPEC R-001-85). There is no printf on purpose: a field has a name, and strong ids, tokens, SDP and addresses have no
// conversion to Field::Value, so none gets into a log unnoticed (R-001-88): an id is written by logged_id(), a name by Redacted.
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace belfry {

enum class LogLevel : std::uint8_t { debug, info, warn, error };

struct LogField {
  using Value = std::variant<std::string_view, std::int64_t, double, bool, std::nullptr_t>;  // null: there is none
  std::string_view name;
  Value value;
};

class Log {
 public:
  virtual ~Log() = default;
  [[nodiscard]] virtual bool enabled(LogLevel level) const = 0;
  virtual void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) = 0;

  void debug(std::string_view message, std::initializer_list<LogField> fields = {}) { at(LogLevel::debug, message, fields); }
  void info(std::string_view message, std::initializer_list<LogField> fields = {}) { at(LogLevel::info, message, fields); }
  void warn(std::string_view message, std::initializer_list<LogField> fields = {}) { at(LogLevel::warn, message, fields); }
  void error(std::string_view message, std::initializer_list<LogField> fields = {}) { at(LogLevel::error, message, fields); }

 private:
  void at(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
    if (enabled(level)) write(level, message, fields);
  }
};

}  // namespace belfry
