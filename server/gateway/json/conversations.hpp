// Conversations as JSON (SPEC J-1.2), the same for REST and sockets.
#pragma once

#include <string>

#include "app/notices/chat_notices.hpp"
#include "gateway/json/errors.hpp"
#include "store/conversation_store.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

void append_conversation(json::Writer& json, const store::StoredConversation& stored);
[[nodiscard]] std::string conversation_json(const store::StoredConversation& stored);
[[nodiscard]] Failure failure_of(store::ConversationFault fault);
/// The same for all its members: how much one of them has not read is theirs alone, and such news do not change it (K41).
[[nodiscard]] std::string conversation_news_json(const store::StoredConversation& stored, chat::ConversationNews::What what);

}  // namespace belfry::gateway
