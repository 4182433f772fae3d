// Messages, receipts and search.
#include <algorithm>
#include <tuple>
#include <utility>

#include "adapters/memory/stores.hpp"
#include "domain/chat/fit.hpp"

namespace belfry::memory {
namespace {

using chat::Actor;
using conversation::Conversation;
using conversation::ConversationId;
using conversation::Member;
using store::Message;
using store::MessageFault;
using store::MessageId;
using store::UserId;

/// A member, as they are in their conversation now.
struct Here {
  Conversation& conversation;
  Member& member;
  Messages& messages;
};

std::optional<Here> find_here(State& state, const ConversationId& id, const UserId& user) {
  const auto found = state.conversations.find(id);
  if (found == state.conversations.end()) return std::nullopt;
  for (Member& each : found->second.members)
    if (each.user == user) return Here{found->second, each, state.messages[id]};
  return std::nullopt;
}

Actor actor_of(const State& state, const Here& here) {
  Actor actor{.user = here.member.user,
              .where = here.conversation.kind,
              .role = here.member.role,
              .joined_after = here.member.joined_after};
  if (actor.where == conversation::Kind::direct)
    for (const Member& each : here.conversation.members)
      actor.blocked = actor.blocked || (each.user != actor.user && blocks_between(state, each.user, actor.user));
  return actor;
}

std::vector<chat::MemberPointers> sides_if_direct(const Conversation& conversation) {
  std::vector<chat::MemberPointers> sides;
  if (conversation.kind != conversation::Kind::direct) return sides;
  for (const Member& each : conversation.members)
    sides.push_back({.user = each.user, .reached = {.read = each.read_up_to, .delivered = each.delivered_up_to}});
  return sides;
}

std::vector<UserId> members_of(const Conversation& conversation) {
  std::vector<UserId> users;
  for (const Member& each : conversation.members) users.push_back(each.user);
  return users;
}

/// The members who may read the message of this number (K42).
std::vector<UserId> readers_of(const Conversation& conversation, std::uint64_t seq) {
  std::vector<UserId> users;
  for (const Member& each : conversation.members)
    if (each.joined_after < seq) users.push_back(each.user);
  return users;
}

MessageEntry* entry_of(Here& here, const MessageId& id) {
  const auto found =
      std::find_if(here.messages.begin(), here.messages.end(), [&](const MessageEntry& each) { return each.message.id == id; });
  return found == here.messages.end() ? nullptr : &*found;
}

/// nullptr: there is no such message, or the member joined after it.
const MessageEntry* readable_entry(Here& here, const MessageId& id) {
  const auto* entry = entry_of(here, id);
  return entry != nullptr && entry->message.seq > here.member.joined_after ? entry : nullptr;
}

bool is_unread(const Message& message, const Member& reader) {
  return message.seq > reader.read_up_to && counts_as_unread(message, reader.user);
}

std::uint64_t unread_in(const Messages& messages, const Member& reader) {
  return static_cast<std::uint64_t>(
      std::count_if(messages.begin(), messages.end(), [&](const MessageEntry& each) { return is_unread(each.message, reader); }));
}

/// nullopt: one of them is somebody else's, or there is none.
std::optional<std::vector<file::FileInfo>> own_files(const State& state, const UserId& owner,
                                                     const std::vector<file::FileId>& ids) {
  std::vector<file::FileInfo> files;
  for (const file::FileId& id : ids) {
    const auto found = state.files.find(id);
    if (found == state.files.end() || found->second.owner != owner) return std::nullopt;
    files.push_back(found->second.info);
  }
  return files;
}

Expected<store::SentMessage, MessageFault> send_message(State& state, const chat::NewMessage& request) {
  auto here = find_here(state, request.conversation, request.sender);
  if (!here) return unexpected(MessageFault::not_participant);
  const auto before = std::find_if(here->messages.begin(), here->messages.end(), [&](const MessageEntry& each) {
    return each.message.sender == request.sender && each.message.client_id == request.client_id;
  });
  if (before != here->messages.end()) {
    const auto receiver = receiver_among(sides_if_direct(here->conversation), request.sender);
    if (before->message.id == request.id)
      return store::SentMessage{.message = before->message, .members = members_of(here->conversation), .receiver = receiver};
    if (!is_repeat_of(before->message, request)) return unexpected(MessageFault::client_id_taken);
    return store::SentMessage{.message = before->message, .how = store::Sending::repeated, .receiver = receiver};
  }
  if (const auto allowed = may_send(actor_of(state, *here)); !allowed) return unexpected(store::fault_of(allowed.error()));
  if (request.reply_to && readable_entry(*here, *request.reply_to) == nullptr) return unexpected(MessageFault::wrong_reply);
  auto attachments = own_files(state, request.sender, request.attachments);
  if (!attachments) return unexpected(MessageFault::wrong_attachment);
  Message message = put_entry(state, begin(request, 0, *std::move(attachments)));
  for (const auto& id : request.attachments) state.attached.emplace(id, std::pair(message.conversation, message.id));
  return store::SentMessage{.message = std::move(message),
                            .members = members_of(here->conversation),
                            .receiver = receiver_among(sides_if_direct(here->conversation), request.sender)};
}

/// `decide` says what a member makes of a message.
template <class Decide>
Expected<store::ChangedMessage, MessageFault> change_message(State& state, const ConversationId& id, const MessageId& message,
                                                             const UserId& user, const Decide& decide) {
  auto here = find_here(state, id, user);
  if (!here) return unexpected(MessageFault::not_participant);
  MessageEntry* const entry = entry_of(*here, message);
  if (entry == nullptr) return unexpected(MessageFault::not_found);
  chat::Changed after = decide(entry->message, actor_of(state, *here));
  if (!after) return unexpected(store::fault_of(after.error()));
  if (*after == entry->message) return store::ChangedMessage{.message = entry->message};
  store::ChangedMessage changed{.message = *after, .members = readers_of(here->conversation, after->seq)};
  for (const Member& each : here->conversation.members)
    if (is_unread(entry->message, each) && !is_unread(*after, each)) changed.counted_by.push_back(each.user);
  entry->message = *std::move(after);
  return changed;
}

Expected<store::MessagePage, MessageFault> page_of(State& state, const store::MessageQuery& query) {
  auto here = find_here(state, query.conversation, query.reader);
  if (!here) return unexpected(MessageFault::not_participant);
  std::uint64_t from = here->member.joined_after, to = here->conversation.last_seq + 1;  // both excluded
  const bool forward = query.bound && query.bound->side == store::MessageBound::Side::after;
  if (query.bound) {
    const auto* id = std::get_if<MessageId>(&query.bound->of);
    const auto* entry = id != nullptr ? readable_entry(*here, *id) : nullptr;
    if (id != nullptr && entry == nullptr) return unexpected(MessageFault::wrong_position);
    const std::uint64_t seq = entry != nullptr ? entry->message.seq : std::get<std::uint64_t>(query.bound->of);
    if (forward) from = std::max(from, seq);
    if (!forward) to = std::min(to, seq);
  }
  store::MessagePage page{.last_seq = here->conversation.last_seq, .sides = sides_if_direct(here->conversation)};
  for (const MessageEntry& each : here->messages)
    if (each.message.seq > from && each.message.seq < to) page.messages.push_back(each.message);
  page.more = page.messages.size() > query.limit;
  if (!page.more) return page;
  const auto limit = static_cast<std::ptrdiff_t>(query.limit);
  if (forward)
    page.messages.erase(page.messages.begin() + limit, page.messages.end());
  else
    page.messages.erase(page.messages.begin(), page.messages.end() - limit);
  return page;
}

Expected<store::MovedReceipt, MessageFault> move_pointer(State& state, const store::ReceiptMove& move) {
  auto here = find_here(state, move.conversation, move.user);
  if (!here) return unexpected(MessageFault::not_participant);
  Member& member = here->member;
  const chat::Pointers before{member.read_up_to, member.delivered_up_to};
  const chat::Pointers now = advanced(before, move.what, move.up_to, here->conversation.last_seq);
  const auto unread_before = unread_in(here->messages, member);
  member.read_up_to = now.read;
  member.delivered_up_to = now.delivered;
  store::MovedReceipt moved{.now = now, .unread = unread_in(here->messages, member)};
  moved.unread_changed = moved.unread != unread_before;
  if (now == before) return moved;
  moved.others = members_of(here->conversation);
  std::erase(moved.others, move.user);
  return moved;
}

std::vector<ConversationId> conversations_of(const State& state, const UserId& user) {
  std::vector<ConversationId> ids;
  for (auto each = state.memberships.lower_bound({user, {}}); each != state.memberships.end() && each->first == user; ++each)
    ids.push_back(each->second);
  return ids;
}

store::UserUnread unread_of(State& state, const UserId& user) {
  store::UserUnread all{.user = user};
  for (const ConversationId& id : conversations_of(state, user)) {
    const auto here = find_here(state, id, user);
    if (!here) continue;
    if (const auto count = unread_in(here->messages, here->member); count > 0) all.counts.push_back({id, count});
  }
  return all;
}

Expected<chat::SearchPage, MessageFault> matches_of(State& state, const store::MessageSearch& query) {
  if (query.conversation && !state.memberships.contains({query.reader, *query.conversation}))
    return unexpected(MessageFault::not_participant);
  const chat::Fit terms(chat::terms_for_index(query.terms));
  std::vector<const MessageEntry*> found;
  for (const ConversationId& id : conversations_of(state, query.reader)) {
    if (query.conversation && *query.conversation != id) continue;
    const auto here = find_here(state, id, query.reader);
    if (!here) continue;
    for (const MessageEntry& each : here->messages) {
      const bool there =
          each.message.seq > here->member.joined_after && !each.message.deleted && each.message.kind != chat::Kind::system;
      if (there && terms.score(each.message.text).has_value()) found.push_back(&each);
    }
  }
  std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return a->number > b->number; });
  if (found.size() > store::MessageStore::kMostMatches) found.resize(store::MessageStore::kMostMatches);
  std::vector<Message> messages;
  for (const auto* each : found) messages.push_back(each->message);
  return best_of(std::move(messages), query.terms, query.span);
}

}  // namespace

