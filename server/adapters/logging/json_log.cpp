#include "adapters/logging/json_log.hpp"

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <semaphore>
#include <thread>
#include <utility>

#include "base/guarded.hpp"
#include "wire/json/json.hpp"

namespace belfry::logging {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warn", "error"};
constexpr std::array kLevels = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};

// How many bytes of a flood of lines may wait for a slow disk.
constexpr std::size_t kMaxWaiting = 4 * 1024 * 1024;
constexpr std::chrono::milliseconds kWriteInterval{50};
// spdlog spells levels differently ("warning"), so the text holds our spelling; the time is spdlog's.
constexpr const char* kPattern = R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ",%v})";

void append_value(std::string& out, std::string_view text) { json::append_quoted(out, text); }
void append_value(std::string& out, std::int64_t number) { out += std::to_string(number); }
void append_value(std::string& out, bool truth) { out += truth ? "true" : "false"; }
void append_value(std::string& out, std::nullptr_t) { out += "null"; }
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

/// A file may rotate between any two lines, so it gets them one by one. stderr is unbuffered, so it gets all at once.
enum class Pieces : std::uint8_t { lines, all };

/// The buffered lines and the thread that writes them. spdlog's formatter adds the times under the lock, so they are in order.
struct JsonLog::Writer {
  struct Waiting {
    spdlog::pattern_formatter formatter{kPattern, spdlog::pattern_time_type::utc, "\n"};
    spdlog::memory_buf_t lines = spdlog::memory_buf_t();
    std::int64_t dropped = 0;
  };

  Writer(std::shared_ptr<spdlog::sinks::sink> first, Pieces size)
      : sink(std::move(first)),
        pieces(size),
        worker([this] {
          while (!stop.try_acquire_for(kWriteInterval)) write_out();
        }) {}
  ~Writer() {
    stop.release();
    worker.join();
    write_out();
  }

  void add(const spdlog::details::log_msg& message) {
    waiting.with([&](Waiting& now) {
      if (now.lines.size() > kMaxWaiting) {
        ++now.dropped;
      } else {
        now.formatter.format(message, now.lines);
      }
    });
  }
  void write_out() {
    spdlog::memory_buf_t lines;
    const std::int64_t dropped = waiting.with([&](Waiting& now) {
      lines.append(now.lines.data(), now.lines.data() + now.lines.size());
      now.lines.clear();
      return std::exchange(now.dropped, 0);
    });
    if (lines.size() == 0) return;
    sink.with([&](const std::shared_ptr<spdlog::sinks::sink>& to) { put(*to, {lines.data(), lines.size()}); });
    if (dropped == 0) return;
    const std::string note =
        render_fields(LogLevel::warn, "log lines dropped: the log cannot be written fast enough", {{"lines", dropped}});
    add({spdlog::source_loc{}, "belfry", spdlog::level::warn, note});
  }

  /// If the log cannot be written (usually a full disk), the server goes on: lines are lost, and stderr gets one message.
  void put(spdlog::sinks::sink& to, std::string_view rest) {
    try {
      while (!rest.empty()) {
        const std::size_t size = pieces == Pieces::lines ? rest.find('\n') + 1 : rest.size();
        to.log({spdlog::source_loc{}, "belfry", spdlog::level::info, spdlog::string_view_t(rest.data(), size)});
        rest.remove_prefix(size);
      }
      to.flush();
      failing.store(false);
    } catch (const spdlog::spdlog_ex& error) {
      if (failing.exchange(true)) return;
      std::string line = "{" +
                         render_fields(LogLevel::error, "the log cannot be written; lines are lost until it can",
                                       {{"error", std::string_view(error.what())}}) +
                         "}\n";
      static_cast<void>(std::fwrite(line.data(), 1, line.size(), stderr));
    }
  }

  Guarded<std::shared_ptr<spdlog::sinks::sink>> sink;
  Pieces pieces;
  std::atomic<bool> failing{false};
  Guarded<Waiting> waiting;
  std::binary_semaphore stop{0};
  std::thread worker;
};

namespace {

std::shared_ptr<spdlog::sinks::sink> open_sink(const Target& target) {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (target.file.empty())
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  else
    sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(target.file, target.max_size, target.files);
  sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, ""));
  return sink;
}

}  // namespace

JsonLog::JsonLog(LogLevel level, Target target)
    : level_(level),
      target_(std::move(target)),
      writer_(std::make_unique<Writer>(open_sink(target_), target_.file.empty() ? Pieces::all : Pieces::lines)) {}

JsonLog::~JsonLog() = default;

void JsonLog::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  const std::string line = render_fields(level, message, fields);
  writer_->add({spdlog::source_loc{}, "belfry", kLevels.at(static_cast<std::size_t>(level)),
                spdlog::string_view_t(line.data(), line.size())});
  if (level >= LogLevel::error) writer_->write_out();
}

void JsonLog::reopen() {
  writer_->write_out();
  try {
    auto fresh = open_sink(target_);
    writer_->sink.with([&](auto& sink) { sink = std::move(fresh); });
  } catch (const std::exception& problem) {
    error("log file cannot be opened anew", {{"error", std::string_view(problem.what())}});
  }
}

}  // namespace belfry::logging
