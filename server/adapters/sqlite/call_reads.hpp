// The queries of CallStore.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "store/call_archive.hpp"

namespace belfry::sqlite {

/// Reads the rows of sql::select_stored_calls().
[[nodiscard]] std::vector<store::StoredCall> stored_calls(Use& use);
[[nodiscard]] std::optional<store::StoredCall> find_call(Connection& connection, const store::CallId& id);
[[nodiscard]] std::vector<store::StoredCall> find_active(Connection& connection, std::size_t limit);
[[nodiscard]] std::optional<store::CallId> active_call_in(Connection& connection, const store::ConversationId& conversation);
[[nodiscard]] store::ConversationCall call_in_conversation(Connection& connection, const store::ConversationId& conversation,
                                                           const store::UserId& reader);
[[nodiscard]] std::vector<store::CallId> find_overdue(Connection& connection, WallTime now, std::size_t limit);

}  // namespace belfry::sqlite
