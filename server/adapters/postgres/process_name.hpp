// Names a process so that another process on the same machine can check whether it still runs. A killed server is then known to
// be gone at once, without waiting for its heartbeats to lapse. This does not work across machines or containers.
#pragma once

#include <string>
#include <string_view>

namespace belfry::postgres {

/// "BOOT/PID-NAMESPACE/PID/START"; empty if /proc does not have them.
[[nodiscard]] const std::string& own_process_name();
/// False if the process runs, or if that is unknown. `processes`: the directory in which the system lists processes.
[[nodiscard]] bool is_dead_process_of_this_machine(std::string_view name, const std::string& processes = "/proc");

}  // namespace belfry::postgres
