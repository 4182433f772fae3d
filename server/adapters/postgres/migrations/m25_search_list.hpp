// Migration 25: fewer entries wait to get into the search index (SPEC R-004-72). Frozen: a step that databases have taken never
// changes; what is new is a migration of its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// In kB. A new message's entries wait in a list, which each question of a search reads from its beginning to its end: with the
// default of 4 MB, the terms of ten thousand messages. Without the list each message would pay for its own entries at once.
inline constexpr std::string_view kSearchList = R"sql(
ALTER INDEX messages_search SET (gin_pending_list_limit = 512);
)sql";

}  // namespace belfry::postgres