Message put_entry(State& state, Message entry) {
  Conversation& conversation = state.conversations.at(entry.conversation);
  entry.seq = ++conversation.last_seq;
  conversation.updated = std::max(conversation.updated, entry.created);
  Messages& messages = state.messages[entry.conversation];
  messages.push_back({entry, ++state.last_message});
  if (messages.size() > kKeptMessages) messages.pop_front();
  return entry;
}

void add_overview(State& state, store::StoredConversation& stored, const UserId& reader) {
  if (const auto active = state.active_calls.find(stored.conversation.id); active != state.active_calls.end())
    stored.active_call = active->second;
  const auto here = find_here(state, stored.conversation.id, reader);
  if (!here || here->messages.empty() || here->messages.back().message.seq <= here->member.joined_after) return;
  stored.newest = here->messages.back().message;
  stored.unread = unread_in(here->messages, here->member);
}

void MessageStore::send(chat::NewMessage request, Answer<store::SentMessage> done) {
  done(tables_.with([&](State& state) { return send_message(state, request); }));
}

void MessageStore::edit(store::MessageEdit edit, Answer<store::ChangedMessage> done) {
  done(tables_.with([&](State& state) {
    return change_message(state, edit.conversation, edit.message, edit.actor, [&](const Message& before, const Actor& actor) {
      return chat::edit(before, actor, edit.text, edit.at);
    });
  }));
}

