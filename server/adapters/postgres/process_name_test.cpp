#include "adapters/postgres/process_name.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

namespace belfry::postgres {
namespace {

// A server that was killed on this machine is known to be gone without waiting.
TEST(ProcessName, ShowsWhetherAProcessOfThisMachineStillRuns) {
  const std::string own = own_process_name();
  ASSERT_FALSE(own.empty());
  EXPECT_FALSE(is_dead_process_of_this_machine(own));
  EXPECT_TRUE(is_dead_process_of_this_machine(own + "9")) << "a later process has its number";
  EXPECT_FALSE(is_dead_process_of_this_machine("other-boot/pid:[1]/1/2"));
  EXPECT_FALSE(is_dead_process_of_this_machine(""));
}

/// This process's name, with another number.
std::string named(pid_t pid) {
  const std::string own = own_process_name();
  const auto start = own.rfind('/'), number = own.rfind('/', start - 1);
  return own.substr(0, number + 1) + std::to_string(pid) + own.substr(start);
}

// hidepid, proc(5): another user's processes are not in /proc. They were taken for dead, and their calls away from them.
TEST(ProcessName, ProcessHiddenFromProcIsAliveWhileTheKernelFindsIt) {
  std::string hiding = (std::filesystem::temp_directory_path() / "belfry-proc-XXXXXX").string();
  ASSERT_NE(::mkdtemp(hiding.data()), nullptr);
  const pid_t gone = ::fork();
  if (gone == 0) ::_exit(0);
  ASSERT_EQ(::waitpid(gone, nullptr, 0), gone);
  EXPECT_FALSE(is_dead_process_of_this_machine(own_process_name(), hiding));
  EXPECT_TRUE(is_dead_process_of_this_machine(named(gone), hiding));
  std::filesystem::remove(hiding);
}

}  // namespace
}  // namespace belfry::postgres
