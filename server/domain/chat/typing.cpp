#include "domain/chat/typing.hpp"

#include <algorithm>

namespace belfry::chat {

bool Typing::go_on(const ConversationId& conversation, const UserId& user, TimePoint now) {
  const auto found = entries_.find({conversation, user});
  if (found == entries_.end() || found->second.until <= now) return false;
  found->second.until = now + kTypingLasts;
  return true;
}

void Typing::start(const ConversationId& conversation, const UserId& user, std::vector<UserId> others, TimePoint now) {
  entries_.insert_or_assign({conversation, user}, Entry{now + kTypingLasts, std::move(others)});
}

std::optional<TypingEnd> Typing::stop(const ConversationId& conversation, const UserId& user) {
  auto taken = entries_.extract({conversation, user});
  if (taken.empty()) return std::nullopt;
  return TypingEnd{conversation, user, std::move(taken.mapped().others)};
}

std::vector<TypingEnd> Typing::take_expired(TimePoint now) {
  std::vector<TypingEnd> ends;
  for (auto each = entries_.begin(); each != entries_.end();) {
    if (each->second.until > now) {
      ++each;
      continue;
    }
    ends.push_back({each->first.first, each->first.second, std::move(each->second.others)});
    each = entries_.erase(each);
  }
  return ends;
}

std::optional<TimePoint> Typing::next_expiry() const {
  const auto first = std::min_element(entries_.begin(), entries_.end(),
                                      [](const auto& a, const auto& b) { return a.second.until < b.second.until; });
  return first == entries_.end() ? std::nullopt : std::optional(first->second.until);
}

std::optional<TypingEnd> Typing::leave(const ConversationId& conversation, const UserId& user) {
  for (auto each = entries_.lower_bound({conversation, UserId{}}); each != entries_.end() && each->first.first == conversation;
       ++each)
    std::erase(each->second.others, user);
  return stop(conversation, user);
}

void Typing::end(const ConversationId& conversation) {
  std::erase_if(entries_, [&](const auto& each) { return each.first.first == conversation; });
}

}  // namespace belfry::chat
