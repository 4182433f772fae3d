// Conversations and blocks over HTTP (SPEC J-1): /api/conversations, and /api/users/{id}/block.
#pragma once

#include "app/conversations/conversations.hpp"
#include "gateway/api/operation.hpp"

namespace belfry::gateway {

/// `conversations` is the shard's, and outlives the operations.
[[nodiscard]] Operations conversation_operations(conversations::Conversations& conversations);
[[nodiscard]] Operations block_operations(conversations::Conversations& conversations);

}  // namespace belfry::gateway
