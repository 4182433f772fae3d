// The hash chain of a call's audit (SPEC I-6, R-001-61). Each record's hash covers the previous hash, so changing, dropping or
// adding a record makes every later hash wrong.
#pragma once

#include "store/call_store.hpp"

namespace belfry::store {

/// SHA-256 over the previous hash, call id, callSeq, time, type, actor, device and payload, each with its length.
[[nodiscard]] AuditHash audit_hash(const AuditHash& previous, const CallId& call, std::uint64_t call_seq,
                                   const AuditRecord& record);

}  // namespace belfry::store
