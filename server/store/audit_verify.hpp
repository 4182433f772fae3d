// Checks that the audit of a call is unchanged (I-6, I-7, R-001-61), for `belfry audit verify` and the invariants.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/expected.hpp"
#include "store/audit_chain.hpp"
#include "store/call_archive.hpp"

namespace belfry::store {

struct AuditFault {
  enum class Kind : std::uint8_t { gap, broken_link, changed_record, cut_off };
  Kind kind = Kind::gap;
  std::uint64_t call_seq = 0;  // of the first wrong record
  friend bool operator==(const AuditFault&, const AuditFault&) = default;
};
[[nodiscard]] std::string_view to_text(AuditFault::Kind kind);

/// The end of a chain read so far; checks whether the next record continues it. A call row inserted by hand has no first record:
/// its chain begins with the second.
class AuditChainEnd {
 public:
  /// `entry` is about a call.
  [[nodiscard]] Expected<void, AuditFault> add(const AuditEntry& entry);
  [[nodiscard]] const AuditHash& tip() const { return tip_; }
  [[nodiscard]] std::uint64_t call_seq() const { return call_seq_; }

 private:
  AuditHash tip_{};
  std::uint64_t call_seq_ = 0;
};

/// The chains of many calls at once. The archive pages records of all calls mixed, by seq. Reports only the first fault of each
/// call.
class AuditVerifier {
 public:
  [[nodiscard]] Expected<void, AuditFault> add(const AuditEntry& entry);
  [[nodiscard]] std::size_t calls() const { return ends_.size(); }
  /// The hash that the call's row must hold as its newest record; nullopt: the call has no records.
  [[nodiscard]] std::optional<AuditHash> tip(const CallId& call) const;

 private:
  struct Chain {
    AuditChainEnd end{};
    bool broken = false;
  };
  std::unordered_map<CallId, Chain, UuidHash> ends_;
};

/// `entries`: all of one call, by callSeq. With `tip`, the last record must be the one the call itself remembers.
[[nodiscard]] Expected<void, AuditFault> verify_audit(const std::vector<AuditEntry>& entries,
                                                      const std::optional<AuditHash>& tip = std::nullopt);

/// Checks I-6 and I-7 of one call and appends the violations, if any.
void judge_audit(const CallId& call, std::uint64_t version, const AuditHash& tip, const std::vector<AuditEntry>& entries,
                 std::vector<Violation>& all);

}  // namespace belfry::store
