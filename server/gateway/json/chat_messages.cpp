#include "gateway/json/chat_messages.hpp"

#include "app/files/data_url.hpp"
#include "base/uuid.hpp"
#include "gateway/json/files.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/json/messages.hpp"
#include "wire/media/sniff.hpp"

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

bool is_data_url(std::string_view image) { return image.starts_with("data:"); }

bool is_repeat_with_picture(const chat::Message& stored, std::string_view text, std::string_view data_url) {
  const auto picture = files::read_data_url(data_url);
  if (!picture || !chat::is_repeat_of(stored, {.text = std::string(text), .picture_size = picture->bytes.size()})) return false;
  return stored.deleted || stored.attachments.front().mime == media::mime_of(media::sniff(picture->bytes));
}

}  // namespace belfry::gateway
