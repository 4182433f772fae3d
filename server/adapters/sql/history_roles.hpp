// The roles in which a user has calls, and where the calls of each role are found. Each role has an index in the order of the
// answer, so a history merges three of them. In a two-person call the row of the call names both users. Other callees of a group
// call are found by call_participants.groupCallAt, which is set on their legs only and repeats the call's createdAt.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "store/call_archive.hpp"

namespace belfry::sql {

struct HistoryRole {
  store::Direction direction{};
  std::string_view from{};                        // a FROM clause in which the call is `c`
  std::string_view user{}, created{}, call_id{};  // the columns of the role's index
};

inline constexpr std::array kHistoryRoles = {
    HistoryRole{.direction = store::Direction::outgoing,
                .from = "calls c",
                .user = R"(c."callerId")",
                .created = R"(c."createdAt")",
                .call_id = R"(c."id")"},
    HistoryRole{.direction = store::Direction::incoming,
                .from = "calls c",
                .user = R"(c."recipientId")",
                .created = R"(c."createdAt")",
                .call_id = R"(c."id")"},
    HistoryRole{.direction = store::Direction::incoming,
                .from = R"(call_participants g JOIN calls c ON c."id" = g."callId")",
                .user = R"(g."userId")",
                .created = R"(g."groupCallAt")",
                .call_id = R"(g."callId")"},
};

[[nodiscard]] std::optional<WallTime> group_call_at(const store::CallRow& row, const store::Leg& leg);

/// Selects ids of the calls that CallArchive::current() may return. Parameters: the user, the time since when, whether to include
/// ended calls. `mark` is the database's parameter sign: '?' or '$'.
[[nodiscard]] std::string current_ids(char mark);
/// Selects status, callType, duration, createdAt and incoming (0 or 1) of all calls of a user in a period. Parameters: user,
/// from, to.
[[nodiscard]] std::string statistics_rows(char mark);

}  // namespace belfry::sql
