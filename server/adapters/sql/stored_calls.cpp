#include "adapters/sql/stored_calls.hpp"

namespace belfry::sql {
namespace {

/// A call inserted by hand may have no participants; then the caller and recipient of its row replace them.
constexpr std::string_view kColumns =
    R"(SELECT c."id", coalesce(p."userId", u."id"), p."state", p."sessionId", p."deviceId", p."invitedAt", p."ringingAt", )"
    R"(p."joinedAt", p."leftAt", p."awaySince", p."awayUntil", p."awayByRestart", p."mediaAlive", p."silent", u."username", u."avatar", )"
    R"(c."callerId", c."recipientId", c."dialect", c."createdAt", c."version", c."callType", c."status", )"
    R"(c."endReason", c."endedBy", c."endedSession", c."ringPolicy", c."announced", c."ringTimeoutSec", c."updatedAt", )"
    R"(c."ringExpiresAt", c."firstRingAt", c."startedAt", c."endedAt", c."answerHeard", c."offer", c."answer", c."metadata", )"
    R"(c."auditTip", c."qualityMetrics", c."conversationId", c."provider", c."ringMode" FROM ()";
constexpr std::string_view kPeople =
    R"() c LEFT JOIN call_participants p ON p."callId" = c."id" )"
    R"(LEFT JOIN users u ON u."id" = p."userId" OR (p."userId" IS NULL AND u."id" IN (c."callerId", c."recipientId")) )";
/// The last two keys sort legs as in store::CallRow.
constexpr std::string_view kOldestFirst =
    R"(ORDER BY c."createdAt", c."id", coalesce(p."userId", u."id") <> c."callerId", coalesce(p."userId", u."id"))";
constexpr std::string_view kNewestFirst =
    R"(ORDER BY c."createdAt" DESC, c."id" DESC, coalesce(p."userId", u."id") <> c."callerId", coalesce(p."userId", u."id"))";

void add_bare_leg(store::StoredCall& call, std::size_t place, const account::UserId& user) {
  const auto at = static_cast<std::ptrdiff_t>(place);
  call.row.legs.insert(call.row.legs.begin() + at, bare_leg(call.row, user));
  call.people.insert(call.people.begin() + at, account::Person{.id = user, .username = {}, .avatar = {}});
}

/// Adds legs for the caller and recipient of the call's row if they have no participant rows.
void complete(store::StoredCall& call) {
  if (find_leg(call.row, call.row.caller) == nullptr) add_bare_leg(call, 0, call.row.caller);
  if (call.row.callee && find_leg(call.row, *call.row.callee) == nullptr)
    add_bare_leg(call, call.row.legs.size(), *call.row.callee);
}

}  // namespace

std::string select_stored_calls(std::string_view which, Order order) {
  return std::string(kColumns).append(which).append(kPeople).append(order == Order::oldest_first ? kOldestFirst : kNewestFirst);
}

std::vector<store::StoredCall> StoredCalls::all() && {
  for (auto& call : calls_) complete(call);
  return std::move(calls_);
}

}  // namespace belfry::sql
