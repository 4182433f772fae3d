// The kernel's numbers of the server under load, and percentiles. Linux only: /proc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace belfry::loadgen {

[[nodiscard]] std::int64_t now_ns();
/// CPU time of all threads of a process, in nanoseconds (schedstat counts them exactly, unlike clock ticks).
[[nodiscard]] std::int64_t cpu_ns(int pid);
[[nodiscard]] std::int64_t resident_bytes(int pid);
/// Sorts `values`; returns 0 if there are none.
[[nodiscard]] double percentile(std::vector<double>& values, double share);

}  // namespace belfry::loadgen
