// In which roles people have calls, and where the calls of each role are found: each has an index in the order of the answer, so
// a history is the merge of three. In a call of two, the row of the call names both; the others of a group call are found by
// call_participants.groupCallAt, which stands at their legs alone and repeats the call's createdAt.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "store/call_archive.hpp"

namespace belfry::sql {

struct HistoryRole {
  store::Direction direction{};
  std::string_view from{};                        // gives the call as `c`
  std::string_view user{}, created{}, call_id{};  // as the role's index has them
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

/// Ids of what CallArchive::current() may answer. Parameters: the user, since when, whether also ended ones are wanted. `mark` is
/// how the database spells the first of its parameters without the number: '?' or '$'.
[[nodiscard]] std::string current_ids(char mark);
/// status, callType, duration, createdAt, incoming (0 or 1) of all calls of a user in a period. Parameters: user, from, to.
[[nodiscard]] std::string statistics_rows(char mark);

}  // namespace belfry::sql
