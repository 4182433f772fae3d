#include "adapters/postgres/process_name.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace belfry::postgres {
namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// The start time in ticks since boot: distinguishes the process from a later one with the same number. Empty: no such process.
std::string start_of(const std::string& pid, const std::string& processes) {
  const std::string stat = first_line(processes + '/' + pid + "/stat");
  const auto behind_name = stat.rfind(')');  // proc(5): the name may contain any character
  if (behind_name == std::string::npos) return {};
  std::istringstream fields(stat.substr(behind_name + 1));
  constexpr int kStartTime = 22, kFirst = 3;
  std::string field;
  for (int number = kFirst; number <= kStartTime; ++number) fields >> field;
  return field;
}

/// This boot and this PID namespace; a process number means something only within both.
std::string place() {
  std::error_code error;
  const auto space = std::filesystem::read_symlink("/proc/self/ns/pid", error);
  const std::string boot = first_line("/proc/sys/kernel/random/boot_id");
  return boot.empty() || error ? std::string() : boot + '/' + space.string() + '/';
}

}  // namespace

const std::string& own_process_name() {
  static const std::string name = [] {
    const std::string here = place(), pid = std::to_string(::getpid());
    return here.empty() ? std::string() : here + pid + '/' + start_of(pid, "/proc");
  }();
  return name;
}

bool is_dead_process_of_this_machine(std::string_view name, const std::string& processes) {
  const std::string here = place();
  if (here.empty() || !name.starts_with(here)) return false;
  const std::string_view process = name.substr(here.size());
  const auto slash = process.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string pid(process.substr(0, slash)), start = start_of(pid, processes);
  if (!start.empty()) return start != process.substr(slash + 1);
  // The process is gone, or it is another user's and /proc hides it from us.
  return ::kill(static_cast<pid_t>(std::strtol(pid.c_str(), nullptr, 10)), 0) != 0 && errno == ESRCH;
}

}  // namespace belfry::postgres
