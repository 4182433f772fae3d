// MessageStore on an SQL database (port.hpp), and the order in which a change is made. The statements are the adapter's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/sql/message_columns.hpp"
#include "adapters/sql/port.hpp"
#include "adapters/sql/search.hpp"
#include "store/message_store.hpp"

namespace belfry::sql {

using store::MessageFault;

/// A member, as their conversation is now.
struct Standing {
  chat::Actor actor{};
  chat::Pointers pointers{};
  std::uint64_t last_seq = 0;
};

/// The columns kStandingColumns.
template <class In>
[[nodiscard]] Standing take_standing(In& in, const store::UserId& user) {
  Standing taken{.actor = {.user = user}};
  taken.actor.where = conversation::parse_kind(in.text()).value_or(conversation::Kind::group);
  taken.last_seq = static_cast<std::uint64_t>(in.number());
  taken.actor.role = conversation::parse_role(in.text()).value_or(conversation::Role::member);
  taken.actor.joined_after = static_cast<std::uint64_t>(in.number());
  taken.pointers.read = static_cast<std::uint64_t>(in.number());
  taken.pointers.delivered = static_cast<std::uint64_t>(in.number());
  taken.actor.blocked = in.flag();
  return taken;
}

// What a change depends on. An adapter reads it at once, by lock_for_…() (locked_reads.hpp of each).

/// `members` in the order of Conversation::members.
struct SendingFacts {
  Standing sender{};
  std::optional<store::Message> before{};          // that the sender has sent under the same client id
  std::optional<store::Message> replied{};         // to which the request replies
  std::vector<std::optional<file::File>> files{};  // that the request names
  std::vector<chat::MemberPointers> members{};
};

/// Of a receipt: `unread` before it moves.
struct ReceiptFacts {
  Standing member{};
  std::uint64_t unread = 0;
  std::vector<chat::MemberPointers> members{};
};

[[nodiscard]] inline std::vector<store::UserId> users_of(const std::vector<chat::MemberPointers>& members) {
  std::vector<store::UserId> users;
  users.reserve(members.size());
  for (const auto& member : members) users.push_back(member.user);
  return users;
}

/// nullopt: one of them is somebody else's, or there is none.
[[nodiscard]] inline std::optional<std::vector<file::FileInfo>> own_files(const store::UserId& owner,
                                                                          std::vector<std::optional<file::File>> found) {
  std::vector<file::FileInfo> files;
  for (auto& each : found) {
    if (!each || each->owner != owner) return std::nullopt;
    files.push_back(std::move(each->info));
  }
  return files;
}

template <class Connection>
[[nodiscard]] std::vector<chat::MemberPointers> sides_if_direct(Connection& connection, const Standing& member,
                                                                const store::ConversationId& conversation) {
  if (member.actor.where != conversation::Kind::direct) return {};
  return pointers_of(connection, conversation);
}

/// After a message, and an entry of the server: a conversation may have nothing but those.
template <class Connection>
void settle_if_due(Connection& connection, const store::ConversationId& conversation, std::uint64_t seq) {
  if (seq % kSettledEvery == 0) settle_unread(connection, conversation, seq);
}

/// With who hears of it.
[[nodiscard]] inline store::SentMessage sent_message(store::Message message, store::Sending how, const SendingFacts& facts) {
  store::SentMessage sent{.message = std::move(message), .how = how};
  if (facts.sender.actor.where == conversation::Kind::direct) sent.receiver = receiver_among(facts.members, sent.message.sender);
  if (how == store::Sending::stored) sent.members = users_of(facts.members);
  return sent;
}

/// The sender has sent something under this client id already.
[[nodiscard]] inline Expected<store::SentMessage, MessageFault> sent_before(const chat::NewMessage& request, SendingFacts facts) {
  // The same id: the question runs again after a broken connection, and the first run was committed.
  if (facts.before->id == request.id) return sent_message(*std::move(facts.before), store::Sending::stored, facts);
  if (!is_repeat_of(*facts.before, request)) return unexpected(MessageFault::client_id_taken);
  return sent_message(*std::move(facts.before), store::Sending::repeated, facts);
}

template <class Connection>
[[nodiscard]] Expected<store::SentMessage, MessageFault> send_message(Connection& connection, const chat::NewMessage& request) {
  auto facts = lock_for_sending(connection, request);
  if (!facts) return unexpected(MessageFault::not_participant);
  if (facts->before) return sent_before(request, *std::move(facts));
  const Standing& sender = facts->sender;
  if (const auto allowed = may_send(sender.actor); !allowed) return unexpected(store::fault_of(allowed.error()));
  if (request.reply_to && !(facts->replied && may_read(sender.actor, facts->replied->seq)))
    return unexpected(MessageFault::wrong_reply);
  auto attachments = own_files(request.sender, std::move(facts->files));
  if (!attachments) return unexpected(MessageFault::wrong_attachment);
  const auto message = begin(request, sender.last_seq + 1, *std::move(attachments));
  insert_message(connection, message);
  for (const auto& info : message.attachments) insert_attachment(connection, message.id, info.id);
  settle_if_due(connection, request.conversation, message.seq);
  return sent_message(message, store::Sending::stored, *facts);
}

template <class Connection>
[[nodiscard]] Expected<std::optional<store::SentMessage>, MessageFault> find_repeated(Connection& connection,
                                                                                      const store::ConversationId& conversation,
                                                                                      const store::UserId& user,
                                                                                      std::string_view client_id) {
  const auto sender = standing_of(connection, conversation, user);
  if (!sender) return unexpected(MessageFault::not_participant);
  auto message = message_sent_as(connection, conversation, user, client_id);
  if (!message) return std::optional<store::SentMessage>{};
  const auto sides = sides_if_direct(connection, *sender, conversation);
  return std::optional(store::SentMessage{
      .message = *std::move(message), .how = store::Sending::repeated, .receiver = receiver_among(sides, user)});
}

/// What an earlier run of the same change would have answered. The question runs again if the connection broke, maybe after the
/// commit: then it finds its own effect.
template <class Result>
using FirstRun = std::shared_ptr<std::optional<Result>>;

/// `decide` says what a member makes of a message.
template <class Connection, class Decide>
[[nodiscard]] Expected<store::ChangedMessage, MessageFault> change_message(Connection& connection,
                                                                           const store::ConversationId& conversation,
                                                                           const store::MessageId& id, const store::UserId& user,
                                                                           std::optional<store::ChangedMessage>& earlier,
                                                                           const Decide& decide) {
  const auto actor = lock_for_change(connection, conversation, user);
  if (!actor) return unexpected(MessageFault::not_participant);
  const auto before = find_message(connection, conversation, id);
  if (!before) return unexpected(MessageFault::not_found);
  const chat::Changed after = decide(*before, actor->actor);
  if (!after) return unexpected(store::fault_of(after.error()));
  if (*after == *before) {
    if (earlier && earlier->message == *before) return *earlier;
    return store::ChangedMessage{.message = *before};
  }
  store::ChangedMessage changed{.message = *after, .members = readers_of(connection, conversation, before->seq)};
  if (after->deleted) {
    changed.counted_by = unread_by(connection, *before);
    uncount(connection, *before);
    release_files_of(connection, id, *after->deleted);
  }
  update_message(connection, *after);
  earlier = changed;
  return changed;
}

/// Numbers, both excluded, and how to read what is between them.
struct MessageSpan {
  std::uint64_t from = 0, to = 0;
  bool forward = false;
  std::uint32_t limit = 0;
};

template <class Connection>
[[nodiscard]] Expected<store::MessagePage, MessageFault> page_of_messages(Connection& connection,
                                                                          const store::MessageQuery& query) {
  const auto reader = standing_of(connection, query.conversation, query.reader);
  if (!reader) return unexpected(MessageFault::not_participant);
  MessageSpan span{.from = reader->actor.joined_after, .to = reader->last_seq + 1, .limit = query.limit + 1};
  if (query.bound) {
    std::uint64_t seq = 0;
    if (const auto* id = std::get_if<store::MessageId>(&query.bound->of)) {
      const auto message = find_message(connection, query.conversation, *id);
      if (!message || !may_read(reader->actor, message->seq)) return unexpected(MessageFault::wrong_position);
      seq = message->seq;
    } else {
      seq = std::get<std::uint64_t>(query.bound->of);
    }
    span.forward = query.bound->side == store::MessageBound::Side::after;
    if (span.forward) span.from = std::max(span.from, seq);
    if (!span.forward) span.to = std::min(span.to, seq);
  }
  store::MessagePage page{.messages = messages_between(connection, query.conversation, span), .last_seq = reader->last_seq};
  page.sides = sides_if_direct(connection, *reader, query.conversation);
  page.more = page.messages.size() > query.limit;
  if (page.more) page.messages.pop_back();
  if (!span.forward) std::reverse(page.messages.begin(), page.messages.end());
  return page;
}

[[nodiscard]] inline chat::Pointers pointers_after(const store::ReceiptMove& move, const Standing& member) {
  return advanced(member.pointers, move.what, move.up_to, member.last_seq);
}

/// The answer to a receipt that moves nothing; nullopt: it moves something.
template <class Connection>
[[nodiscard]] Expected<std::optional<store::MovedReceipt>, MessageFault> unmoved_receipt(Connection& connection,
                                                                                         const store::ReceiptMove& move) {
  const auto member = standing_of(connection, move.conversation, move.user);
  if (!member) return unexpected(MessageFault::not_participant);
  const chat::Pointers now = pointers_after(move, *member);
  if (now != member->pointers) return std::optional<store::MovedReceipt>{};
  return std::optional(store::MovedReceipt{.now = now, .unread = unread_in(connection, move.conversation, move.user)});
}

template <class Connection>
[[nodiscard]] Expected<store::MovedReceipt, MessageFault> move_receipt_in(Connection& connection, const store::ReceiptMove& move,
                                                                          std::optional<store::MovedReceipt>& earlier) {
  const auto facts = lock_for_receipt(connection, move);
  if (!facts) return unexpected(MessageFault::not_participant);
  const chat::Pointers now = pointers_after(move, facts->member);
  if (now == facts->member.pointers) {
    if (earlier && earlier->now == now) return *earlier;
    return store::MovedReceipt{.now = now, .unread = facts->unread};
  }
  set_pointers(connection, move.conversation, move.user, now);
  store::MovedReceipt moved{.now = now, .unread = unread_in(connection, move.conversation, move.user)};
  moved.unread_changed = moved.unread != facts->unread;
  moved.others = users_of(facts->members);
  std::erase(moved.others, move.user);
  earlier = moved;
  return moved;
}

template <class Connection>
[[nodiscard]] Expected<std::vector<store::UserId>, MessageFault> others_of(Connection& connection,
                                                                           const store::ConversationId& conversation,
                                                                           const store::UserId& user) {
  const auto member = standing_of(connection, conversation, user);
  if (!member) return unexpected(MessageFault::not_participant);
  if (const auto allowed = may_send(member->actor); !allowed) return unexpected(store::fault_of(allowed.error()));
  auto users = members_of(connection, conversation);
  std::erase(users, user);
  return users;
}

/// The newest kMostMatches that the index finds, the newest first.
template <class Connection>
[[nodiscard]] std::vector<MessageAhead> newest_matches(Connection& connection, const store::UserId& reader,
                                                       std::span<const store::ConversationId> conversations,
                                                       const std::vector<std::string>& terms) {
  // Each term stands in the index once for each conversation: one question for all of them has no bound.
  constexpr std::size_t kAskedAtOnce = 100;
  std::vector<MessageAhead> found;
  for (; !conversations.empty(); conversations = conversations.subspan(std::min(kAskedAtOnce, conversations.size()))) {
    const auto some = conversations.first(std::min(kAskedAtOnce, conversations.size()));
    auto more = search_messages(connection, reader, {some.begin(), some.end()}, terms);
    std::move(more.begin(), more.end(), std::back_inserter(found));
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.number > b.number; });
    if (found.size() > store::MessageStore::kMostMatches) found.resize(store::MessageStore::kMostMatches);
  }
  return found;
}

