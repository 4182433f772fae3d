// JsonLog: one JSON object per line, {"ts","level","msg",...fields}, to stderr or to a file that rotates by size (SPEC
// R-001-85, R-001-87). A shard that logs only appends the line to what waits; one background thread writes all that waits
// twenty times a second, and at once when an error is logged. spdlog's own queue was measured first: it wakes its thread for
// every line, which at ten thousand calls a second cost a fifth of the core. When the writer cannot keep up, because a terminal
// is paused or a disk is slow, new lines are dropped and counted: a stuck log must not stop calls.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/log.hpp"

namespace spdlog::sinks {
class sink;
}  // namespace spdlog::sinks

namespace belfry::logging {

struct Target {
  std::string file;  // empty: stderr
  std::size_t max_size = 64 * 1024 * 1024;
  std::size_t files = 5;
};

class JsonLog final : public Log {
 public:
  /// Throws std::exception when the file cannot be opened: that is a start-up error.
  JsonLog(LogLevel level, Target target);
  /// Writes what waits, then ends.
  ~JsonLog() override;
  JsonLog(const JsonLog&) = delete;
  JsonLog& operator=(const JsonLog&) = delete;

  [[nodiscard]] bool enabled(LogLevel level) const override { return level >= level_; }
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) override;

  /// For SIGHUP, after an external logrotate has moved the file. If it cannot be opened, the old one stays in use.
  void reopen();

 private:
  struct Writer;
  LogLevel level_;
  Target target_;
  std::unique_ptr<Writer> writer_;
};

/// The line without its time and closing brace; shown for tests.
[[nodiscard]] std::string render_fields(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);

}  // namespace belfry::logging