void MessageStore::remove(store::MessageRemoval removal, Answer<store::ChangedMessage> done) {
  done(tables_.with([&](State& state) {
    return change_message(state, removal.conversation, removal.message, removal.actor,
                          [&](const Message& before, const Actor& actor) { return chat::remove(before, actor, removal.at); });
  }));
}

void MessageStore::find_sent(ConversationId conversation, UserId sender, std::string client_id,
                             Answer<std::optional<store::SentMessage>> done) {
  using Found = Expected<std::optional<store::SentMessage>, MessageFault>;
  done(tables_.with([&](State& state) -> Found {
    const auto here = find_here(state, conversation, sender);
    if (!here) return unexpected(MessageFault::not_participant);
    for (const MessageEntry& each : here->messages)
      if (each.message.sender == sender && each.message.client_id == client_id)
        return store::SentMessage{.message = each.message,
                                  .how = store::Sending::repeated,
                                  .receiver = receiver_among(sides_if_direct(here->conversation), sender)};
    return std::nullopt;
  }));
}

void MessageStore::page(store::MessageQuery query, Answer<store::MessagePage> done) {
  done(tables_.with([&](State& state) { return page_of(state, query); }));
}

void MessageStore::move_receipt(store::ReceiptMove move, Answer<store::MovedReceipt> done) {
  done(tables_.with([&](State& state) { return move_pointer(state, move); }));
}

void MessageStore::unread(std::vector<UserId> users, Answer<std::vector<store::UserUnread>> done) {
  done(tables_.with([&](State& state) {
    std::vector<store::UserUnread> all;
    for (const UserId& user : users) all.push_back(unread_of(state, user));
    return all;
  }));
}

void MessageStore::others(ConversationId conversation, UserId user, Answer<std::vector<UserId>> done) {
  done(tables_.with([&](State& state) -> Expected<std::vector<UserId>, MessageFault> {
    const auto here = find_here(state, conversation, user);
    if (!here) return unexpected(MessageFault::not_participant);
    if (const auto allowed = may_send(actor_of(state, *here)); !allowed) return unexpected(store::fault_of(allowed.error()));
    auto users = members_of(here->conversation);
    std::erase(users, user);
    return users;
  }));
}

void MessageStore::search(store::MessageSearch query, Answer<chat::SearchPage> done) {
  done(tables_.with([&](State& state) { return matches_of(state, query); }));
}

}  // namespace belfry::memory
