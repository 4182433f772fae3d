// DeliveredReceipts: which messages have reached members whose clients do not say so themselves (SPEC K38). Each member of a
// conversation has one move of their pointer on its way to the store at a time; the newest message that arrives meanwhile is the
// next move. So a burst of messages costs few writes. One per shard, for the conversations whose host it is.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "domain/chat/message.hpp"

namespace belfry::chat {

class DeliveredReceipts {
 public:
  /// Moves the pointer up to `seq`. Runs `then` once, also if it could not: the next message moves it.
  using Move = std::function<void(const ConversationId&, const UserId&, std::uint64_t seq, std::function<void()> then)>;

  explicit DeliveredReceipts(Move move) : move_(std::move(move)) {}

  /// `seq`: of the message; at least 1.
  void arrived(const ConversationId& conversation, const UserId& user, std::uint64_t seq);

 private:
  using Reader = std::pair<ConversationId, UserId>;
  void move(const Reader& reader, std::uint64_t seq);

  Move move_;
  std::map<Reader, std::uint64_t> next_;  // of those whose move is on its way; 0: nothing arrived since
};

}  // namespace belfry::chat
