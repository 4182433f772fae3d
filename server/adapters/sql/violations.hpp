// The invariants of SPEC 2.6 as questions to the tables, the same for every SQL database. I-2, I-5 and I-9 cannot be seen here:
// they are asked of the running server.
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
  std::string sql{};       // gives ids of calls
  bool asks_time = false;  // has one parameter: now
};
/// `mark` is how the database spells its first parameter: "?" or "$1".
[[nodiscard]] std::vector<ViolationCheck> violation_checks(std::string_view mark);

/// id, version, auditTip of the calls which the newest records belong to.
inline constexpr std::string_view kNewestAuditedCalls =
    R"(SELECT "id", "version", "auditTip" FROM calls WHERE "id" IN )"
    R"((SELECT "callId" FROM (SELECT "callId" FROM call_audit ORDER BY "seq" DESC LIMIT 1000) newest))";

using store::judge_audit;

}  // namespace belfry::sql
