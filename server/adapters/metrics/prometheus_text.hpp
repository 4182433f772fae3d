// ServerNumbers as Prometheus text (exposition format 0.0.4). Uses prometheus-cpp's model and serializer for escaping and format,
// but not its registry, because each folder keeps its own counters.
#pragma once

#include <string>

#include "gateway/server_numbers.hpp"

namespace belfry::metrics {

[[nodiscard]] std::string prometheus_text(const gateway::ServerNumbers& numbers);

/// Reads this process's numbers from the kernel.
[[nodiscard]] gateway::ProcessNumbers read_process_numbers();

}  // namespace belfry::metrics
