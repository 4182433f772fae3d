// belfry: reads its configuration, serves until a signal stops it, and exits with everything delivered and written.
#include <sys/stat.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "adapters/logging/json_log.hpp"
#include "main/commands/commands.hpp"
#include "main/config/lint.hpp"
#include "main/config/read.hpp"
#include "main/product.hpp"
#include "main/version.hpp"

namespace belfry {
namespace {

/// The main thread handles signals one at a time; shard threads never get them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

/// web/ beside the executable, unless the configuration names another folder.
std::string web_folder(const config::Config& config) {
  if (!config.web.empty()) return config.web;
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "web" : (self.parent_path() / "web").string();
}

void print_ready(const config::Config& config, std::uint16_t port) {
  const std::string host =
      config.listen.host.find(':') == std::string::npos ? config.listen.host : "[" + config.listen.host + "]";
  std::printf("listening on %s://%s:%u\n", config.tls.cert.empty() ? "http" : "https", host.c_str(), static_cast<unsigned>(port));
  std::fflush(stdout);
}

/// for `notice` the server refuses new calls but serves everything else, so that clients get an answer instead of a closed
/// connection. Then it drains. SIGINT stops it at once.
void drain(Product& product, Duration notice) {
  product.announce_drain();
  sigset_t at_once;
  sigemptyset(&at_once);
  sigaddset(&at_once, SIGINT);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(notice);
  const timespec wait{.tv_sec = seconds.count(), .tv_nsec = (notice - seconds).count()};
  if (sigtimedwait(&at_once, nullptr, &wait) == SIGINT) return product.stop_now();
  product.drain();
}

/// Returns when SIGTERM (drain) or SIGINT (at once) has been handled.
void run_until_stopped(Product& product, logging::JsonLog& log, const sigset_t& signals, const config::Config& config) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(config.stats_interval);
  const timespec wait{.tv_sec = seconds.count() > 0 ? seconds.count() : 3600, .tv_nsec = 0};
  while (true) {
    const int signal = sigtimedwait(&signals, nullptr, &wait);
    if (signal == SIGHUP) log.reopen();
    if (signal == SIGTERM) return drain(product, config.drain_notice);
    if (signal == SIGINT) return product.stop_now();
    if (signal < 0 && seconds.count() > 0) product.log_stats();
  }
}

int serve(const config::Reading& reading) {
  const config::Config& config = reading.config;
  const sigset_t signals = block_signals();
  logging::JsonLog log(config.log.level, {.file = config.log.file, .max_size = config.log.max_size, .files = config.log.files});
  for (const std::string& warning : reading.warnings) log.warn("configuration", {{"about", warning}});
  for (const auto& [setting, level, message] : config::lint(config))
    log.warn("configuration", {{"setting", setting}, {"about", message}});
  Product product(config, web_folder(config), log);
  if (const auto started = product.start(); !started) {
    log.error("cannot start", {{"error", started.error()}});
    return 1;
  }
  log.info("started", {{"version", kVersion},
                       {"port", static_cast<std::int64_t>(product.port())},
                       {"threads", static_cast<std::int64_t>(config.threads)}});
  print_ready(config, product.port());
  run_until_stopped(product, log, signals, config);
  product.join();
  log.info("stopped");
  return 0;
}

}  // namespace
}  // namespace belfry

int main(int argc, char** argv) {
  // Files hold password hashes, addresses and session descriptions: create them as 0600, folders as 0700.
  ::umask(077);
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (const auto status = belfry::run_command(words)) return *status;
  const auto reading = belfry::config::read_config(words, belfry::config::process_environment(), belfry::kVersion);
  if (!reading) {
    std::fprintf(stderr, "belfry: %s\n", reading.error().c_str());
    return 2;
  }
  if (reading->action == belfry::config::Action::print_and_exit) {
    std::fputs(reading->print.c_str(), stdout);
    return 0;
  }
  try {
    return belfry::serve(*reading);
  } catch (const std::exception& error) {  // a start-up error: the log file or web folder cannot be opened
    std::fprintf(stderr, "belfry: cannot start: %s\n", error.what());
    return 1;
  }
}
