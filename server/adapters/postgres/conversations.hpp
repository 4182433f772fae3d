// The rows of conversations, members and blocks: reads and changes, each inside the caller's transaction. The order of a change
// is in adapters/sql/conversation_port.hpp.
#pragma once

#include <optional>
#include <vector>

#include "adapters/postgres/connection.hpp"
#include "store/conversation_store.hpp"

namespace belfry::postgres {

using store::ConversationId;
using store::UserId;

[[nodiscard]] bool all_users_exist(Connection& connection, const std::vector<UserId>& users);
[[nodiscard]] std::optional<ConversationId> direct_conversation(Connection& connection, const conversation::Pair& pair);
/// Of this user with each of the others, where there is one.
[[nodiscard]] std::vector<store::StoredConversation> direct_conversations(Connection& connection, const UserId& user,
                                                                          const std::vector<UserId>& others);
/// False: there is one of that id or pair.
[[nodiscard]] bool insert_conversation(Connection& connection, const store::Conversation& made, const conversation::Pair& pair);

[[nodiscard]] bool is_member(Connection& connection, const ConversationId& id, const UserId& user);
/// Holds off other changes of it, from the next read on until the transaction ends.
void lock_conversation(Connection& connection, const ConversationId& id);
[[nodiscard]] std::optional<store::StoredConversation> stored_conversation(Connection& connection, const ConversationId& id);
[[nodiscard]] store::ConversationPage page_of_conversations(Connection& connection, const store::ConversationQuery& query);

/// Also of users who were in before: their membership begins anew.
void put_members(Connection& connection, const ConversationId& id, const std::vector<conversation::Member>& members);
void update_member(Connection& connection, const ConversationId& id, const conversation::Member& member);
void mark_left(Connection& connection, const ConversationId& id, const std::vector<UserId>& users, WallTime at);
void update_details(Connection& connection, const store::Conversation& now);
void delete_conversation(Connection& connection, const ConversationId& id);

void put_block(Connection& connection, const UserId& user, const UserId& blocked, WallTime now);
void remove_block(Connection& connection, const UserId& user, const UserId& blocked);
/// In the order of `others`.
[[nodiscard]] std::vector<UserId> find_blocked(Connection& connection, const UserId& user, const std::vector<UserId>& others);
/// Whom the user blocks, sorted by id.
[[nodiscard]] std::vector<UserId> find_blocked_by(Connection& connection, const UserId& user, const std::vector<UserId>& others);
[[nodiscard]] std::vector<UserId> find_blocks(Connection& connection, const UserId& user);

}  // namespace belfry::postgres