template <class Connection>
[[nodiscard]] Expected<chat::SearchPage, MessageFault> matches_of(Connection& connection, const store::MessageSearch& query) {
  auto conversations = conversations_of(connection, query.reader);
  if (query.conversation) std::erase_if(conversations, [&](const auto& each) { return each != *query.conversation; });
  if (query.conversation && conversations.empty()) return unexpected(MessageFault::not_participant);
  if (query.terms.empty()) return chat::SearchPage{};
  const auto found = newest_matches(connection, query.reader, conversations, chat::terms_for_index(query.terms));
  std::vector<std::string_view> texts;
  for (const MessageAhead& each : found) texts.emplace_back(each.text);
  const chat::BestTexts best = chat::best_texts(texts, query.terms, query.span);
  // The newest first again: best_of() puts them as best_texts() did, without those that have been edited or deleted since.
  std::vector<std::int64_t> numbers;
  for (const chat::RankedText& each : best.ranked) numbers.push_back(found[each.place].number);
  std::sort(numbers.rbegin(), numbers.rend());
  auto page = best_of(messages_numbered(connection, numbers), query.terms, {.skip = 0, .limit = query.span.limit});
  page.more = best.more;
  return page;
}

template <class Db>
class MessageStoreOn final : public store::MessageStore {
  using UserId = store::UserId;
  static constexpr MessageFault kFailed = MessageFault::unavailable;

