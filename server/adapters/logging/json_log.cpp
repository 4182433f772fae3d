#include "adapters/logging/json_log.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/periodic_worker.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

#include "wire/json/json.hpp"

namespace belfry::logging {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warn", "error"};
constexpr std::array kLevels = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};

// Lines that may wait for the writer: some megabytes, and a second or two of a flood.
constexpr std::size_t kWaitingLines = 8192;
// A file is written in blocks; somebody who follows it sees a line after this at the latest.
constexpr std::chrono::seconds kFlushInterval{1};
// spdlog's own level words differ ("warning"), so ours stand in the text; the time is the logger's.
constexpr const char* kPattern = R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ",%v})";

void append_value(std::string& out, std::string_view text) { json::append_quoted(out, text); }
void append_value(std::string& out, std::int64_t number) { out += std::to_string(number); }
void append_value(std::string& out, bool truth) { out += truth ? "true" : "false"; }
void append_value(std::string& out, double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  if (std::isfinite(number))
    out.append(digits.data(), end);
  else
    out += "null";
}

}  // namespace

std::string render_fields(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  std::string line = "\"level\":\"";
  line.append(kNames.at(static_cast<std::size_t>(level))).append("\",\"msg\":");
  json::append_quoted(line, message);
  for (const LogField& field : fields) {
    line.push_back(',');
    json::append_quoted(line, field.name);
    line.push_back(':');
    std::visit([&line](const auto& value) { append_value(line, value); }, field.value);
  }
  return line;
}

JsonLog::JsonLog(LogLevel level, Target target)
    : level_(level),
      target_(std::move(target)),
      writer_(std::make_shared<spdlog::details::thread_pool>(kWaitingLines, 1)) {
  logger_ = make_logger();
  flusher_ = std::make_unique<spdlog::details::periodic_worker>([this] { logger_.load()->flush(); }, kFlushInterval);
}

JsonLog::~JsonLog() {
  flusher_.reset();
  logger_.load()->flush();
}

std::shared_ptr<spdlog::logger> JsonLog::make_logger() {
  spdlog::sink_ptr sink;
  if (target_.file.empty())
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  else
    sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(target_.file, target_.max_size, target_.files);
  sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(kPattern, spdlog::pattern_time_type::utc, "\n"));
  auto logger =
      std::make_shared<spdlog::async_logger>("belfry", std::move(sink), writer_, spdlog::async_overflow_policy::overrun_oldest);
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::warn);
  return logger;
}

void JsonLog::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  const std::string line = render_fields(level, message, fields);
  logger_.load()->log(kLevels.at(static_cast<std::size_t>(level)), spdlog::string_view_t(line.data(), line.size()));
}

void JsonLog::reopen() {
  try {
    auto fresh = make_logger();
    logger_.exchange(std::move(fresh))->flush();
  } catch (const std::exception& problem) {
    error("log file cannot be opened anew", {{"error", std::string_view(problem.what())}});
  }
}

}  // namespace belfry::logging
