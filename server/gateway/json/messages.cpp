#include "gateway/json/messages.hpp"

#include "base/check.hpp"
#include "base/uuid.hpp"
#include "gateway/json/conversations.hpp"
#include "gateway/json/files.hpp"
#include "gateway/json/iso_time.hpp"

namespace belfry::gateway {
namespace {

Failure failure_of_store(store::MessageFault fault) {
  switch (fault) {
    case store::MessageFault::not_participant:
      return {.error = ApiError::not_in_conversation};
    case store::MessageFault::not_found:
      return {.error = ApiError::not_found, .message = "Message not found"};
    case store::MessageFault::forbidden:
      return {.error = ApiError::forbidden};
    case store::MessageFault::blocked:
      return {.error = ApiError::forbidden, .message = "You cannot message this user"};  // K45
    case store::MessageFault::wrong_reply:
      return bad_field("replyTo", "invalid");
    case store::MessageFault::wrong_attachment:
      return bad_field("attachments", "invalid");
    case store::MessageFault::wrong_position:
      return bad_field("before", "invalid");
    case store::MessageFault::client_id_taken:
      return {.error = ApiError::idempotency_conflict, .message = "This clientMessageId was used for another message"};
    case store::MessageFault::unavailable:
      return store_unavailable();
  }
  CHECK(false, "a fault of a message without its code");
}

void append_call_summary(json::Writer& json, const std::optional<chat::CallSummary>& call) {
  if (!call) {
    json.null();
    return;
  }
  json.open_object()
      .member("id", to_text(call->id))
      .member("callType", to_text(call->media))
      .member("status", to_text(call->status))
      .member_or_null("endReason", call->reason ? to_text(*call->reason) : std::string_view{})
      .member_or_null("duration", duration_seconds(*call))
      .member_or_null("startedAt", iso_text(call->started))
      .member_or_null("endedAt", iso_text(call->ended))
      .close_object();
}

/// Of a call that ended. `missed` is every one that nobody answered, as `status` of the call is.
std::string_view seed_001_word_of(call::Status status) {
  switch (status) {
    case call::Status::missed:
      return "missed";
    case call::Status::rejected:
      return "rejected";
    case call::Status::ended:
      return "completed";
    case call::Status::calling:
    case call::Status::connected:
      break;
  }
  CHECK(false, "an entry of a call that goes on");
}

}  // namespace

void append_common_members(json::Writer& json, const chat::Message& message) {
  json.member("id", to_text(message.id.value()))
      .member("conversationId", to_text(message.conversation.value()))
      .member("seq", static_cast<std::int64_t>(message.seq))
      .member("clientMessageId", message.client_id)
      .member("kind", to_text(message.kind))
      .member("text", message.text)
      .key("attachments");
  append_files(json, message.attachments);
  json.member_or_null("callId", message.call ? to_text(message.call->id) : std::string{})
      .member_or_null("replyTo", message.reply_to ? to_text(message.reply_to->value()) : std::string{})
      .member("createdAt", iso_text(message.created))
      .member_or_null("editedAt", iso_text(message.edited))
      .member_or_null("deletedAt", iso_text(message.deleted));
}

void append_message(json::Writer& json, const chat::Message& message) {
  append_common_members(json.open_object(), message);
  json.member("senderId", to_text(message.sender.value())).key("call");
  append_call_summary(json, message.call);
  append_call_entry(json, message);
  json.close_object();
}

void append_call_entry(json::Writer& json, const chat::Message& message) {
  if (!message.call) return;
  json.member("messageType", "call")
      .member("content", message.text)
      .key("metadata")
      .open_object()
      .member("callId", to_text(message.call->id))
      .member("callType", to_text(message.call->media))
      .member("callStatus", seed_001_word_of(message.call->status))
      .member("callDuration", duration_seconds(*message.call).value_or(0))
      .close_object();
}

std::string message_json(const chat::Message& message) {
  std::string text;
  json::Writer json(text);
  append_message(json, message);
  return text;
}

std::string messages_json(const store::MessagePage& page) {
  std::string text;
  json::Writer json(text);
  json.open_object().key("messages").open_array();
  for (const chat::Message& each : page.messages) append_message(json, each);
  json.close_array().member("hasMore", page.more).member("lastSeq", static_cast<std::int64_t>(page.last_seq)).close_object();
  return text;
}

std::string receipt_json(const chat::ConversationId& conversation, const store::MovedReceipt& moved) {
  std::string text;
  json::Writer json(text);
  json.open_object()
      .member("conversationId", to_text(conversation.value()))
      .member("readUpToSeq", static_cast<std::int64_t>(moved.now.read))
      .member("deliveredUpToSeq", static_cast<std::int64_t>(moved.now.delivered))
      .member("unreadCount", static_cast<std::int64_t>(moved.unread))
      .close_object();
  return text;
}

std::string typing_json(const chat::ConversationId& conversation, chat::TypingChanged::State state) {
  std::string text;
  json::Writer json(text);
  json.open_object()
      .member("conversationId", to_text(conversation.value()))
      .member("typing", state == chat::TypingChanged::State::types)
      .close_object();
  return text;
}

std::string unread_json(const std::vector<store::UnreadCount>& counts) {
  std::int64_t total = 0;
  for (const auto& each : counts) total += static_cast<std::int64_t>(each.count);
  std::string text;
  json::Writer json(text);
  json.open_object().member("total", total).key("conversations").open_array();
  for (const auto& [conversation, count] : counts)
    json.open_object()
        .member("conversationId", to_text(conversation.value()))
        .member("unreadCount", static_cast<std::int64_t>(count))
        .close_object();
  json.close_array().close_object();
  return text;
}

Failure failure_of(const chat::Refused& refused) {
  if (const auto* fault = std::get_if<store::MessageFault>(&refused)) return failure_of_store(*fault);
  const auto& status = std::get<limits::RateLimitStatus>(refused);
  return {.error = ApiError::rate_limited, .retry_after = status.wait.value_or(status.reset)};
}

Failure failure_of(const direct_messages::Refused& refused, std::size_t max_picture) {
  if (const auto* fault = std::get_if<store::ConversationFault>(&refused)) return failure_of(*fault);
  if (const auto* picture = std::get_if<files::Refused>(&refused)) return failure_of_image(*picture, max_picture);
  return failure_of(std::get<chat::Refused>(refused));
}

std::string_view issue_of(chat::TextFault fault) {
  switch (fault) {
    case chat::TextFault::blank:
      return "required";
    case chat::TextFault::too_long:
      return "too_long";
    case chat::TextFault::malformed:
      return "invalid";
  }
  CHECK(false, "a fault of a text without its word");
}

}  // namespace belfry::gateway
