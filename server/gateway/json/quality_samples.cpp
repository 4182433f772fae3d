#include "gateway/json/quality_samples.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/json/iso_time.hpp"
#include "gateway/json/safe_integer.hpp"
#include "store/quality_aggregate.hpp"

namespace belfry::gateway {
namespace {

// In bytes. Every sample is stored, so its texts are bounded. The words of WebRTC fit: the longest candidate type is "prflx"
// (RFC 8445 4), and a direction is "inbound" or "outbound".
constexpr std::size_t kMaxWord = 16;
// "1920x1080", or with a rate and a codec behind it, as some clients write it.
constexpr std::size_t kMaxResolution = 32;

enum Member : std::uint8_t { ts, direction, resolution, candidate_type, rtt, loss, jitter, mos, bitrate, fps, kMembers };
constexpr std::array<std::string_view, kMembers> kNames = {"ts",         "direction", "resolution", "candidateType", "rttMs",
                                                           "packetLoss", "jitterMs",  "mos",        "bitrateKbps",   "fps"};

/// The members of one sample. An absent or null member has no value; one of a wrong kind makes the sample invalid.
class Sample {
 public:
  explicit Sample(json::Slice written) : good_(written.kind == json::Kind::object) {
    if (good_) json::members(written, kNames, found_);
  }
  std::optional<double> number(Member member) {
    const auto value = said(member);
    if (!value) return std::nullopt;
    double parsed = 0;
    const auto read = std::from_chars(value->raw.data(), value->raw.data() + value->raw.size(), parsed);
    good_ = good_ && value->kind == json::Kind::number && read.ec == std::errc{};
    return parsed;
  }
  std::string text(Member member, std::size_t most) {
    const auto value = said(member);
    if (!value) return {};
    auto text = json::string_value(*value);
    good_ = good_ && text && text->size() <= most;
    return std::move(text).value_or("");
  }
  /// Unix milliseconds, or ISO 8601.
  WallTime time(Member member, WallTime otherwise) {
    const auto value = said(member);
    if (!value) return otherwise;
    if (value->kind == json::Kind::string) {
      const auto time = parse_iso(json::string_value(*value).value_or(""));
      good_ = good_ && time;
      return time.value_or(otherwise);
    }
    const auto ms = json::integer_value(*value);
    good_ = good_ && ms && *ms >= 0 && *ms <= kMaxSafeInteger;
    return {ms.value_or(0)};
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  [[nodiscard]] std::optional<json::Slice> said(Member member) const {
    const auto& value = found_[member];
    return value && value->kind != json::Kind::null ? value : std::nullopt;
  }
  std::array<std::optional<json::Slice>, kMembers> found_{};
  bool good_;
};

std::optional<store::QualitySample> sample_of(json::Slice written, WallTime now) {
  Sample said(written);
  store::QualitySample sample;
  sample.at = said.time(ts, now);
  sample.direction = said.text(direction, kMaxWord);
  sample.resolution = said.text(resolution, kMaxResolution);
  sample.candidate_type = said.text(candidate_type, kMaxWord);
  sample.rtt_ms = said.number(rtt);
  sample.packet_loss = said.number(loss);
  sample.jitter_ms = said.number(jitter);
  sample.mos = said.number(mos);
  sample.bitrate_kbps = said.number(bitrate);
  sample.fps = said.number(fps);
  return said.good() && store::is_plausible(sample) ? std::optional(std::move(sample)) : std::nullopt;
}

}  // namespace

Expected<std::vector<store::QualitySample>, SampleFault> read_samples(json::Slice list, WallTime now) {
  std::vector<json::Slice> written;
  if (!json::elements(list, written, kMaxSamples)) return unexpected(SampleFault::too_many);
  std::vector<store::QualitySample> samples;
  samples.reserve(written.size());
  for (const json::Slice each : written) {
    auto sample = sample_of(each, now);
    if (!sample) return unexpected(SampleFault::invalid);
    samples.push_back(std::move(*sample));
  }
  return samples;
}

bool takes_samples(const store::CallRow& call, WallTime now) { return !call.ended || now - *call.ended <= kSamplesAfterEnd; }

}  // namespace belfry::gateway
