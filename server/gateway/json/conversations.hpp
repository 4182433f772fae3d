// Conversations as JSON (SPEC J-1.2), the same for REST and sockets.
#pragma once

#include <string>

#include "app/notices/chat_notices.hpp"
#include "gateway/json/errors.hpp"
#include "store/conversation_store.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

/// `reader`: the one member whose `mutedUntil` it holds (S19), if they have muted it; so it is the same for all who have not.
void append_conversation(json::Writer& json, const store::StoredConversation& stored, const account::UserId& reader);
[[nodiscard]] std::string conversation_json(const store::StoredConversation& stored, const account::UserId& reader);
[[nodiscard]] Failure failure_of(store::ConversationFault fault);
/// Without how much somebody has not read, which such news do not change (K41). `reader`: the one who is told whether they have
/// muted it; null: it is the same for all members.
[[nodiscard]] std::string conversation_news_json(const store::StoredConversation& stored, chat::ConversationNews::What what,
                                                 const account::UserId* reader);

}  // namespace belfry::gateway
