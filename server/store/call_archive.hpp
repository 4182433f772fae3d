// CallArchive: reads calls for people: history, statistics, audit, quality, invariants. Reads run concurrently with the writer
// and see every commit answered before them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "store/call_store.hpp"

namespace belfry::store {

struct Page {
  std::uint32_t number = 1;  // from 1
  std::uint32_t limit = 20;  // 1 ... 100
};
/// The end of a page: the next page begins after it (newest first).
struct Cursor {
  WallTime created{};
  CallId id{};
};

enum class Direction : std::uint8_t { incoming, outgoing };

struct HistoryQuery {
  UserId user{};  // caller or callee (R-001-70)
  Page page{};
  std::optional<Cursor> after{};  // instead of page.number
  std::optional<call::CallType> media{};
  std::optional<call::Status> status{};
  std::optional<Direction> direction{};
  std::optional<WallTime> from{}, to{};  // by createdAt; from inclusive, to exclusive
};
/// Newest first by (createdAt, id). `total` counts all matching calls, on every page.
struct HistoryPage {
  std::vector<StoredCall> calls{};
  std::uint64_t total = 0;
};
/// The active call of a conversation, else its latest, for a user who must be in the conversation (J-5.1).
struct ConversationCall {
  enum class Reader : std::uint8_t { member, stranger };
  Reader reader = Reader::stranger;
  std::optional<StoredCall> call{};  // none: the conversation has had no call, or the reader is a stranger
};
struct AttemptEntry {
  Attempt attempt{};
  account::Person caller{}, callee{};
};

/// R-001-76, SPEC 2.8.16: by createdAt; missedCalls in both roles; sums ignore calls without a duration.
struct Statistics {
  std::uint64_t total_calls = 0, missed_calls = 0, rejected_calls = 0, incoming = 0, outgoing = 0, audio_calls = 0,
                video_calls = 0;
  std::uint64_t total_duration = 0;       // seconds
  std::uint64_t calls_with_duration = 0;  // averageDuration = total_duration / this
  friend bool operator==(const Statistics&, const Statistics&) = default;
};
/// The same for one UTC day, such as "2026-11-21".
struct DayStatistics {
  std::string day{};
  Statistics statistics{};
};

struct AuditEntry {
  std::uint64_t seq = 0;
  std::optional<CallId> call{};  // none: a refused stranger (refused_stranger.hpp), outside of every call's chain
  std::uint64_t call_seq = 0;
  AuditRecord record{};
};
struct AuditQuery {
  std::optional<CallId> call{};
  std::optional<UserId> user{};  // calls of this user, and what this user was refused
  std::optional<WallTime> from{}, to{};
  std::uint64_t after_seq = 0;
  std::uint32_t limit = 100;
};

/// Table `quality_samples`: callId, userId, ts, direction, rttMs, packetLoss, jitterMs, mos, bitrateKbps, resolution, fps,
/// candidateType. Absent numbers are NULL.
struct QualitySample {
  WallTime at{};
  std::string direction{}, resolution{}, candidate_type{};
  std::optional<double> rtt_ms{}, packet_loss{}, jitter_ms{}, mos{}, bitrate_kbps{}, fps{};
  friend bool operator==(const QualitySample&, const QualitySample&) = default;
};
struct QualityEntry {
  UserId user{};
  QualitySample sample{};
};
/// Oldest first by ts. `total` counts all samples of the call, on every page.
struct QualityPage {
  std::vector<QualityEntry> entries{};
  std::uint64_t total = 0;
};
/// How many samples one participant may store for one call: half an hour of one per second. The one writer that commits calls
/// also sums each report with all samples before it, so their number must be bounded.
inline constexpr std::size_t kMaxSamplesPerUser = 2'000;

/// The violations of I-1, I-3, I-4, I-6 (newest records), I-7 and I-8 that the database can show; the running server checks the
/// rest.
struct Violation {
  std::string invariant{};  // "I-4"
  std::optional<CallId> call{};
  std::string what{};
};

class CallArchive {
 public:
  virtual ~CallArchive() = default;
  virtual void history(HistoryQuery query, Done<Expected<HistoryPage, Unavailable>> done) = 0;
  virtual void attempts(UserId user, Page page, Done<Expected<std::vector<AttemptEntry>, Unavailable>> done) = 0;
  /// The user's active calls. With `ended_since` also the calls that ended at or after that time, and those whose end waits for
  /// the user in the outbox: what a returning session may have missed.
  virtual void current(UserId user, std::optional<WallTime> ended_since,
                       Done<Expected<std::vector<StoredCall>, Unavailable>> done) = 0;
  virtual void call_in(ConversationId conversation, UserId reader, Done<Expected<ConversationCall, Unavailable>> done) = 0;
  virtual void statistics(UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                          Done<Expected<Statistics, Unavailable>> done) = 0;
  virtual void statistics_by_day(UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                                 Done<Expected<std::vector<DayStatistics>, Unavailable>> done) = 0;
  virtual void audit(AuditQuery query, Done<Expected<std::vector<AuditEntry>, Unavailable>> done) = 0;
  /// Stores as many samples as fit under kMaxSamplesPerUser and rewrites the call's qualityMetrics: {avgLatency, packetLoss,
  /// jitter, resolution, mos?, samples}. Returns how many it stored.
  virtual void add_quality(CallId call, UserId user, std::vector<QualitySample> samples,
                           Done<Expected<std::size_t, Unavailable>> done) = 0;
  virtual void quality(CallId call, Page page, Done<Expected<QualityPage, Unavailable>> done) = 0;
  /// Finished calls that have samples, newest first: for the administrators' usage and quality view (R-002-26).
  virtual void recent_quality(Page page, Done<Expected<std::vector<StoredCall>, Unavailable>> done) = 0;
  /// Deletes refused starts, refused strangers, and samples of calls, older than `before`, at most `most` of each, because other
  /// writes wait meanwhile. Calls and their audit stay: the hash chain must not lose a record.
  virtual void forget_before(WallTime before, std::size_t most) = 0;
  virtual void violations(WallTime now, Done<Expected<std::vector<Violation>, Unavailable>> done) = 0;
};

}  // namespace belfry::store
