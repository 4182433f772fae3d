#include "app/chat/unread_updates.hpp"

#include <algorithm>
#include <utility>

namespace belfry::chat {

void UnreadUpdates::changed(const ConversationId& conversation, std::vector<Member> members) {
  if (members.empty()) return;
  Waiting waiting;
  for (Member& each : members) waiting.insert_or_assign(each.user, std::move(each.at));
  const auto question = questions_.find(conversation);
  if (question == questions_.end()) return ask(conversation, std::move(waiting));
  for (auto& [user, at] : waiting) question->second.next.insert_or_assign(user, std::move(at));
}

void UnreadUpdates::ask(const ConversationId& conversation, Waiting members) {
  std::vector<UserId> users;
  for (const auto& [user, at] : members) users.push_back(user);
  questions_[conversation].asked = std::move(members);
  store_.unread(std::move(users), [this, conversation](const auto& counts) {
    auto answered = questions_.extract(conversation);
    if (answered.empty()) return;
    // Without an answer nothing is told: the client gets the next count, or asks.
    if (counts) tell(conversation, answered.mapped().asked, *counts);
    if (!answered.mapped().next.empty()) ask(conversation, std::move(answered.mapped().next));
  });
}

void UnreadUpdates::depart(const ConversationId& conversation, std::span<const UserId> users) {
  const auto question = questions_.find(conversation);
  if (question == questions_.end()) return;
  for (const UserId& user : users) {
    question->second.asked.erase(user);
    question->second.next.erase(user);
  }
}

void UnreadUpdates::conversation_ended(const ConversationId& conversation) {
  const auto question = questions_.find(conversation);
  if (question != questions_.end()) question->second = {};
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
