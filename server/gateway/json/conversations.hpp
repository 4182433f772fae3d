// Conversations as JSON (SPEC J-1.2), the same for REST and sockets.
#pragma once

#include <string>

#include "store/conversation_store.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

void append_conversation(json::Writer& json, const store::StoredConversation& stored);
[[nodiscard]] std::string conversation_json(const store::StoredConversation& stored);

}  // namespace belfry::gateway
