// ServerNumbers as Prometheus text (exposition format 0.0.4). prometheus-cpp's model and serializer are used for their
// escaping and their format; its registry is not, since our counters already live where they are counted.
#pragma once

#include <string>

#include "gateway/server_numbers.hpp"

namespace belfry::metrics {

[[nodiscard]] std::string prometheus_text(const gateway::ServerNumbers& numbers);

/// What the kernel says about this process.
[[nodiscard]] gateway::ProcessNumbers read_process_numbers();

}  // namespace belfry::metrics
