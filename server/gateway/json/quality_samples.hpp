// The quality samples that clients report during a call: one parser and one set of limits for REST and sockets.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/expected.hpp"
#include "store/call_archive.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway {

// Per report. A client that samples each second and reports twice a minute stays below.
inline constexpr std::size_t kMaxSamples = 100;
// A client sends its last samples after hanging up, perhaps over a bad network. Later ones are refused, or the data of a call
// would never stop growing.
inline constexpr Duration kSamplesAfterEnd = std::chrono::minutes{5};

enum class SampleFault : std::uint8_t { too_many, invalid };

/// Reads a JSON array; one invalid sample refuses them all. A sample without `ts` gets the time `now`.
[[nodiscard]] Expected<std::vector<store::QualitySample>, SampleFault> read_samples(json::Slice list, WallTime now);
/// The error message for samples that come too late.
inline constexpr const char* kTooLate = "The call has been over for too long";
[[nodiscard]] bool takes_samples(const store::CallRow& call, WallTime now);

}  // namespace belfry::gateway