 public:
  MessageStoreOn(Db& database, ShardIndex shard) : port_(database, shard) {}

  void send(chat::NewMessage request, Answer<store::SentMessage> done) override {
    const Uuid locks = request.conversation.value();
    port_.write_locking(
        locks, kFailed, [request = std::move(request)](auto& connection) { return send_message(connection, request); },
        std::move(done));
  }
  void edit(store::MessageEdit edit, Answer<store::ChangedMessage> done) override {
    auto earlier = std::make_shared<std::optional<store::ChangedMessage>>();
    const Uuid locks = edit.conversation.value();
    port_.write_locking(
        locks, kFailed,
        [edit = std::move(edit), earlier](auto& connection) {
          return change_message(connection, edit.conversation, edit.message, edit.actor, *earlier,
                                [&](const chat::Message& before, const chat::Actor& actor) {
                                  return chat::edit(before, actor, edit.text, edit.at);
                                });
        },
        std::move(done));
  }
  void remove(store::MessageRemoval removal, Answer<store::ChangedMessage> done) override {
    auto earlier = std::make_shared<std::optional<store::ChangedMessage>>();
    port_.write_locking(
        removal.conversation.value(), kFailed,
        [removal, earlier](auto& connection) {
          return change_message(
              connection, removal.conversation, removal.message, removal.actor, *earlier,
              [&](const chat::Message& before, const chat::Actor& actor) { return chat::remove(before, actor, removal.at); });
        },
        std::move(done));
  }
  void find_sent(store::ConversationId conversation, UserId sender, std::string client_id,
                 Answer<std::optional<store::SentMessage>> done) override {
    port_.read_or(
        kFailed,
        [conversation, sender, client_id = std::move(client_id)](auto& connection) {
          return find_repeated(connection, conversation, sender, client_id);
        },
        std::move(done));
  }
  void page(store::MessageQuery query, Answer<store::MessagePage> done) override {
    port_.read_or(kFailed, [query](auto& connection) { return page_of_messages(connection, query); }, std::move(done));
  }
  void move_receipt(store::ReceiptMove move, Answer<store::MovedReceipt> done) override {
    Answer<std::optional<store::MovedReceipt>> looked = [this, move, done = std::move(done)](const auto& unmoved) {
      if (!unmoved) return done(unexpected(unmoved.error()));
      if (*unmoved) return done(**unmoved);
      auto earlier = std::make_shared<std::optional<store::MovedReceipt>>();
      port_.write_locking(
          move.conversation.value(), kFailed,
          [move, earlier](auto& connection) { return move_receipt_in(connection, move, *earlier); }, done);
    };
    port_.read_or(kFailed, [move](auto& connection) { return unmoved_receipt(connection, move); }, std::move(looked));
  }
  void unread(std::vector<UserId> users, Answer<std::vector<store::UserUnread>> done) override {
    port_.read_or(
        kFailed, [users = std::move(users)](auto& connection) { return unread_of(connection, users); }, std::move(done));
  }
  void others(store::ConversationId conversation, UserId user, Answer<std::vector<UserId>> done) override {
    port_.read_or(
        kFailed, [conversation, user](auto& connection) { return others_of(connection, conversation, user); }, std::move(done));
  }
  void search(store::MessageSearch query, Answer<chat::SearchPage> done) override {
    port_.search_or(
        kFailed, [query = std::move(query)](auto& connection) { return matches_of(connection, query); }, std::move(done));
  }

 private:
  Port<Db> port_;
};

}  // namespace belfry::sql
