// A message as seed 004's client reads it (SPEC K8): a direct conversation seen as its sender and its receiver. The routes under
// /message, the sidebar of /user/getusers and the chat dialect write it.
#pragma once

#include <string>

#include "domain/chat/message.hpp"
#include "domain/chat/receipts.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

/// `receiver`: the side of the conversation that did not send it. `read` and `delivered` are what their pointers say.
void append_chat_message(json::Writer& json, const chat::Message& message, const chat::MemberPointers& receiver);
[[nodiscard]] std::string chat_message_json(const chat::Message& message, const chat::MemberPointers& receiver);

}  // namespace belfry::gateway
