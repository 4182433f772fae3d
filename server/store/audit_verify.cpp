#include "store/audit_verify.hpp"

namespace belfry::store {

std::string_view to_text(AuditFault::Kind kind) {
  switch (kind) {
    case AuditFault::Kind::gap:
      return "a record is missing";
    case AuditFault::Kind::broken_link:
      return "a record does not follow the one before it";
    case AuditFault::Kind::changed_record:
      return "a record was changed";
    case AuditFault::Kind::cut_off:
      return "the newest records are missing";
  }
  return "";
}

std::optional<AuditFault> verify_audit(const std::vector<AuditEntry>& entries, const std::optional<AuditHash>& tip) {
  AuditHash previous{};
  std::uint64_t seq = !entries.empty() && entries.front().call_seq == 2 ? 1 : 0;
  for (const auto& entry : entries) {
    if (entry.call_seq != ++seq) return AuditFault{AuditFault::Kind::gap, seq};
    if (entry.record.previous != previous) return AuditFault{AuditFault::Kind::broken_link, seq};
    if (audit_hash(previous, entry.call, entry.call_seq, entry.record) != entry.record.hash)
      return AuditFault{AuditFault::Kind::changed_record, seq};
    previous = entry.record.hash;
  }
  if (tip && *tip != previous) return AuditFault{AuditFault::Kind::cut_off, seq + 1};
  return std::nullopt;
}

void judge_audit(const CallId& call, std::uint64_t version, const AuditHash& tip, const std::vector<AuditEntry>& entries,
                 std::vector<Violation>& all) {
  if (const auto fault = verify_audit(entries, tip)) {
    const bool gap = fault->kind == AuditFault::Kind::gap;
    all.push_back({.invariant = gap ? "I-7" : "I-6", .call = call, .what = std::string(to_text(fault->kind))});
  } else if (!entries.empty() && entries.back().call_seq != version) {
    all.push_back({.invariant = "I-7", .call = call, .what = "the call's version is not its newest record's"});
  }
}

}  // namespace belfry::store
