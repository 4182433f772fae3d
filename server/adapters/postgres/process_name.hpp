// Names a process so that another one on the same machine can tell whether it still runs: a server that was killed is known to be
// gone at once, without waiting for its signs of life to lapse. In another machine or container it cannot be told.
#pragma once

#include <string>
#include <string_view>

namespace belfry::postgres {

/// "BOOT/PID-NAMESPACE/PID/START"; empty if /proc does not tell.
[[nodiscard]] const std::string& own_process_name();
/// False when it runs, or when it cannot be told. `processes` is where the system shows those that we may see.
[[nodiscard]] bool is_dead_process_of_this_machine(std::string_view name, const std::string& processes = "/proc");

}  // namespace belfry::postgres
