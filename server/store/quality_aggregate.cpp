#include "store/quality_aggregate.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace belfry::store {
namespace {

class Mean {
 public:
  void add(std::optional<double> value) {
    if (!value || !std::isfinite(*value)) return;
    sum_ += *value;
    ++count_;
  }
  [[nodiscard]] std::optional<double> value() const {
    return count_ == 0 ? std::nullopt : std::optional(sum_ / static_cast<double>(count_));
  }

 private:
  double sum_ = 0;
  std::uint64_t count_ = 0;
};

/// Ten-thousandths are finer than anything that was measured.
std::string number(std::optional<double> value) {
  if (!value) return "null";
  std::array<char, 32> text{};
  const double rounded = std::round(*value * 10'000) / 10'000;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), rounded).ptr;
  return {text.data(), end};
}

/// A client's word: only what a resolution may be made of stays, so nothing needs escaping.
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

QualityAggregate aggregate(const std::vector<QualityEntry>& entries) {
  Mean latency, loss, jitter, mos;
  QualityAggregate all;
  WallTime newest{};
  for (const auto& [user, sample] : entries) {
    latency.add(sample.rtt_ms);
    loss.add(sample.packet_loss);
    jitter.add(sample.jitter_ms);
    mos.add(sample.mos);
    if (!sample.resolution.empty() && sample.at >= newest) newest = sample.at, all.resolution = sample.resolution;
  }
  all.latency_ms = latency.value();
  all.packet_loss = loss.value();
  all.jitter_ms = jitter.value();
  all.mos = mos.value();
  all.samples = entries.size();
  return all;
}

std::string to_json(const QualityAggregate& aggregate) {
  if (aggregate.samples == 0) return "{}";
  std::string json = "{\"avgLatency\":" + number(aggregate.latency_ms) + ",\"packetLoss\":" + number(aggregate.packet_loss) +
                     ",\"jitter\":" + number(aggregate.jitter_ms) + ",\"resolution\":";
  const std::string resolution = plain(aggregate.resolution);
  json += resolution.empty() ? "null" : "\"" + resolution + "\"";
  if (aggregate.mos) json += ",\"mos\":" + number(aggregate.mos);
  return json + ",\"samples\":" + std::to_string(aggregate.samples) + "}";
}

}  // namespace belfry::store
