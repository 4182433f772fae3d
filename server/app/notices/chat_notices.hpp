// The notices about messages (SPEC K35 to K40). Each leaves after the commit of what it reports; typing is not stored.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/time.hpp"
#include "domain/chat/message.hpp"
#include "domain/chat/receipts.hpp"

namespace belfry::chat {

/// A message as committed, and the same as JSON, which is written once for all sessions. It never changes, so any shard may read
/// it.
struct ShownMessage {
  Message message{};
  std::string json{};
};
using MessageView = std::shared_ptr<const ShownMessage>;

struct MessageArrived {  // to each session of every member, the sender's too
  MessageView view;
  std::optional<MemberPointers> receiver{};  // in a direct conversation: whom the sender wrote to
};
struct MessageChanged {  // the same, of an edit or a deletion
  MessageView view;
};
struct ReceiptMoved {  // to the other members
  ConversationId conversation{};
  UserId user{};
  Pointers now{};
};
struct TypingChanged {  // to the other members
  enum class State : std::uint8_t { types, stopped };
  std::optional<ConversationId> conversation{};  // none: of two who have none yet
  UserId user{};
  State state = State::types;
  WallTime expires{};  // unless they go on
};
struct UnreadChanged {  // to each session of the member whose count it is
  ConversationId conversation{};
  std::uint64_t count = 0, total = 0;  // total: of all their conversations
};

/// To each session of a member (K41). `added`: they are in it now. `removed`: no longer, and they hear nothing more of it.
struct ConversationNews {
  enum class What : std::uint8_t { added, updated, removed };
  ConversationId conversation{};
  What what = What::updated;
  std::shared_ptr<const std::string> json{};  // of the conversation, written once for all sessions; null: removed
};

using ChatNotice = std::variant<MessageArrived, MessageChanged, ReceiptMoved, TypingChanged, UnreadChanged, ConversationNews>;

}  // namespace belfry::chat
