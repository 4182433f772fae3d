// The measurements. Each prints one line of key=value pairs on stdout, which scripts/bench reads.
#pragma once

#include <cstddef>
#include <cstdint>

#include "client.hpp"

namespace belfry::loadgen {

/// Of descriptions and candidates: clients of seed 003 send both.
enum class Form : std::uint8_t { object, text };

struct Load {
  std::size_t clients = 200;
  std::size_t window = 1;  // relay: candidates in flight per caller
  double rate = 20'000;    // offered: messages per second over all pairs
  double seconds = 5;
  std::size_t first_source = 1;
  std::size_t sources = 0;
  std::size_t in_flight = 64;  // connects at a time
  Form form = Form::object;
};

int measure_idle(const Target& target, const Load& load);
int measure_connect(const Target& target, const Load& load);
int measure_upgrade(const Target& target, const Load& load);
int measure_relay(const Target& target, const Load& load);
int measure_offered(const Target& target, const Load& load);
int measure_calls(const Target& target, const Load& load);
/// Holds `clients` registered connections for `seconds`, answers pings, and reports memory and CPU every ten seconds.
int hold(const Target& target, const Load& load);

}  // namespace belfry::loadgen
