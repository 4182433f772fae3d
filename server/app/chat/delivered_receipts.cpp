#include "app/chat/delivered_receipts.hpp"

#include <algorithm>

namespace belfry::chat {

void DeliveredReceipts::arrived(const ConversationId& conversation, const UserId& user, std::uint64_t seq) {
  const Reader reader{conversation, user};
  const auto [next, idle] = next_.try_emplace(reader, 0);
  if (idle) return move(reader, seq);
  next->second = std::max(next->second, seq);
}

void DeliveredReceipts::move(const Reader& reader, std::uint64_t seq) {
  move_(reader.first, reader.second, seq, [this, reader] {
    const auto next = next_.find(reader);
    if (next->second == 0)
      next_.erase(next);
    else
      move(reader, std::exchange(next->second, 0));
  });
}

}  // namespace belfry::chat
