#include "app/chat/unread_updates.hpp"

#include <algorithm>
#include <utility>

namespace belfry::chat {

void UnreadUpdates::changed(const ConversationId& conversation, std::span<const Member> members) {
  Waiting waiting;
  for (const Member& each : members)
    if (!each.at.empty()) waiting.insert_or_assign(each.user, each.at);
  if (waiting.empty()) return;
  const auto asked = asked_.find(conversation);
  if (asked == asked_.end()) return ask(conversation, std::move(waiting));
  for (auto& [user, at] : waiting) asked->second.insert_or_assign(user, std::move(at));
}

void UnreadUpdates::ask(const ConversationId& conversation, Waiting members) {
  asked_.try_emplace(conversation);
  std::vector<UserId> users;
  for (const auto& [user, at] : members) users.push_back(user);
  store_.unread(std::move(users), [this, conversation, members = std::move(members)](const auto& counts) {
    // Without an answer nothing is told: the client gets the next count, or asks.
    if (counts) tell(conversation, members, *counts);
    auto next = asked_.extract(conversation);
    if (!next.empty() && !next.mapped().empty()) ask(conversation, std::move(next.mapped()));
  });
}

void UnreadUpdates::tell(const ConversationId& conversation, const Waiting& members,
                         const std::vector<store::UserUnread>& counts) {
  for (const auto& [user, of_user] : counts) {
    UnreadChanged notice{.conversation = conversation};
    for (const auto& [where, count] : of_user) {
      notice.total += count;
      if (where == conversation) notice.count = count;
    }
    const auto member = members.find(user);
    if (member == members.end()) continue;
    for (const SessionAddress at : member->second) delivery_.notify(at, ChatNotice{notice});
  }
}

}  // namespace belfry::chat
