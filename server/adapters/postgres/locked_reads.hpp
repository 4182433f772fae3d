// What a change in a conversation depends on, read in one round trip, after the lock that it begins with. Whoever is no member
// locks nothing (J-1.4) and gets nullopt. Until the transaction ends, nobody else writes a message of the conversation, or
// changes its members.
#pragma once

#include <optional>

#include "adapters/postgres/connection.hpp"
#include "adapters/sql/message_port.hpp"

namespace belfry::postgres {

[[nodiscard]] std::optional<sql::Standing> lock_for_change(Connection& connection, const store::ConversationId& conversation,
                                                           const store::UserId& user);
[[nodiscard]] std::optional<sql::SendingFacts> lock_for_sending(Connection& connection, const chat::NewMessage& request);
[[nodiscard]] std::optional<sql::ReceiptFacts> lock_for_receipt(Connection& connection, const store::ReceiptMove& move);

}  // namespace belfry::postgres
