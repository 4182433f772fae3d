// Messages over HTTP (SPEC K31 to K44): /api/conversations/{id}/messages and what belongs to it, /api/messages/search,
// /api/unread.
#pragma once

#include "app/chat/chat.hpp"
#include "gateway/api/call_routes.hpp"
#include "gateway/api/operation.hpp"

namespace belfry::gateway {

/// The services of this shard. All must outlive the operations.
struct MessageServices {
  chat::Chat& chat;
  /// Receipts and typing, like WebRTC signals (SPEC C-02). Null: no limit.
  LimitByLogin* signals = nullptr;
};

[[nodiscard]] Operations message_operations(const MessageServices& services);

}  // namespace belfry::gateway
