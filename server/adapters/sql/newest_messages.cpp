#include "adapters/sql/newest_messages.hpp"

#include <algorithm>

namespace belfry::sql {

NewestMessages::NewestMessages(const std::vector<ReadablePart>& parts, ReadAhead read_ahead)
    : read_ahead_(std::move(read_ahead)),
      most_ahead_(std::clamp(kMostOfAll / std::max(parts.size(), std::size_t{1}), kFirstAhead, kMostAhead)) {
  for (const ReadablePart& part : parts) tails_.push_back({.unread = part, .count = kFirstAhead});
  refill();
  for (std::size_t i = 0; i < tails_.size(); ++i) offer(i);
}

std::optional<MessageAhead> NewestMessages::next() {
  if (newest_.empty()) return std::nullopt;
  const std::size_t tail = newest_.top().second;
  newest_.pop();
  auto& ahead = tails_[tail].ahead;
  MessageAhead message = std::move(ahead.front());
  ahead.pop_front();
  if (ahead.empty()) refill();
  offer(tail);
  return message;
}

// One question for all that will soon be empty, because a question may be a round trip.
void NewestMessages::refill() {
  std::vector<ConversationTail*> due;
  for (ConversationTail& tail : tails_)
    if (tail.unread.last_seq > tail.unread.joined_after && 2 * tail.ahead.size() < tail.count) due.push_back(&tail);
  if (due.empty()) return;
  read_ahead_(due);
  for (ConversationTail* tail : due) tail->count = std::min(2 * tail->count, most_ahead_);
}

void NewestMessages::offer(std::size_t tail) {
  const auto& ahead = tails_[tail].ahead;
  if (!ahead.empty()) newest_.emplace(ahead.front().number, tail);
}

}  // namespace belfry::sql
