#include "gateway/json/chat_messages.hpp"

#include "base/uuid.hpp"
#include "gateway/json/files.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/json/messages.hpp"

namespace belfry::gateway {

void append_chat_message(json::Writer& json, const chat::Message& message, const chat::MemberPointers& receiver) {
  const WallTime updated = message.deleted.value_or(message.edited.value_or(message.created));
  append_common_members(json.open_object(), message);
  json.member("_id", to_text(message.id.value()))
      .member("sender", to_text(message.sender.value()))
      .member("receiver", to_text(receiver.user.value()))
      .member_or_null("image", image_url(message.attachments))
      .member("timestamp", iso_text(message.created))
      .member("updatedAt", iso_text(updated))
      .member("read", receiver.reached.read >= message.seq)
      .member("delivered", receiver.reached.delivered >= message.seq)
      .close_object();
}

std::string chat_message_json(const chat::Message& message, const chat::MemberPointers& receiver) {
  std::string text;
  json::Writer json(text);
  append_chat_message(json, message, receiver);
  return text;
}

}  // namespace belfry::gateway
