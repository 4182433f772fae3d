#include "store/audit_verify.hpp"

#include "base/check.hpp"

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
  CHECK(false, "a fault without its words");
}

Expected<void, AuditFault> AuditChainEnd::add(const AuditEntry& entry) {
  CHECK(entry.call.has_value(), "only records of calls are chained");
  if (call_seq_ == 0 && entry.call_seq == 2) call_seq_ = 1;
  const std::uint64_t expected = ++call_seq_;
  if (entry.call_seq != expected) return unexpected(AuditFault{AuditFault::Kind::gap, expected});
  if (entry.record.previous != tip_) return unexpected(AuditFault{AuditFault::Kind::broken_link, expected});
  if (audit_hash(tip_, *entry.call, entry.call_seq, entry.record) != entry.record.hash)
    return unexpected(AuditFault{AuditFault::Kind::changed_record, expected});
  tip_ = entry.record.hash;
  return {};
}

Expected<void, AuditFault> AuditVerifier::add(const AuditEntry& entry) {
  if (!entry.call) return {};
  auto& chain = ends_[*entry.call];
  if (chain.broken) return {};
  auto added = chain.end.add(entry);
  chain.broken = !added;
  return added;
}

std::optional<AuditHash> AuditVerifier::tip(const CallId& call) const {
  const auto found = ends_.find(call);
  return found == ends_.end() ? std::nullopt : std::optional(found->second.end.tip());
}

Expected<void, AuditFault> verify_audit(const std::vector<AuditEntry>& entries, const std::optional<AuditHash>& tip) {
  AuditChainEnd end;
  for (const auto& entry : entries)
    if (auto added = end.add(entry); !added) return added;
  if (tip && *tip != end.tip()) return unexpected(AuditFault{AuditFault::Kind::cut_off, end.call_seq() + 1});
  return {};
}

void judge_audit(const CallId& call, std::uint64_t version, const AuditHash& tip, const std::vector<AuditEntry>& entries,
                 std::vector<Violation>& all) {
  if (const auto holds = verify_audit(entries, tip); !holds) {
    const auto kind = holds.error().kind;
    const bool gap = kind == AuditFault::Kind::gap;
    all.push_back({.invariant = gap ? "I-7" : "I-6", .call = call, .what = std::string(to_text(kind))});
  } else if (!entries.empty() && entries.back().call_seq != version) {
    all.push_back({.invariant = "I-7", .call = call, .what = "the call's version is not its newest record's"});
  }
}

}  // namespace belfry::store
