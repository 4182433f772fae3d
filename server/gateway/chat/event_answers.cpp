#include "gateway/chat/event_answers.hpp"

#include <span>
#include <utility>

#include "gateway/chat/requests.hpp"
#include "gateway/dialects/acknowledgements.hpp"

namespace belfry::gateway::chat_clients {

UnhandledEvent unhandled(const protocol::IncomingEvent& event) {
  std::string to = event.name == kCallUser ? addressee_of(event) : std::string{};
  return {.name = event.name, .ack_id = event.ack_id, .to = std::move(to)};
}

void EventAnswers::succeed(const PendingEvent& pending, std::string_view acknowledgement) const {
  if (pending.ack_id) out_.acknowledge(pending.actor.at, *pending.ack_id, acknowledgement);
  finish(pending);
}

void EventAnswers::refuse(const PendingEvent& pending, const Failure& failure) const {
  say_refused(pending.actor.at, pending.event, pending.ack_id, failure);
  finish(pending);
}

void EventAnswers::refuse_quietly(const PendingEvent& pending, const Failure& failure) const {
  if (pending.ack_id) out_.acknowledge(pending.actor.at, *pending.ack_id, refusal(failure));
  finish(pending);
}

void EventAnswers::finish(const PendingEvent& pending) const {
  if (pending.held) in_.release(pending.actor.at);
}

void EventAnswers::refuse_unhandled(SessionAddress at, const UnhandledEvent& event, std::string_view reason,
                                    const Failure& failure) const {
  if (event.name != kCallUser) return say_refused(at, event.name, event.ack_id, failure);
  emit(at, start_refused(event.to, reason));
  if (event.ack_id) out_.acknowledge(at, *event.ack_id, refusal(failure));
}

/// K26: by the acknowledgement, or else by an event. Not kept for a suspended socket, which would otherwise need a recovery log
/// for this alone.
void EventAnswers::say_refused(SessionAddress at, std::string_view event, std::optional<std::uint64_t> ack_id,
                               const Failure& failure) const {
  if (ack_id) return out_.acknowledge(at, *ack_id, refusal(failure));
  out_.emit_unkept(at, "chat-error", error_json(event, failure));
}

void EventAnswers::emit(SessionAddress at, const ServerEvent& event) const {
  const std::string_view payload = event.payload;
  out_.emit(at, event.name, std::span(&payload, 1));
}

}  // namespace belfry::gateway::chat_clients
