// The messages of several conversations from the newest on, without a sort: each conversation has an index by number, of which
// some entries are read ahead, and the newest of all conversations comes next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "store/conversation_store.hpp"

namespace belfry::sql {

/// What a member may read of a conversation (K42): the messages behind `joined_after`, up to `last_seq`.
struct ReadablePart {
  store::ConversationId conversation{};
  std::uint64_t joined_after = 0, last_seq = 0;
};

/// A message in the order of all messages of the database.
struct MessageAhead {
  std::int64_t number = 0;
  std::string text{};  // what a search finds it by (index_terms()), if the database gives it along
};

/// The part of a conversation that comes next.
struct ConversationTail {
  ReadablePart unread{};             // all that is not read ahead
  std::size_t count = 0;             // how many messages are read ahead next
  std::deque<MessageAhead> ahead{};  // the newest first
};

class NewestMessages {
 public:
  /// Moves the newest `count` of `unread`, or all if there are fewer, to the end of `ahead`, for each tail.
  using ReadAhead = std::function<void(const std::vector<ConversationTail*>&)>;
  static constexpr std::size_t kFirstAhead = 16, kMostAhead = 512;  // of one conversation
  static constexpr std::size_t kMostOfAll = 8'192;                  // what is read ahead and not needed is read in vain

  NewestMessages(const std::vector<ReadablePart>& parts, ReadAhead read_ahead);
  /// nullopt: there are no more.
  [[nodiscard]] std::optional<MessageAhead> next();

 private:
  void refill();
  void offer(std::size_t tail);

  ReadAhead read_ahead_;
  std::size_t most_ahead_;
  std::vector<ConversationTail> tails_;
  std::priority_queue<std::pair<std::int64_t, std::size_t>> newest_;  // of each tail that is not at its end
};

}  // namespace belfry::sql
