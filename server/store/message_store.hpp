// MessageStore: the messages of conversations, how far each member has read them, and their full-text search (SPEC K31 to K44).
// Each change is one transaction, in which the domain decides (domain/chat/rights.hpp) about the rows as they are then; the
// number of a message is given in it, so numbers have no gaps and follow the order of commits.
//
// Tables: `messages` (number, id, conversationId, seq, senderId, clientMessageId, kind, text, replyTo?, createdAt, editedAt?,
// deletedAt?, attachments, sentText?; of the entry of a call callId, callType, callStatus, callEndReason?, callStartedAt?,
// callEndedAt) with the search index beside it, and the pointers of `conversation_members` (joinedAfterSeq, readUpToSeq,
// deliveredUpToSeq; countedUpToSeq and countedUnread are the SQL stores' own, adapters/sql/message_columns.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.hpp"
#include "base/expected.hpp"
#include "domain/chat/message.hpp"
#include "domain/chat/ranking.hpp"
#include "domain/chat/receipts.hpp"
#include "domain/chat/rights.hpp"
#include "store/done.hpp"

namespace belfry::store {

using account::UserId;
using chat::Message;
using chat::MessageId;
using conversation::ConversationId;

/// chat::Refusal, and what only a store knows. wrong_reply: the message to reply to is none of this conversation.
/// wrong_attachment: a file is none of the sender's (file_store.hpp). wrong_position: the page shall begin at a message that is
/// none of it. client_id_taken: the sender has sent something else under it.
enum class MessageFault : std::uint8_t {
  not_participant,
  not_found,
  forbidden,
  blocked,
  wrong_reply,
  wrong_attachment,
  wrong_position,
  client_id_taken,
  unavailable
};
[[nodiscard]] inline MessageFault fault_of(chat::Refusal refusal) {
  switch (refusal) {
    case chat::Refusal::not_participant:
      return MessageFault::not_participant;
    case chat::Refusal::not_found:
      return MessageFault::not_found;
    case chat::Refusal::forbidden:
      return MessageFault::forbidden;
    case chat::Refusal::blocked:
      return MessageFault::blocked;
  }
  CHECK(false, "a refusal of a message without its fault");
}

/// repeated: it is stored already, and nothing changed.
enum class Sending : std::uint8_t { stored, repeated };
struct SentMessage {
  Message message{};
  Sending how = Sending::stored;
  std::vector<UserId> members{};  // of the conversation as the message was stored, the sender too; of a repeat none
  std::optional<chat::MemberPointers> receiver{};  // the other side of a direct conversation, of a repeat too
};

struct MessageEdit {
  ConversationId conversation{};
  MessageId message{};
  UserId actor{};
  std::string text{};
  WallTime at{};
};
struct MessageRemoval {
  ConversationId conversation{};
  MessageId message{};
  UserId actor{};
  WallTime at{};
};
/// members: those who may read it (K42), its sender too; none if the message was so already.
struct ChangedMessage {
  Message message{};
  std::vector<UserId> members{};
  std::vector<UserId> counted_by{};  // of these members it was one of the unread messages, and is none now
};

/// Where a page of history begins: at the newest message, or beside one that is named by its number or its id.
struct MessageBound {
  enum class Side : std::uint8_t { before, after };
  Side side = Side::before;
  std::variant<std::uint64_t, MessageId> of{};
};
struct MessageQuery {
  ConversationId conversation{};
  UserId reader{};
  std::optional<MessageBound> bound{};
  std::uint32_t limit = 50;
};
struct MessagePage {
  std::vector<Message> messages{};            // ascending by seq
  bool more = false;                          // on the far side of the page, in the direction in which it was read
  std::uint64_t last_seq = 0;                 // of the conversation
  std::vector<chat::MemberPointers> sides{};  // of a direct conversation, both of its members
};

struct ReceiptMove {
  ConversationId conversation{};
  UserId user{};
  chat::Receipt what{};
  std::uint64_t up_to = 0;
};
struct MovedReceipt {
  chat::Pointers now{};
  std::uint64_t unread = 0;
  bool unread_changed = false;
  std::vector<UserId> others{};  // the other members; none if no pointer moved
};

struct UnreadCount {
  ConversationId conversation{};
  std::uint64_t count = 0;
  friend bool operator==(const UnreadCount&, const UnreadCount&) = default;
};
/// Of one user, only conversations with a count.
struct UserUnread {
  UserId user{};
  std::vector<UnreadCount> counts{};  // ascending by id
};

/// Messages that have all of the terms, each as the beginning of one of theirs.
struct MessageSearch {
  UserId reader{};
  std::vector<std::string> terms{};              // chat::query_terms(), at least one
  std::optional<ConversationId> conversation{};  // else all of the reader's
  chat::SearchSpan span{};
};

class MessageStore {
 public:
  // A search looks at so many of the newest messages that have chat::terms_for_index(); the best of them come first. So its cost
  // is bounded however common a word is, and every store answers the same.
  static constexpr std::uint32_t kMostMatches = 1'000;

  virtual ~MessageStore() = default;
  template <class T>
  using Answer = Done<Expected<T, MessageFault>>;

  virtual void send(chat::NewMessage request, Answer<SentMessage> done) = 0;
  virtual void edit(MessageEdit edit, Answer<ChangedMessage> done) = 0;
  virtual void remove(MessageRemoval removal, Answer<ChangedMessage> done) = 0;
  /// What this sender has sent under this client id, as send() answers it to its repeat.
  virtual void find_sent(ConversationId conversation, UserId sender, std::string client_id,
                         Answer<std::optional<SentMessage>> done) = 0;
  virtual void page(MessageQuery query, Answer<MessagePage> done) = 0;
  virtual void move_receipt(ReceiptMove move, Answer<MovedReceipt> done) = 0;
  /// In the order of the users.
  virtual void unread(std::vector<UserId> users, Answer<std::vector<UserUnread>> done) = 0;
  /// The members whom this one may reach, without themselves.
  virtual void others(ConversationId conversation, UserId user, Answer<std::vector<UserId>> done) = 0;
  /// Of what the reader may read. Searches take long, and so wait for each other, but no other question waits for them.
  virtual void search(MessageSearch query, Answer<chat::SearchPage> done) = 0;
};

}  // namespace belfry::store
