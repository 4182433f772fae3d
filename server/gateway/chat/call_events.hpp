// CallEvents: the client events of the chat dialect about calls (SPEC K20 to K25). Each is checked whole, and becomes one command
// of app/calls, whose answer is the event's. One per shard. Not here: what the other side is sent (render.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/calls/calls.hpp"
#include "base/clock.hpp"
#include "gateway/chat/event_answers.hpp"
#include "gateway/chat/held_timeouts.hpp"
#include "gateway/chat/session.hpp"
#include "gateway/chat/user_lookup.hpp"
#include "gateway/dialects/ports.hpp"
#include "store/conversation_store.hpp"

namespace belfry::gateway::chat_clients {

class CallEvents {
 public:
  struct Ports {
    CallsPort& calls;
    store::ConversationStore& blocks;
    const Clock& clock;
    HeldTimeouts* timeouts = nullptr;  // null: sent at once
  };
  /// All must outlive this object.
  CallEvents(SessionTable& sessions, const EventAnswers& answers, const UserLookup& users, const Ports& ports)
      : sessions_(sessions),
        answers_(answers),
        users_(users),
        ports_(ports) {}

  using Event = protocol::IncomingEvent;
  void call_user(const PendingEvent& pending, const Event& event);
  void answer_call(const PendingEvent& pending, const Event& event);
  void call_rejected(const PendingEvent& pending, const Event& event);
  void end_call(const PendingEvent& pending, const Event& event);
  void ice_candidate(const PendingEvent& pending, const Event& event);

 private:
  using Call = std::optional<calls::CallId>;
  using Leave = void (CallsPort::*)(const calls::Actor&, const calls::CallId&, calls::Reply);
  void leave(const PendingEvent& pending, const Event& event, Leave command);
  void start(const PendingEvent& pending, const std::string& to, calls::StartCall start);
  void refuse_start(const PendingEvent& pending, std::string_view to, const calls::Refused& refused);
  void refuse_start(const PendingEvent& pending, std::string_view to, std::string_view reason, const Failure& failure);
  [[nodiscard]] Call call_with(const PendingEvent& pending, const std::string& to) const;
  void refuse_without_call(const PendingEvent& pending);
  [[nodiscard]] calls::Reply call_reply(const PendingEvent& pending);

  SessionTable& sessions_;
  const EventAnswers& answers_;
  const UserLookup& users_;
  Ports ports_;
};

}  // namespace belfry::gateway::chat_clients
