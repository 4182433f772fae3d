// JsonLog: one JSON object per line, {"ts","level","msg",...fields}, to stderr or to a file that rotates by size (SPEC R-001-85,
// R-001-87). A shard only appends the line to a buffer. One background thread writes the buffer twenty times a second, and at
// once after an error. spdlog's own queue was measured first: it wakes its thread for every line, which took a fifth of the core
// at ten thousand calls a second. When the thread cannot keep up, because a terminal is paused or a disk is slow, new lines are
// dropped and counted, so that a blocked log does not stop calls.
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
  /// Throws std::exception if the file cannot be opened: that is a start-up error.
  JsonLog(LogLevel level, Target target);
  /// Writes the buffered lines first.
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

/// The line without its time and closing brace; public for tests.
[[nodiscard]] std::string render_fields(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);

}  // namespace belfry::logging
