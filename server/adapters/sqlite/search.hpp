// What a full-text search asks of SQLite (adapters/sql/search.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "adapters/sql/message_port.hpp"
#include "adapters/sqlite/connection.hpp"

namespace belfry::sqlite {

[[nodiscard]] std::vector<sql::ReadablePart> readable_parts(Connection& connection, const store::UserId& reader,
                                                            const std::vector<store::ConversationId>& conversations);
void read_ahead(Connection& connection, const std::vector<sql::ConversationTail*>& tails);
[[nodiscard]] std::string text_of(Connection& connection, const sql::MessageAhead& message);
[[nodiscard]] std::vector<store::Message> messages_numbered(Connection& connection, const std::vector<std::int64_t>& numbers);
void each_in_index(Connection& connection, const std::vector<sql::ReadablePart>& parts, const std::vector<std::string>& asked,
                   std::size_t limit, const std::function<bool(sql::MessageAhead)>& take);
[[nodiscard]] sql::SearchCosts search_costs(const Connection& connection);

}  // namespace belfry::sqlite
