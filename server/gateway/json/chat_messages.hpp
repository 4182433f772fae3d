// A message as seed 004's client reads it (SPEC K8): a direct conversation seen as its sender and its receiver. The routes under
// /message, the sidebar of /user/getusers and the chat dialect write it.
#pragma once

#include <string>
#include <string_view>

#include "domain/chat/message.hpp"
#include "domain/chat/receipts.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

/// `receiver`: the side of the conversation that did not send it. `read` and `delivered` are what their pointers say.
void append_chat_message(json::Writer& json, const chat::Message& message, const chat::MemberPointers& receiver);
[[nodiscard]] std::string chat_message_json(const chat::Message& message, const chat::MemberPointers& receiver);

/// Whether a picture comes as its bytes in a URL, which must be stored before the message can be sent.
[[nodiscard]] bool is_data_url(std::string_view image);
/// Whether the stored message is that of this text and picture, sent again (K32). The type and the number of the bytes tell one
/// picture from another; if the message was edited or deleted since, its client id alone decides.
[[nodiscard]] bool is_repeat_with_picture(const chat::Message& stored, std::string_view text, std::string_view data_url);

}  // namespace belfry::gateway
