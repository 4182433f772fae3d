#include "adapters/sql/violations.hpp"

#include "adapters/sql/ringing_calls.hpp"

namespace belfry::sql {
namespace {

constexpr std::string_view kTwoActive =
    R"(SELECT min("id") FROM ()"
    R"(SELECT "id", "callerId" AS "userId" FROM calls WHERE "status" IN ('calling', 'connected') AND "recipientId" IS NOT NULL )"
    R"(UNION ALL )"
    R"(SELECT "id", "recipientId" FROM calls WHERE "status" IN ('calling', 'connected') AND "recipientId" IS NOT NULL UNION ALL )"
    R"(SELECT c."id", p."userId" FROM calls c JOIN call_participants p ON p."callId" = c."id" )"
    R"(WHERE c."status" IN ('calling', 'connected') AND c."recipientId" IS NULL AND p."state" IN ('joined', 'suspended')) held )"
    R"(GROUP BY "userId" HAVING count(*) > 1)";
constexpr std::string_view kStaleSlot = R"(SELECT s."callId" FROM user_call_slots s LEFT JOIN calls c ON c."id" = s."callId" )"
                                        R"(WHERE c."id" IS NULL OR c."status" NOT IN ('calling', 'connected'))";
/// In a group call, some people may still ring or have left. The status is named twice for the index, as in kIsRinging.
constexpr std::string_view kConnectedLegs =
    R"(SELECT c."id" FROM calls c WHERE c."status" IN ('calling', 'connected') AND c."status" = 'connected' )"
    R"(AND c."recipientId" IS NOT NULL AND EXISTS )"
    R"((SELECT 1 FROM call_participants p WHERE p."callId" = c."id" AND p."state" NOT IN ('joined', 'suspended')))";
/// Only the newest thousands: a defect shows there too, and the table may have millions of rows.
constexpr std::string_view kFinalLegs =
    R"(SELECT c."id" FROM (SELECT "id", "status" FROM calls ORDER BY "id" DESC LIMIT 5000) c )"
    R"(WHERE c."status" NOT IN ('calling', 'connected') AND EXISTS )"
    R"((SELECT 1 FROM call_participants p WHERE p."callId" = c."id" )"
    R"(AND p."state" IN ('invited', 'notified', 'ringing', 'joined', 'suspended')))";

/// I-3 allows two seconds more.
std::string too_long(std::string_view mark) {
  return std::string(R"(SELECT "id" FROM calls WHERE )")
      .append(kIsRinging)
      .append(" AND ")
      .append(ring_deadline())
      .append(" + 2000 < ")
      .append(mark);
}

}  // namespace

std::vector<ViolationCheck> violation_checks(std::string_view mark) {
  return {
      {.invariant = "I-1", .what = "a user of this call has another active one", .sql = std::string(kTwoActive)},
      {.invariant = "I-3", .what = "the call rings past its time", .sql = too_long(mark), .asks_time = true},
      {.invariant = "I-4", .what = "a call which is not active holds a slot", .sql = std::string(kStaleSlot)},
      {.invariant = "I-8", .what = "a participant of a connected call is not in it", .sql = std::string(kConnectedLegs)},
      {.invariant = "I-8", .what = "a participant of a finished call is still in it", .sql = std::string(kFinalLegs)},
  };
}

}  // namespace belfry::sql
