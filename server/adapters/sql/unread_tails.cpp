#include "adapters/sql/unread_tails.hpp"

#include <algorithm>

namespace belfry::sql {
namespace {

using store::ConversationId;
using store::UserId;

/// The messages of one tail.
class TailNumbers {
 public:
  void add(const TailMessage& message) {
    all_.push_back(message.seq);
    by_sender_[message.sender].push_back(message.seq);
  }
  [[nodiscard]] std::uint64_t unread_by(const UserId& user, std::uint64_t from) const {
    const auto own = by_sender_.find(user);
    return behind(all_, from) - (own == by_sender_.end() ? 0 : behind(own->second, from));
  }

 private:
  using Numbers = std::vector<std::uint64_t>;
  [[nodiscard]] static std::uint64_t behind(const Numbers& ascending, std::uint64_t from) {
    return static_cast<std::uint64_t>(ascending.end() - std::upper_bound(ascending.begin(), ascending.end(), from));
  }
  Numbers all_;
  std::map<UserId, Numbers> by_sender_;
};

}  // namespace

std::vector<Tail> tails_of(const std::vector<UnreadSpan>& spans) {
  std::map<ConversationId, std::uint64_t> starts;
  for (const UnreadSpan& each : spans) {
    const auto [start, first] = starts.try_emplace(each.conversation, each.from);
    if (!first) start->second = std::min(start->second, each.from);
  }
  std::vector<Tail> tails;
  for (const auto& [conversation, from] : starts) tails.push_back({conversation, from});
  return tails;
}

std::vector<store::UserUnread> count_unread(const std::vector<UserId>& users, const std::vector<UnreadSpan>& spans,
                                            const std::vector<TailMessage>& messages) {
  std::map<ConversationId, TailNumbers> tails;
  for (const TailMessage& each : messages) tails[each.conversation].add(each);
  std::map<UserId, std::vector<store::UnreadCount>> counts;
  for (const UnreadSpan& each : spans) {
    const std::uint64_t count = each.counted + tails[each.conversation].unread_by(each.user, each.from);
    if (count > 0) counts[each.user].push_back({each.conversation, count});
  }
  std::vector<store::UserUnread> all;
  for (const UserId& user : users) all.push_back({user, std::move(counts[user])});
  return all;
}

}  // namespace belfry::sql
