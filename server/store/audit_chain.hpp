// The hash chain of a call's audit (SPEC I-6, R-001-61): each record's hash covers the one before it, so that no line can be
// changed, dropped or added unnoticed: every later hash would be wrong.
#pragma once

#include "store/call_store.hpp"

namespace belfry::store {

/// SHA-256 over the previous hash, call id, callSeq, time, type, actor, device and payload, each with its length.
[[nodiscard]] AuditHash audit_hash(const AuditHash& previous, const CallId& call, std::uint64_t call_seq,
                                   const AuditRecord& record);

}  // namespace belfry::store
