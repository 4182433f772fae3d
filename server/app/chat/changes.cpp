// What becomes of a conversation beside its messages: changes of it, and the ends of its calls (SPEC K41 to K43).
#include <algorithm>
#include <utility>

#include "app/chat/chat.hpp"
#include "base/check.hpp"

namespace belfry::chat {

void Chat::change(store::ConversationChange change, ChangeDone done) {
  own_thread_.check();
  const ShardIndex host = host_of(change.conversation);
  all_.post(ports_.mailboxes, host, [origin = mine_, change = std::move(change), done = std::move(done)](Chat& there) mutable {
    CHECK(there.ports_.conversations != nullptr, "a change of a conversation without its store");
    there.ports_.conversations->change(std::move(change), [&there, origin, done = std::move(done)](const auto& changed) mutable {
      if (changed) there.tell_change(*changed);
      // What `done` holds belongs to its shard: it goes back there as the answer does.
      there.all_.post(there.ports_.mailboxes, origin,
                      [done = std::move(done), answer = changed](Chat&) mutable { done(std::move(answer)); });
    });
  });
}

void Chat::tell_change(const store::ChangedConversation& changed) {
  if (const auto& only = changed.concerns_only) return tell_news({&*only, 1}, ConversationNews::What::updated, changed, &*only);
  const bool ended = changed.fate == conversation::Fate::ends;
  const ConversationId& id = changed.conversation.id;
  std::vector<UserId> gone = changed.left, stay, all;
  for (const auto& member : changed.conversation.members) {
    const auto& joined = changed.joined;
    if (ended)
      gone.push_back(member.user);
    else if (std::find(joined.begin(), joined.end(), member.user) == joined.end())
      stay.push_back(member.user);
    if (!ended) all.push_back(member.user);
  }
  if (ended)
    conversation_ended(id);
  else
    depart(id, gone);
  tell_news(gone, ConversationNews::What::removed, changed);
  if (!changed.entry) return;
  tell_news(changed.joined, ConversationNews::What::added, changed);
  tell_news(stay, ConversationNews::What::updated, changed);
  notify(connected(all), MessageArrived{.view = view_of(*changed.entry), .receiver = {}});
}

void Chat::depart(const ConversationId& conversation, std::span<const UserId> users) {
  unread_updates_.depart(conversation, users);
  for (const UserId& user : users) typing_.leave(conversation, user);
}

void Chat::conversation_ended(const ConversationId& conversation) {
  unread_updates_.conversation_ended(conversation);
  typing_.conversation_ended(conversation);
}

void Chat::tell_news(std::span<const UserId> users, ConversationNews::What what, const store::StoredConversation& of,
                     const UserId* reader) {
  auto members = connected(users);
  std::erase_if(members, [](const auto& each) { return each.at.empty(); });
  if (members.empty()) return;
  ConversationNews news{.conversation = of.conversation.id, .what = what};
  if (what != ConversationNews::What::removed && ports_.conversation_json)
    news.json = std::make_shared<const std::string>(ports_.conversation_json(of, what, reader));
  notify(members, news);
}

void Chat::opened(const store::StoredConversation& made) {
  own_thread_.check();
  all_.post(ports_.mailboxes, host_of(made.conversation.id), [made](Chat& host) {
    std::vector<UserId> users;
    for (const auto& member : made.conversation.members) users.push_back(member.user);
    host.tell_news(users, ConversationNews::What::added, made);
  });
}

void Chat::call_ended(store::WrittenEntry entry) {
  own_thread_.check();
  const ShardIndex host = host_of(entry.message.conversation);
  all_.post(ports_.mailboxes, host, [entry = std::move(entry)](Chat& there) {
    const auto members = there.connected(entry.members);
    there.notify(members, MessageArrived{.view = there.view_of(entry.message), .receiver = entry.receiver});
    there.count_unread(entry.message.conversation, members,
                       [&](const UserId& user) { return counts_as_unread(entry.message, user); });
  });
}

}  // namespace belfry::chat
