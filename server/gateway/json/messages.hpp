// Messages as JSON (SPEC K31 to K44), the same for REST and sockets, and what a refusal about them answers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "app/chat/chat.hpp"
#include "app/direct_messages/direct_messages.hpp"
#include "domain/chat/text.hpp"
#include "gateway/json/errors.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

/// The members that a message has in every form, into an open object (chat_messages.hpp is the other form).
void append_common_members(json::Writer& json, const chat::Message& message);
void append_message(json::Writer& json, const chat::Message& message);
/// messageType, content and metadata of the entry of a call, as clients of seed 001 read it (SPEC W-001-11), into an open object.
/// Of any other message nothing.
void append_call_entry(json::Writer& json, const chat::Message& message);
[[nodiscard]] std::string message_json(const chat::Message& message);
/// {messages, hasMore, lastSeq}
[[nodiscard]] std::string messages_json(const store::MessagePage& page);
/// {conversationId, readUpToSeq, deliveredUpToSeq, unreadCount}
[[nodiscard]] std::string receipt_json(const chat::ConversationId& conversation, const store::MovedReceipt& moved);
/// {conversationId, typing}
[[nodiscard]] std::string typing_json(const chat::ConversationId& conversation, chat::TypingChanged::State state);
/// {total, conversations}
[[nodiscard]] std::string unread_json(const std::vector<store::UnreadCount>& counts);

[[nodiscard]] Failure failure_of(const chat::Refused& refused);
/// `max_picture`: bytes that a picture may have.
[[nodiscard]] Failure failure_of(const direct_messages::Refused& refused, std::size_t max_picture);
/// error.details: the word for it.
[[nodiscard]] std::string_view issue_of(chat::TextFault fault);

}  // namespace belfry::gateway
