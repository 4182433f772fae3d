// The rows of messages and receipts, and what stands in the search index: reads and changes, each inside the caller's
// transaction. The order of a change is in adapters/sql/message_port.hpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/connection.hpp"
#include "adapters/sql/message_port.hpp"
#include "store/conversation_store.hpp"

namespace belfry::postgres {

using store::ConversationId;
using store::Message;
using store::MessageId;
using store::UserId;

/// nullopt: they are not in it, or there is none.
[[nodiscard]] std::optional<sql::Standing> standing_of(Connection& connection, const ConversationId& conversation,
                                                       const UserId& user);
// ask_…() and take_…() are the two halves of a read, for those who ask several things in one round trip.
[[nodiscard]] Statement ask_standing(const ConversationId& conversation, const UserId& user);
[[nodiscard]] std::optional<sql::Standing> take_standing(const Rows& rows, const UserId& user);
/// In the order of Conversation::members.
[[nodiscard]] std::vector<UserId> members_of(Connection& connection, const ConversationId& conversation);
/// The members who may read the message of this number (K42).
[[nodiscard]] std::vector<UserId> readers_of(Connection& connection, const ConversationId& conversation, std::uint64_t seq);
/// How far each member has got, in the same order.
[[nodiscard]] std::vector<chat::MemberPointers> pointers_of(Connection& connection, const ConversationId& conversation);
[[nodiscard]] Statement ask_pointers(const ConversationId& conversation);
[[nodiscard]] std::vector<chat::MemberPointers> take_pointers(const Rows& rows);
[[nodiscard]] std::vector<ConversationId> conversations_of(Connection& connection, const UserId& user);

[[nodiscard]] std::optional<Message> find_message(Connection& connection, const ConversationId& conversation,
                                                  const MessageId& id);
[[nodiscard]] std::optional<Message> message_sent_as(Connection& connection, const ConversationId& conversation,
                                                     const UserId& sender, std::string_view client_id);
[[nodiscard]] Statement ask_message(const ConversationId& conversation, const MessageId& id);
[[nodiscard]] Statement ask_sent_as(const ConversationId& conversation, const UserId& sender, std::string_view client_id);
[[nodiscard]] std::optional<Message> take_message(const Rows& rows);
/// From the end of the span at which reading begins.
[[nodiscard]] std::vector<Message> messages_between(Connection& connection, const ConversationId& conversation,
                                                    const sql::MessageSpan& span);
/// Also as the newest of its conversation.
void insert_message(Connection& connection, const Message& message);
[[nodiscard]] std::optional<store::WrittenEntry> entry_of_call(Connection& connection, const store::CallId& call);
/// Its text, and when it was edited or deleted.
void update_message(Connection& connection, const Message& message);

void set_pointers(Connection& connection, const ConversationId& conversation, const UserId& user, const chat::Pointers& now);
/// See sql::unread_count(). `seq` is that of the newest message; the conversation is locked.
void settle_unread(Connection& connection, const ConversationId& conversation, std::uint64_t seq);
/// Whose unread messages this one is among, in no order; and takes it from their kept counts.
[[nodiscard]] std::vector<UserId> unread_by(Connection& connection, const Message& message);
void uncount(Connection& connection, const Message& message);
[[nodiscard]] std::uint64_t unread_in(Connection& connection, const ConversationId& conversation, const UserId& user);
[[nodiscard]] Statement ask_unread(const ConversationId& conversation, const UserId& user);
[[nodiscard]] std::uint64_t take_unread(const Rows& rows);
/// See adapters/sql/unread_tails.hpp.
[[nodiscard]] std::vector<sql::UnreadSpan> unread_spans(Connection& connection, const std::vector<UserId>& users);
[[nodiscard]] std::vector<sql::TailMessage> messages_of(Connection& connection, const std::vector<sql::Tail>& tails);
/// In the order of the users, at least one.
[[nodiscard]] std::vector<store::UserUnread> unread_of(Connection& connection, const std::vector<UserId>& users);

/// What this member sees of their conversations: the newest message, and how many are unread.
void add_overviews(Connection& connection, std::span<store::StoredConversation> conversations, const UserId& reader);

}  // namespace belfry::postgres
