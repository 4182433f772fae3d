// UnreadUpdates: tells connected members how many messages they have not read, after something changed it (SPEC K39). A
// conversation has one question at a time on its way to the store: what changes meanwhile is told by the next one. So a burst of
// messages costs few counts, and the last count told of a conversation is the true one. The total beside it may lack what another
// conversation tells at the same time. A count costs what a member's conversations are, however long they have not read them
// (adapters/sql/message_columns.hpp). One per shard.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "app/sessions/delivery.hpp"
#include "app/sessions/live_session.hpp"
#include "store/message_store.hpp"

namespace belfry::chat {

class UnreadUpdates {
 public:
  UnreadUpdates(store::MessageStore& store, sessions::Delivery& delivery) : store_(store), delivery_(delivery) {}

  /// `at`: their sessions that show counts, at least one.
  struct Member {
    UserId user{};
    std::vector<SessionAddress> at{};
  };
  /// Of these members the count of this conversation may have changed.
  void changed(const ConversationId& conversation, std::vector<Member> members);
  /// These users are no longer in the conversation. They are told of no count that was not asked for yet, nor of one on its way
  /// (K42).
  void depart(const ConversationId& conversation, std::span<const UserId> users);
  /// The same for all who were in it.
  void conversation_ended(const ConversationId& conversation);

 private:
  using Waiting = std::map<UserId, std::vector<SessionAddress>>;
  struct Question {
    Waiting asked{};  // who is counted now
    Waiting next{};   // and who waits for the next question
  };
  void ask(const ConversationId& conversation, Waiting members);
  void tell(const ConversationId& conversation, const Waiting& members, const std::vector<store::UserUnread>& counts);

  store::MessageStore& store_;
  sessions::Delivery& delivery_;
  std::map<ConversationId, Question> questions_;  // those on their way
};

}  // namespace belfry::chat
