#include "store/quality_aggregate.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace belfry::store {
namespace {

/// Four decimals are finer than any measurement. Absurd samples stored by earlier releases may give no finite number.
std::string average(const QualityMean& mean) {
  const double value = mean.sum / static_cast<double>(mean.count);
  if (mean.count == 0 || !std::isfinite(value)) return "null";
  std::array<char, 32> text{};
  const double rounded = std::round(value * 10'000) / 10'000;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), rounded).ptr;
  return {text.data(), end};
}

/// Keeps only characters that a resolution consists of, so that a client's text needs no escaping.
std::string plain(const std::string& text) {
  std::string kept;
  for (const char c : text)
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '@') kept += c;
  return kept;
}

bool within(const std::optional<double>& value, double most) { return !value || (*value >= 0 && *value <= most); }

}  // namespace

bool is_plausible(const QualitySample& sample) {
  constexpr double kLongestMs = 600'000;
  return within(sample.rtt_ms, kLongestMs) && within(sample.jitter_ms, kLongestMs) && within(sample.packet_loss, 100) &&
         within(sample.mos, 5) && within(sample.bitrate_kbps, 100'000'000) && within(sample.fps, 1000);
}

void QualityMean::add(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return;
  sum += *value;
  ++count;
}

void QualityAggregate::add(const QualitySample& sample) {
  latency_ms.add(sample.rtt_ms);
  packet_loss.add(sample.packet_loss);
  jitter_ms.add(sample.jitter_ms);
  mos.add(sample.mos);
  if (!sample.resolution.empty() && sample.at >= resolution_at) resolution_at = sample.at, resolution = sample.resolution;
  ++samples;
}

std::string to_json(const QualityAggregate& aggregate) {
  if (aggregate.samples == 0) return "{}";
  std::string json = "{\"avgLatency\":" + average(aggregate.latency_ms) + ",\"packetLoss\":" + average(aggregate.packet_loss) +
                     ",\"jitter\":" + average(aggregate.jitter_ms) + ",\"resolution\":";
  const std::string resolution = plain(aggregate.resolution);
  json += resolution.empty() ? "null" : "\"" + resolution + "\"";
  if (aggregate.mos.count != 0) json += ",\"mos\":" + average(aggregate.mos);
  return json + ",\"samples\":" + std::to_string(aggregate.samples) + "}";
}

}  // namespace belfry::store
