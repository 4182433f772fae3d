// MessageEvents: the client events of the chat dialect about messages (SPEC K17, K40), what its sessions are sent of them, and
// which messages count as delivered by that (K38). One per shard of a server that keeps messages.
#pragma once

#include "app/chat/chat.hpp"
#include "app/direct_messages/direct_conversations.hpp"
#include "app/direct_messages/direct_messages.hpp"
#include "gateway/chat/event_answers.hpp"
#include "gateway/chat/session.hpp"
#include "gateway/chat/user_lookup.hpp"

namespace belfry::gateway::chat_clients {

struct MessagePorts {
  chat::Chat& chat;
  direct_messages::DirectConversations& conversations;
  direct_messages::DirectMessages& messages;
};

class MessageEvents {
 public:
  /// All must outlive this object.
  MessageEvents(SessionTable& sessions, const EventAnswers& answers, const UserLookup& users, const MessagePorts& ports)
      : sessions_(sessions),
        answers_(answers),
        users_(users),
        ports_(ports) {}

  using Event = protocol::IncomingEvent;
  void new_message(const PendingEvent& pending, const Event& event);
  void typing(const PendingEvent& pending, const Event& event);

  void deliver(Session& session, const chat::ChatNotice& notice);
  /// The session is back, and its socket has been sent what it was kept.
  void note_kept_delivered(Session& session);

 private:
  void note_delivered(Session& session, const chat::Message& message);
  void move_delivered(const Session& session, const Reached& reached);

  SessionTable& sessions_;
  const EventAnswers& answers_;
  const UserLookup& users_;
  MessagePorts ports_;
};

}  // namespace belfry::gateway::chat_clients
