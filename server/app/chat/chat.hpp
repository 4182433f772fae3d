// Chat: the use cases of messages (SPEC K31 to K47); one instance per shard. A message is committed before anybody is notified of
// it; then its members are looked up once, and its JSON is written once. All changes of a conversation go through its host, the
// shard that its id names: so each of its members is notified in the order of the commits. Only the entry of a call is committed
// elsewhere, with the end of the call (app/calls): a message that follows it may be told before it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/chat/delivered_receipts.hpp"
#include "app/chat/typing_notices.hpp"
#include "app/chat/unread_updates.hpp"
#include "app/limits/sliding_window.hpp"
#include "app/notices/chat_notices.hpp"
#include "app/sessions/delivery.hpp"
#include "app/sessions/sessions.hpp"
#include "base/clock.hpp"
#include "base/on_shards.hpp"
#include "base/own_thread.hpp"
#include "base/random.hpp"
#include "store/conversation_store.hpp"
#include "store/message_store.hpp"

namespace belfry::chat {

/// How often a user may send or edit; shared by all shards (K47).
using SendLimit = limits::SlidingWindow<UserId, UuidHash>;

/// What the store refused, or the limit.
using Refused = std::variant<store::MessageFault, limits::RateLimitStatus>;
template <class T>
using Done = std::function<void(Expected<T, Refused>)>;

class Chat;
using Chats = OnShards<Chat>;

/// Who asks, and by which operation or event, for the audit (J-7.4). `operation` outlives the question.
struct Asker {
  UserId user{};
  std::string_view operation{};
};

struct SearchRequest {
  std::string text{};
  std::optional<ConversationId> conversation{};
  std::size_t skip = 0, limit = 20;
};

class Chat {
 public:
  /// All of them must outlive Chat.
  struct Ports {
    store::MessageStore& store;
    const sessions::Sessions& sessions;
    sessions::Delivery& delivery;
    Mailboxes& mailboxes;
    const Clock& clock;
    Random& random;
    SendLimit& limit;
    std::function<std::string(const Message&)> json;                                 // of a message, for its notices
    std::function<void(const Asker&, const ConversationId&)> refused_stranger = {};  // J-7.4
    store::ConversationStore* conversations = nullptr;                               // for change() and type_to()
    /// Of a conversation, for the news of it: for all its members, or for this one.
    std::function<std::string(const store::StoredConversation&, ConversationNews::What, const UserId*)> conversation_json = {};
  };
  Chat(ShardIndex mine, Chats& all, const Ports& ports);

  struct SendRequest {
    ConversationId conversation{};
    std::string client_id{};  // empty: the server makes one
    std::string text{};
    std::optional<MessageId> reply_to{};
    std::vector<file::FileId> attachments{};  // these two as of NewMessage
    std::optional<std::uint64_t> picture_size{};
  };
  void send(const Asker& sender, SendRequest request, Done<store::SentMessage> done);
  /// What they have sent there under this client id, as send() answers it to a repeat: for who must store a picture first.
  void find_sent(const Asker& sender, const ConversationId& conversation, std::string client_id,
                 Done<std::optional<store::SentMessage>> done);
  /// How many more they may send or edit now.
  [[nodiscard]] limits::RateLimitStatus send_limit_of(const UserId& user) const;
  void edit(const Asker& actor, const ConversationId& conversation, const MessageId& message, std::string text,
            Done<store::ChangedMessage> done);
  void remove(const Asker& actor, const ConversationId& conversation, const MessageId& message, Done<store::ChangedMessage> done);
  void move_receipt(const Asker& reader, const ConversationId& conversation, Receipt what, std::uint64_t up_to,
                    Done<store::MovedReceipt> done);
  /// The message `seq` has reached this user, whose client does not say so itself.
  void note_delivered(const UserId& user, const ConversationId& conversation, std::uint64_t seq);
  void type(const Asker& actor, const ConversationId& conversation, TypingChanged::State state,
            std::function<void(Expected<void, Refused>)> done);
  /// The same to somebody with whom they have no conversation yet: it makes none (K40).
  void type_to(const Asker& actor, const UserId& other, TypingChanged::State state,
               std::function<void(Expected<void, Refused>)> done);

  void page(const Asker& reader, store::MessageQuery query, Done<store::MessagePage> done);
  void unread(const UserId& user, Done<std::vector<store::UnreadCount>> done);
  void search(const Asker& reader, SearchRequest request, Done<SearchPage> done);

  // changes.cpp: what else becomes of a conversation
  using ChangeDone = std::function<void(Expected<store::ChangedConversation, store::ConversationFault>)>;
  /// Changes it and notifies its members (K41). Whoever was removed hears nothing more of it.
  void change(store::ConversationChange change, ChangeDone done);
  /// It was made just now.
  void opened(const store::StoredConversation& made);
  /// A call of it has ended, and the entry of that is committed (K43).
  void call_ended(store::WrittenEntry entry);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return typing_.next_deadline(); }
  void on_time(TimePoint now);

 private:
  // On the conversation's host.
  void commit(NewMessage message, const Asker& sender, Done<store::SentMessage> done);
  void commit_change(const store::ChangedMessage& changed);
  void commit_receipt(const store::ReceiptMove& move, const Asker& reader, Done<store::MovedReceipt> done);
  void first_message_between(const UserId& sender, const UserId& receiver);
  /// These users are no longer in the conversation.
  void depart(const ConversationId& conversation, std::span<const UserId> users);
  void conversation_ended(const ConversationId& conversation);
  void tell_change(const store::ChangedConversation& changed);
  /// `reader`: it is of one user, with what only they are told.
  void tell_news(std::span<const UserId> users, ConversationNews::What what, const store::StoredConversation& of,
                 const UserId* reader = nullptr);

  [[nodiscard]] ShardIndex host_of(const ConversationId& conversation) const;
  [[nodiscard]] ShardIndex host_of(const UserPair& pair) const;
  /// Runs `act(Chat&, done)` on the host; `done` runs on this shard.
  template <class T, class Act>
  void on_host(ShardIndex host, Act act, Done<T> done);
  void give_back_if_free(const UserId& user, const store::MessageFault& fault);
  template <class T>
  void refuse(const store::MessageFault& fault, const Asker& asker, const ConversationId& conversation, const Done<T>& done);

  /// A member, and their sessions that show messages; the first `counting` of these show counts too.
  struct Listener {
    UserId user{};
    std::vector<SessionAddress> at{};
    std::size_t counting = 0;
  };
  [[nodiscard]] std::vector<Listener> connected(std::span<const UserId> users) const;
  void notify(std::span<const Listener> members, const ChatNotice& notice);
  /// Tells those of whom `changed` how many messages of the conversation they have not read now.
  void count_unread(const ConversationId& conversation, std::span<const Listener> members,
                    const std::function<bool(const UserId&)>& changed);
  [[nodiscard]] MessageView view_of(const Message& message) const;

  [[no_unique_address]] OwnThread own_thread_;
  ShardIndex mine_;
  Chats& all_;
  Ports ports_;
  UnreadUpdates unread_updates_;
  DeliveredReceipts delivered_;
  TypingNotices typing_;
};

}  // namespace belfry::chat
