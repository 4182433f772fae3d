// The invariants of SPEC 2.6 as queries, the same for every SQL database. The tables cannot show I-2, I-5 and I-9; the running
// server checks those.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/audit_verify.hpp"
#include "store/call_archive.hpp"

namespace belfry::sql {

struct ViolationCheck {
  std::string_view invariant{};
  std::string_view what{};
  std::string sql{};       // selects ids of calls
  bool asks_time = false;  // has one parameter: now
};
/// `mark` is the database's spelling of the first parameter: "?" or "$1".
[[nodiscard]] std::vector<ViolationCheck> violation_checks(std::string_view mark);

/// id, version and auditTip of the calls with the newest audit records.
inline constexpr std::string_view kNewestAuditedCalls =
    R"(SELECT "id", "version", "auditTip" FROM calls WHERE "id" IN )"
    R"((SELECT "callId" FROM (SELECT "callId" FROM call_audit WHERE "callId" IS NOT NULL ORDER BY "seq" DESC LIMIT 1000) newest))";

using store::judge_audit;

}  // namespace belfry::sql
