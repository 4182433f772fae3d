// How many messages several people have not read. One statement that counts for each of them would visit the same messages a
// thousand times for a group of a thousand: so the messages that any of them may not have read are read once, and counted here.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "store/message_store.hpp"

namespace belfry::sql {

/// Of a member who has not read all: `counted` messages are known to be unread, and those behind `from` must be counted.
struct UnreadSpan {
  store::UserId user{};
  store::ConversationId conversation{};
  std::uint64_t counted = 0, from = 0;
};

/// Of a conversation: the messages behind `from`.
struct Tail {
  store::ConversationId conversation{};
  std::uint64_t from = 0;
};

/// One that counts as unread by all who have not read so far, but for its sender (chat::counts_as_unread()).
struct TailMessage {
  store::ConversationId conversation{};
  std::uint64_t seq = 0;
  store::UserId sender{};
};

/// Each conversation of these once, from the least of their numbers on.
[[nodiscard]] std::vector<Tail> tails_of(const std::vector<UnreadSpan>& spans);

/// `spans`: those of one user ascending by conversation. `messages`: of tails_of(spans), those of one conversation ascending. In
/// the order of the users, who are all different.
[[nodiscard]] std::vector<store::UserUnread> count_unread(const std::vector<store::UserId>& users,
                                                          const std::vector<UnreadSpan>& spans,
                                                          const std::vector<TailMessage>& messages);

/// By the adapter's unread_spans() and messages_of().
template <class Connection>
[[nodiscard]] std::vector<store::UserUnread> unread_of_many(Connection& connection, const std::vector<store::UserId>& users) {
  const auto spans = unread_spans(connection, users);
  return count_unread(users, spans, messages_of(connection, tails_of(spans)));
}

}  // namespace belfry::sql
