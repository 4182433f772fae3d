#include "adapters/sqlite/newest_messages.hpp"

#include <algorithm>

namespace belfry::sqlite {

NewestMessages::NewestMessages(Connection& connection, const std::vector<ReadablePart>& parts) : connection_(connection) {
  for (const ReadablePart& part : parts)
    tails_.push_back({.conversation = part.conversation, .from = part.joined_after, .to = part.last_seq + 1});
  for (std::size_t i = 0; i < tails_.size(); ++i) offer(i);
}

std::optional<std::int64_t> NewestMessages::next() {
  if (newest_.empty()) return std::nullopt;
  const auto [number, tail] = newest_.top();
  newest_.pop();
  offer(tail);
  return number;
}

void NewestMessages::offer(std::size_t tail) {
  auto& numbers = tails_[tail].numbers;
  if (numbers.empty()) read_ahead(tails_[tail]);
  if (numbers.empty()) return;
  newest_.emplace(numbers.back(), tail);
  numbers.pop_back();
}

void NewestMessages::read_ahead(Tail& tail) {
  constexpr std::int64_t kAhead = 32;
  static const Sql text(R"(SELECT "number", "seq" FROM messages WHERE "conversationId" = ? AND "seq" > ? AND "seq" < ? )"
                        R"(ORDER BY "seq" DESC LIMIT ?)");
  Use use(connection_.prepared(text));
  use.uuid(tail.conversation.value());
  use.number(static_cast<std::int64_t>(tail.from));
  use.number(static_cast<std::int64_t>(tail.to));
  use.number(kAhead);
  while (use.row()) {
    tail.numbers.push_back(use.number());
    tail.to = static_cast<std::uint64_t>(use.number());
  }
  std::reverse(tail.numbers.begin(), tail.numbers.end());
}

}  // namespace belfry::sqlite
