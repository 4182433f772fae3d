#include "app/direct_messages/direct_conversations.hpp"

#include <utility>

namespace belfry::direct_messages {

using account::UserId;

void DirectConversations::remember(const Pair& pair, const ConversationId& conversation) {
  if (pairs_.size() >= kMost) pairs_.clear();
  pairs_.insert_or_assign(pair, conversation);
}

void DirectConversations::find(const UserId& me, const UserId& other, Found done) {
  const Pair pair = pair_of(me, other);
  if (const auto known = pairs_.find(pair); known != pairs_.end()) return done(std::optional(known->second));
  conversations_.find_direct(me, other, [this, pair, done = std::move(done)](const auto& found) {
    if (found && *found) remember(pair, **found);
    done(found);
  });
}

void DirectConversations::open(const UserId& me, const UserId& other, Opened done) {
  const Pair pair = pair_of(me, other);
  if (const auto known = pairs_.find(pair); known != pairs_.end()) return done(known->second);
  conversations_.direct_with(me, other, [this, pair, done = std::move(done)](const auto& found) {
    if (found) remember(pair, *found);
    done(found);
  });
}

void DirectConversations::if_direct(const ConversationId& conversation, const UserId& reader, std::function<void()> then) {
  if (const auto known = kinds_.find(conversation); known != kinds_.end()) {
    if (known->second) then();
    return;
  }
  auto& waiting = asked_[conversation];
  waiting.push_back(std::move(then));
  if (waiting.size() > 1) return;
  store_.find(conversation, reader, [this, conversation](const auto& it) { found(conversation, it); });
}

/// If the store is away nobody learns who types, which is over in seconds.
void DirectConversations::found(const ConversationId& conversation,
                                const Expected<std::optional<store::StoredConversation>, store::Unavailable>& it) {
  const auto waiting = std::exchange(asked_[conversation], {});
  asked_.erase(conversation);
  if (!it || !*it) return;
  const bool direct = (*it)->conversation.kind == conversation::Kind::direct;
  if (kinds_.size() >= kMost) kinds_.clear();
  kinds_.insert_or_assign(conversation, direct);
  if (!direct) return;
  for (const auto& then : waiting) then();
}

}  // namespace belfry::direct_messages
