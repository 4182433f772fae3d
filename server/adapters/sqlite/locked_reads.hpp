// What a change in a conversation depends on. Nothing is locked for it: there is one writer. nullopt: the user is no member.
#pragma once

#include <optional>

#include "adapters/sql/message_port.hpp"
#include "adapters/sqlite/connection.hpp"

namespace belfry::sqlite {

[[nodiscard]] std::optional<sql::Standing> lock_for_change(Connection& connection, const store::ConversationId& conversation,
                                                           const store::UserId& user);
[[nodiscard]] std::optional<sql::SendingFacts> lock_for_sending(Connection& connection, const chat::NewMessage& request);
[[nodiscard]] std::optional<sql::ReceiptFacts> lock_for_receipt(Connection& connection, const store::ReceiptMove& move);

}  // namespace belfry::sqlite
