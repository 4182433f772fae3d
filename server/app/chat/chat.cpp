#include "app/chat/chat.hpp"

#include <algorithm>

#include "base/new_uuid.hpp"
#include "domain/chat/terms.hpp"

namespace belfry::chat {

using store::MessageFault;

Chat::Chat(ShardIndex mine, Chats& all, const Ports& ports)
    : mine_(mine),
      all_(all),
      ports_(ports),
      unread_updates_(ports_.store, ports_.delivery),
      delivered_([this](const ConversationId& conversation, const UserId& user, std::uint64_t seq, auto then) {
        const store::ReceiptMove move{conversation, user, Receipt::delivered, seq};
        commit_receipt(move, {user, "delivered"}, [then = std::move(then)](const auto&) { then(); });
      }),
      typing_({ports_.store, ports_.conversations, ports_.clock,
               [this](std::span<const UserId> users, const TypingChanged& notice) { notify(connected(users), notice); }}) {
  all.enter(mine, *this);
}

// --- the host of a conversation ---

ShardIndex Chat::host_of(const ConversationId& conversation) const {
  return static_cast<ShardIndex>(UuidHash{}(conversation) % all_.size());
}

ShardIndex Chat::host_of(const UserPair& pair) const {
  return static_cast<ShardIndex>((UuidHash{}(pair.first) ^ UuidHash{}(pair.second)) % all_.size());
}

template <class T, class Act>
void Chat::on_host(ShardIndex host, Act act, Done<T> done) {
  own_thread_.check();
  if (host == mine_) return act(*this, std::move(done));
  all_.post(ports_.mailboxes, host, [origin = mine_, act = std::move(act), done = std::move(done)](Chat& there) mutable {
    // What `done` holds belongs to its shard: it goes back there as the answer does.
    act(there, [&there, origin, done = std::move(done)](Expected<T, Refused> answer) mutable {
      there.all_.post(there.ports_.mailboxes, origin,
                      [done = std::move(done), answer = std::move(answer)](Chat&) mutable { done(std::move(answer)); });
    });
  });
}

template <class T>
void Chat::refuse(const MessageFault& fault, const Asker& asker, const ConversationId& conversation, const Done<T>& done) {
  if (fault == MessageFault::not_participant && ports_.refused_stranger) ports_.refused_stranger(asker, conversation);
  done(unexpected(Refused(fault)));
}

// --- sending ---

/// K47: validation failures, repeats and what the store could not do cost nothing.
void Chat::give_back_if_free(const UserId& user, const MessageFault& fault) {
  const bool free = fault == MessageFault::wrong_reply || fault == MessageFault::wrong_attachment ||
                    fault == MessageFault::client_id_taken || fault == MessageFault::unavailable;
  if (free) ports_.limit.give_back(user);
}

void Chat::send(const Asker& sender, SendRequest request, Done<store::SentMessage> done) {
  own_thread_.check();
  NewMessage message{.id = MessageId(new_uuid(ports_.clock, ports_.random)),
                     .conversation = request.conversation,
                     .sender = sender.user,
                     .client_id = std::move(request.client_id),
                     .text = std::move(request.text),
                     .reply_to = request.reply_to,
                     .at = ports_.clock.wall(),
                     .attachments = std::move(request.attachments),
                     .picture_size = request.picture_size};
  if (message.client_id.empty()) message.client_id = belfry::to_text(message.id.value());
  const auto status = ports_.limit.take(sender.user, ports_.clock.now());
  if (status.wait)  // a repeat is free, so it is answered all the same
    return ports_.store.find_sent(message.conversation, message.sender, message.client_id,
                                  [this, sender, message, status, done = std::move(done)](const auto& found) {
                                    if (!found && found.error() == MessageFault::not_participant)
                                      return refuse(found.error(), sender, message.conversation, done);
                                    if (!found || !*found || !is_repeat_of((*found)->message, message))
                                      return done(unexpected(Refused(status)));
                                    done(**found);
                                  });
  const auto act = [message, sender](Chat& host, Done<store::SentMessage> answer) {
    host.commit(message, sender, std::move(answer));
  };
  on_host<store::SentMessage>(host_of(message.conversation), act, [this, user = sender.user, done = std::move(done)](auto sent) {
    if (!sent)
      give_back_if_free(user, std::get<MessageFault>(sent.error()));
    else if (sent->how == store::Sending::repeated)
      ports_.limit.give_back(user);
    done(std::move(sent));
  });
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): what a moved std::function holds is not lost

void Chat::find_sent(const Asker& sender, const ConversationId& conversation, std::string client_id,
                     Done<std::optional<store::SentMessage>> done) {
  own_thread_.check();
  ports_.store.find_sent(conversation, sender.user, std::move(client_id),
                         [this, sender, conversation, done = std::move(done)](const auto& found) {
                           if (!found) return refuse(found.error(), sender, conversation, done);
                           done(*found);
                         });
}

limits::RateLimitStatus Chat::send_limit_of(const UserId& user) const { return ports_.limit.status(user, ports_.clock.now()); }

void Chat::commit(NewMessage message, const Asker& sender, Done<store::SentMessage> done) {
  const ConversationId conversation = message.conversation;
  ports_.store.send(std::move(message), [this, sender, conversation, done = std::move(done)](const auto& sent) {
    if (!sent) return refuse(sent.error(), sender, conversation, done);
    if (sent->how == store::Sending::stored) {
      typing_.sent(conversation, sender.user);
      if (sent->receiver && sent->message.seq == 1) first_message_between(sender.user, sent->receiver->user);
      const auto members = connected(sent->members);
      notify(members, MessageArrived{.view = view_of(sent->message), .receiver = sent->receiver});
      count_unread(conversation, members, [&](const UserId& user) { return user != sender.user; });
    }
    done(*sent);
  });
}

// --- changing what was sent ---

void Chat::edit(const Asker& actor, const ConversationId& conversation, const MessageId& message, std::string text,
                Done<store::ChangedMessage> done) {
  own_thread_.check();
  const auto status = ports_.limit.take(actor.user, ports_.clock.now());
  if (status.wait) return done(unexpected(Refused(status)));
  store::MessageEdit edit{conversation, message, actor.user, std::move(text), ports_.clock.wall()};
  const auto act = [edit = std::move(edit), actor](Chat& host, Done<store::ChangedMessage> answer) {
    host.ports_.store.edit(edit, [&host, edit, actor, answer = std::move(answer)](const auto& changed) {
      if (!changed) return host.refuse(changed.error(), actor, edit.conversation, answer);
      host.commit_change(*changed);
      answer(*changed);
    });
  };
  on_host<store::ChangedMessage>(host_of(conversation), act, [this, user = actor.user, done = std::move(done)](auto changed) {
    if (!changed) give_back_if_free(user, std::get<MessageFault>(changed.error()));
    done(std::move(changed));
  });
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): what a moved std::function holds is not lost

void Chat::remove(const Asker& actor, const ConversationId& conversation, const MessageId& message,
                  Done<store::ChangedMessage> done) {
  const store::MessageRemoval removal{conversation, message, actor.user, ports_.clock.wall()};
  const auto act = [removal, actor](Chat& host, Done<store::ChangedMessage> answer) {
    host.ports_.store.remove(removal, [&host, removal, actor, answer = std::move(answer)](const auto& changed) {
      if (!changed) return host.refuse(changed.error(), actor, removal.conversation, answer);
      host.commit_change(*changed);
      answer(*changed);
    });
  };
  on_host<store::ChangedMessage>(host_of(conversation), act, std::move(done));
}

void Chat::commit_change(const store::ChangedMessage& changed) {
  if (changed.members.empty()) return;
  const auto members = connected(changed.members);
  notify(members, MessageChanged{view_of(changed.message)});
  const auto& counted = changed.counted_by;
  count_unread(changed.message.conversation, members,
               [&](const UserId& user) { return std::find(counted.begin(), counted.end(), user) != counted.end(); });
}

// --- receipts ---

void Chat::move_receipt(const Asker& reader, const ConversationId& conversation, Receipt what, std::uint64_t up_to,
                        Done<store::MovedReceipt> done) {
  const store::ReceiptMove move{conversation, reader.user, what, up_to};
  const auto act = [move, reader](Chat& host, Done<store::MovedReceipt> answer) {
    host.commit_receipt(move, reader, std::move(answer));
  };
  on_host<store::MovedReceipt>(host_of(conversation), act, std::move(done));
}

void Chat::commit_receipt(const store::ReceiptMove& move, const Asker& reader, Done<store::MovedReceipt> done) {
  ports_.store.move_receipt(move, [this, move, reader, done = std::move(done)](const auto& moved) {
    if (!moved) return refuse(moved.error(), reader, move.conversation, done);
    if (!moved->others.empty() || moved->unread_changed) {
      std::vector<UserId> users = moved->others;
      users.push_back(move.user);
      const auto members = connected(users);
      notify(std::span(members).first(moved->others.size()), ReceiptMoved{move.conversation, move.user, moved->now});
      if (moved->unread_changed) count_unread(move.conversation, members, [&](const UserId& user) { return user == move.user; });
    }
    done(*moved);
  });
}

void Chat::note_delivered(const UserId& user, const ConversationId& conversation, std::uint64_t seq) {
  own_thread_.check();
  const ShardIndex host = host_of(conversation);
  if (host == mine_) return delivered_.arrived(conversation, user, seq);
  all_.post(ports_.mailboxes, host,
            [conversation, user, seq](Chat& there) { there.delivered_.arrived(conversation, user, seq); });
}

// --- typing ---

void Chat::type(const Asker& actor, const ConversationId& conversation, TypingChanged::State state,
                std::function<void(Expected<void, Refused>)> done) {
  const auto act = [actor, conversation, state](Chat& host, Done<void> answer) {
    host.typing_.sign(conversation, actor.user, state,
                      [&host, actor, conversation, answer = std::move(answer)](const auto& told) {
                        if (!told) return host.refuse(told.error(), actor, conversation, answer);
                        answer({});
                      });
  };
  on_host<void>(host_of(conversation), act, std::move(done));
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): what a moved std::function holds is not lost

void Chat::type_to(const Asker& actor, const UserId& other, TypingChanged::State state,
                   std::function<void(Expected<void, Refused>)> done) {
  const UserPair pair = pair_of(actor.user, other);
  const auto act = [actor, pair, state](Chat& host, Done<void> answer) {
    host.typing_.sign(pair, actor.user, state, [answer = std::move(answer)](const auto& told) {
      if (!told) return answer(unexpected(Refused(told.error())));
      answer({});
    });
  };
  on_host<void>(host_of(pair), act, std::move(done));
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): what a moved std::function holds is not lost

/// They have a conversation now, and type in it from their next sign on. That the sender types no more the message says itself.
void Chat::first_message_between(const UserId& sender, const UserId& receiver) {
  const UserPair pair = pair_of(sender, receiver);
  all_.post(ports_.mailboxes, host_of(pair), [pair, sender, receiver](Chat& host) {
    host.typing_.sent(pair, sender);
    host.typing_.end(pair, receiver);
  });
}

void Chat::on_time(TimePoint now) {
  own_thread_.check();
  typing_.on_time(now);
}

// --- reading ---

void Chat::page(const Asker& reader, store::MessageQuery query, Done<store::MessagePage> done) {
  own_thread_.check();
  query.reader = reader.user;
  ports_.store.page(query, [this, reader, conversation = query.conversation, done = std::move(done)](const auto& page) {
    if (!page) return refuse(page.error(), reader, conversation, done);
    done(*page);
  });
}

void Chat::unread(const UserId& user, Done<std::vector<store::UnreadCount>> done) {
  own_thread_.check();
  ports_.store.unread({user}, [done = std::move(done)](const auto& all) {
    if (!all) return done(unexpected(Refused(all.error())));
    done(all->empty() ? std::vector<store::UnreadCount>{} : all->front().counts);
  });
}

void Chat::search(const Asker& reader, SearchRequest request, Done<SearchPage> done) {
  own_thread_.check();
  store::MessageSearch query{reader.user, query_terms(request.text), request.conversation, {request.skip, request.limit}};
  ports_.store.search(std::move(query), [this, reader, where = request.conversation, done = std::move(done)](auto page) {
    if (!page) return refuse(page.error(), reader, where.value_or(ConversationId{}), done);
    done(*std::move(page));
  });
}

// --- notifying ---

namespace {

/// Only the native dialect has an event for counts, and this and the chat dialect have events for messages (K35).
bool shows_counts(call::Dialect dialect) { return dialect == call::Dialect::native; }
bool shows_messages(call::Dialect dialect) { return shows_counts(dialect) || dialect == call::Dialect::chat; }

}  // namespace

std::vector<Chat::Listener> Chat::connected(std::span<const UserId> users) const {
  std::vector<Listener> members;
  if (users.empty()) return members;
  const auto sessions = ports_.sessions.of(users);
  for (std::size_t i = 0; i < users.size(); ++i) {
    Listener& member = members.emplace_back(Listener{.user = users[i]});
    for (const sessions::LiveSession& each : sessions[i]) {
      if (!shows_messages(each.dialect)) continue;
      member.at.push_back(each.at);
      if (shows_counts(each.dialect)) std::swap(member.at.back(), member.at[member.counting++]);
    }
  }
  return members;
}

void Chat::notify(std::span<const Listener> members, const ChatNotice& notice) {
  for (const auto& member : members)
    for (const SessionAddress at : member.at) ports_.delivery.notify(at, notice);
}

void Chat::count_unread(const ConversationId& conversation, std::span<const Listener> members,
                        const std::function<bool(const UserId&)>& changed) {
  std::vector<UnreadUpdates::Member> told;
  for (const Listener& each : members) {
    if (each.counting == 0 || !changed(each.user)) continue;
    const auto counting = std::span(each.at).first(each.counting);
    told.push_back({each.user, {counting.begin(), counting.end()}});
  }
  unread_updates_.changed(conversation, std::move(told));
}

MessageView Chat::view_of(const Message& message) const {
  return std::make_shared<const ShownMessage>(ShownMessage{message, ports_.json(message)});
}

}  // namespace belfry::chat
