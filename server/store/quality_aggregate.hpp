// The qualityMetrics of a call (R-001-81): what its samples come to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/call_archive.hpp"

namespace belfry::store {

struct QualityAggregate {
  std::optional<double> latency_ms{}, packet_loss{}, jitter_ms{}, mos{};  // averages of the samples that have one
  std::string resolution{};                                               // the newest that was told
  std::uint64_t samples = 0;
  friend bool operator==(const QualityAggregate&, const QualityAggregate&) = default;
};

/// Could anybody have measured this? Times up to ten minutes, loss in percent, MOS up to 5 (ITU-T P.800). Only such samples may
/// be kept: a sum of absurd ones is no number any more.
[[nodiscard]] bool is_plausible(const QualitySample& sample);

/// Samples in any order.
[[nodiscard]] QualityAggregate aggregate(const std::vector<QualityEntry>& entries);
/// {"avgLatency":23.5,"packetLoss":0.01,"jitter":4,"resolution":"1280x720","mos":4.2,"samples":3}; what nobody told is null, but
/// mos is left out. Without samples: {}.
[[nodiscard]] std::string to_json(const QualityAggregate& aggregate);

}  // namespace belfry::store
