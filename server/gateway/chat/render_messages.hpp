// The server events of the chat dialect about messages (SPEC K17, K18, K40): those of direct conversations, as the client of seed
// 004 reads them.
#pragma once

#include <optional>

#include "app/notices/chat_notices.hpp"
#include "gateway/chat/render.hpp"

namespace belfry::gateway::chat_clients {

/// `newMessage`, if the viewer is who receives it; nothing for what they sent themselves, and for messages of groups.
[[nodiscard]] std::optional<ServerEvent> render(const chat::MessageArrived& notice, const account::UserId& viewer);
/// In a direct conversation.
[[nodiscard]] ServerEvent render(const chat::TypingChanged& notice);

}  // namespace belfry::gateway::chat_clients
