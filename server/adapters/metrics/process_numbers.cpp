#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "adapters/metrics/prometheus_text.hpp"

namespace belfry::metrics {
namespace {

double seconds(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::uint64_t resident_bytes() {
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// Since Linux 6.2 the size of this directory is the number of descriptors. Before that one must count its entries, which would
// block a shard for a third of a second with a million sockets, so the metric is left out; belfry_open_connections exists anyway.
std::optional<std::uint64_t> open_descriptors() {
  struct stat folder{};
  if (stat("/proc/self/fd", &folder) != 0 || folder.st_size <= 0) return std::nullopt;
  return static_cast<std::uint64_t>(folder.st_size);
}

std::uint64_t max_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

/// Field 22 of /proc/self/stat: clock ticks from boot to the start of this process. The name in field 2 may contain spaces.
double start_time() {
  std::string line;
  std::getline(std::ifstream("/proc/self/stat") >> std::ws, line);
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int field = 3; field < 22; ++field) fields >> skipped;
  double ticks = 0;
  fields >> ticks;
  double boot = 0;
  std::ifstream machine("/proc/stat");
  for (std::string word; machine >> word;)
    if (word == "btime") machine >> boot;
  return boot + ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

gateway::ProcessNumbers read_process_numbers() {
  static const double kStarted = start_time();
  return {.cpu_seconds = cpu_seconds(),
          .resident_bytes = resident_bytes(),
          .open_descriptors = open_descriptors(),
          .max_descriptors = max_descriptors(),
          .start_time_seconds = kStarted};
}

}  // namespace belfry::metrics
