// The rows that the archive's questions read: their columns and how to read them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/sql/uuid_text.hpp"
#include "base/check.hpp"
#include "base/uuid.hpp"
#include "store/call_archive.hpp"
#include "store/quality_aggregate.hpp"
#include "store/statistics.hpp"

namespace belfry::sql {

inline constexpr std::string_view kAuditColumns =
    R"("seq", "callId", "callSeq", "type", "actorUserId", "actorDeviceId", "payload", "prevHash", "hash", "createdAt")";

template <class In>
[[nodiscard]] store::AuditEntry take_audit(In& in) {
  store::AuditEntry entry;
  entry.seq = static_cast<std::uint64_t>(in.number());
  if (const auto call = in.maybe_uuid()) entry.call = call::CallId(*call);
  entry.call_seq = static_cast<std::uint64_t>(in.number());
  entry.record.type = in.text();
  if (const auto actor = in.maybe_uuid()) entry.record.actor = account::UserId(*actor);
  entry.record.device = in.text();
  entry.record.payload = in.text();
  entry.record.previous = in.hash();
  entry.record.hash = in.hash();
  entry.record.at = in.time();
  return entry;
}

/// Ids contain their creation time (RFC 9562 5.7), so older rows are found by key: their ids are below this one.
[[nodiscard]] inline Uuid first_id_at(WallTime when) {
  CHECK(when.unix_ms >= 0, "ids begin in 1970");
  constexpr std::array<std::byte, kUuidRandomBytes> kLowest{};
  return make_uuid_v7(when, kLowest);
}

/// 12 values.
inline constexpr std::string_view kQualityColumns =
    R"("callId", "userId", "ts", "direction", "rttMs", "packetLoss", "jitterMs", "mos", "bitrateKbps", "resolution", "fps", )"
    R"("candidateType")";

template <class Out>
void put_quality(Out& out, const call::CallId& call, const account::UserId& user, const store::QualitySample& sample) {
  out.uuid(call.value());
  out.uuid(user.value());
  out.time(sample.at);
  out.text_or_null(sample.direction);
  out.real(sample.rtt_ms);
  out.real(sample.packet_loss);
  out.real(sample.jitter_ms);
  out.real(sample.mos);
  out.real(sample.bitrate_kbps);
  out.text_or_null(sample.resolution);
  out.real(sample.fps);
  out.text_or_null(sample.candidate_type);
}

/// Call it after reading "callId".
template <class In>
[[nodiscard]] store::QualityEntry take_quality(In& in) {
  store::QualityEntry entry;
  entry.user = account::UserId(in.uuid());
  entry.sample.at = in.time();
  entry.sample.direction = in.text();
  entry.sample.rtt_ms = in.maybe_real();
  entry.sample.packet_loss = in.maybe_real();
  entry.sample.jitter_ms = in.maybe_real();
  entry.sample.mos = in.maybe_real();
  entry.sample.bitrate_kbps = in.maybe_real();
  entry.sample.resolution = in.text();
  entry.sample.fps = in.maybe_real();
  entry.sample.candidate_type = in.text();
  return entry;
}

/// Aggregates in the order of take_quality_sums(), over a call's samples.
inline constexpr std::string_view kQualitySums =
    R"(count(*), sum("rttMs"), count("rttMs"), sum("packetLoss"), count("packetLoss"), sum("jitterMs"), count("jitterMs"), )"
    R"(sum("mos"), count("mos"))";

template <class In>
[[nodiscard]] store::QualityAggregate take_quality_sums(In& in) {
  store::QualityAggregate all;
  all.samples = static_cast<std::uint64_t>(in.number());
  for (auto* mean : {&all.latency_ms, &all.packet_loss, &all.jitter_ms, &all.mos}) {
    mean->sum = in.maybe_real().value_or(0);
    mean->count = static_cast<std::uint64_t>(in.number());
  }
  return all;
}

/// Aggregates in the order of take_statistics(), over rows of a call's own columns and "incoming", 0 or 1.
inline constexpr std::string_view kStatisticsColumns =
    R"(count(*), count(*) FILTER (WHERE "status" = 'missed'), count(*) FILTER (WHERE "status" = 'rejected'), )"
    R"(count(*) FILTER (WHERE "incoming" = 1), count(*) FILTER (WHERE "incoming" = 0), )"
    R"(count(*) FILTER (WHERE "callType" = 'audio'), count(*) FILTER (WHERE "callType" = 'video'), )"
    R"(coalesce(sum("duration"), 0), count("duration"))";

template <class In>
[[nodiscard]] store::Statistics take_statistics(In& in) {
  store::Statistics all;
  for (auto* value : {&all.total_calls, &all.missed_calls, &all.rejected_calls, &all.incoming, &all.outgoing, &all.audio_calls,
                      &all.video_calls, &all.total_duration, &all.calls_with_duration})
    *value = static_cast<std::uint64_t>(in.number());
  return all;
}

using store::day_text;

}  // namespace belfry::sql
