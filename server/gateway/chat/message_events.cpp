#include "gateway/chat/message_events.hpp"

#include <utility>
#include <variant>

#include "gateway/chat/render_messages.hpp"
#include "gateway/chat/requests.hpp"
#include "gateway/dialects/acknowledgements.hpp"
#include "gateway/json/chat_messages.hpp"
#include "gateway/json/conversations.hpp"
#include "gateway/json/messages.hpp"

namespace belfry::gateway::chat_clients {

// --- client events ---

void MessageEvents::new_message(const PendingEvent& pending, const Event& event) {
  auto request = read_message(event);
  if (!request) return answers_.refuse(pending, {.error = ApiError::validation_failed, .details = request.error()});
  users_.find(request->to, [this, pending, request = *request](const auto& user) {
    if (!user) return answers_.refuse(pending, store_unavailable());
    if (!*user) return answers_.refuse(pending, {.error = ApiError::user_not_found});
    if (**user == pending.actor.user) return answers_.refuse(pending, bad_field("to", "self"));
    const auto answer = [this, pending, to = **user](const auto& sent) {
      if (!sent) return answers_.refuse(pending, failure_of(sent.error(), ports_.messages.max_picture_bytes()));
      answers_.succeed(pending,
                       success(chat_message_json(sent->message, sent->receiver.value_or(chat::MemberPointers{.user = to}))));
    };
    ports_.messages.send({pending.actor.user, "newMessage"},
                         {.to = **user, .client_id = request.client_id, .text = request.text, .image = request.image}, answer);
  });
}

void MessageEvents::typing(const PendingEvent& pending, const Event& event) {
  const auto request = read_typing(event);
  if (!request) return answers_.refuse(pending, {.error = ApiError::validation_failed, .details = request.error()});
  users_.find(request->to, [this, pending, state = request->state](const auto& user) {
    if (!user) return answers_.refuse(pending, store_unavailable());
    if (!*user || **user == pending.actor.user) return answers_.refuse(pending, {.error = ApiError::user_not_found});
    ports_.conversations.find(pending.actor.user, **user, [this, pending, state, other = **user](const auto& found) {
      if (!found) return answers_.refuse(pending, failure_of(found.error()));
      const auto answer = [this, pending](const Expected<void, chat::Refused>& done) {
        if (!done) return answers_.refuse(pending, failure_of(done.error()));
        answers_.succeed(pending, success());
      };
      const chat::Asker asker{pending.actor.user, "typing"};
      if (*found) return ports_.chat.type(asker, **found, state, answer);
      ports_.chat.type_to(asker, other, state, answer);
    });
  });
}

// --- notices ---

void MessageEvents::deliver(Session& session, const chat::ChatNotice& notice) {
  const SessionAddress at = session.context->at;
  const account::UserId user = session.context->identity->user;
  if (const auto* arrived = std::get_if<chat::MessageArrived>(&notice)) {
    const auto event = render(*arrived, user);
    if (!event) return;
    answers_.emit(at, *event);
    if (Session* still = sessions_.find(at)) note_delivered(*still, arrived->view->message);
    return;
  }
  const auto* typing = std::get_if<chat::TypingChanged>(&notice);
  if (typing == nullptr) return;  // receipts, edits and counts have no event here: a page asks for them (K35)
  if (!typing->conversation) return answers_.emit(at, render(*typing));
  ports_.conversations.if_direct(*typing->conversation, user, [this, at, typing = *typing] {
    if (sessions_.find(at) != nullptr) answers_.emit(at, render(typing));
  });
}

/// K38: it was written to a live session. What a lost one is kept is delivered when that session is back.
void MessageEvents::note_delivered(Session& session, const chat::Message& message) {
  if (session.suspended) return session.memory.note_kept({message.conversation, message.seq});
  move_delivered(session, {message.conversation, message.seq});
}

void MessageEvents::note_kept_delivered(Session& session) {
  for (const Reached& each : std::exchange(session.memory.kept, {})) move_delivered(session, each);
}

void MessageEvents::move_delivered(const Session& session, const Reached& reached) {
  ports_.chat.note_delivered(session.context->identity->user, reached.conversation, reached.seq);
}

}  // namespace belfry::gateway::chat_clients
