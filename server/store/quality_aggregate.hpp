// The qualityMetrics of a call (R-001-81): averages over its samples.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "store/call_archive.hpp"

namespace belfry::store {

/// Sum and count of the samples that have the number.
struct QualityMean {
  double sum = 0;
  std::uint64_t count = 0;
  void add(std::optional<double> value);
};
/// Running sums: the database sums the stored samples, and add() adds the new ones.
struct QualityAggregate {
  QualityMean latency_ms{}, packet_loss{}, jitter_ms{}, mos{};
  std::string resolution{};  // the newest that a client reported
  WallTime resolution_at{};
  std::uint64_t samples = 0;

  void add(const QualitySample& sample);
};

/// Whether a client can have measured this: times up to ten minutes, loss in percent, MOS up to 5 (ITU-T P.800). Other samples
/// are not stored, because a sum of absurd values overflows.
[[nodiscard]] bool is_plausible(const QualitySample& sample);

/// How many of `more` new samples fit when `kept` samples of the same user and call are stored.
[[nodiscard]] inline std::size_t room_for(std::size_t more, std::size_t kept) {
  return kept < kMaxSamplesPerUser ? std::min(more, kMaxSamplesPerUser - kept) : 0;
}
/// {"avgLatency":23.5,"packetLoss":0.01,"jitter":4,"resolution":"1280x720","mos":4.2,"samples":3}. A value that no client
/// reported is null; `mos` is left out instead. Without samples: {}.
[[nodiscard]] std::string to_json(const QualityAggregate& aggregate);

}  // namespace belfry::store
