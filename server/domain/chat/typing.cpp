#include "domain/chat/typing.hpp"

#include <iterator>

namespace belfry::chat {

bool Typing::go_on(const TypingPlace& place, const UserId& user, TimePoint now) {
  const Key key{place, user};
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.until <= now) return false;
  found->second.until = now + kTypingLasts;
  wait_for_end(key, now);
  return true;
}

void Typing::start(const TypingPlace& place, const UserId& user, std::vector<UserId> others, TimePoint now) {
  const Key key{place, user};
  entries_.insert_or_assign(key, Entry{now + kTypingLasts, std::move(others)});
  wait_for_end(key, now);
}

std::optional<TypingEnd> Typing::stop(const TypingPlace& place, const UserId& user) {
  auto taken = entries_.extract({place, user});
  if (taken.empty()) return std::nullopt;
  drop_past_ends();
  return TypingEnd{place, user, std::move(taken.mapped().others)};
}

std::vector<TypingEnd> Typing::take_expired(TimePoint now) {
  std::vector<TypingEnd> ends;
  while (!ends_.empty() && ends_.front().first <= now) {
    const Key key = ends_.front().second;
    if (auto end = stop(key.first, key.second)) ends.push_back(*std::move(end));
  }
  return ends;
}

std::optional<TimePoint> Typing::next_expiry() const { return ends_.empty() ? std::nullopt : std::optional(ends_.front().first); }

std::optional<TypingEnd> Typing::leave(const ConversationId& conversation, const UserId& user) {
  const auto [first, last] = entries_in(conversation);
  for (auto each = first; each != last; ++each) std::erase(each->second.others, user);
  return stop(conversation, user);
}

void Typing::end(const ConversationId& conversation) {
  const auto [first, last] = entries_in(conversation);
  entries_.erase(first, last);
  drop_past_ends();
}

std::pair<Typing::Entries::iterator, Typing::Entries::iterator> Typing::entries_in(const ConversationId& conversation) {
  const TypingPlace place = conversation;
  const auto first = entries_.lower_bound({place, UserId{}});
  auto last = first;
  while (last != entries_.end() && last->first.first == place) ++last;
  return {first, last};
}

void Typing::wait_for_end(const Key& key, TimePoint now) {
  ends_.emplace_back(now + kTypingLasts, key);
  drop_past_ends();
}

void Typing::drop_past_ends() {
  const auto counts = [&](const auto& end) {
    const auto entry = entries_.find(end.second);
    return entry != entries_.end() && entry->second.until == end.first;
  };
  while (!ends_.empty() && !counts(ends_.front())) ends_.pop_front();
}

}  // namespace belfry::chat
