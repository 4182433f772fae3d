// The client events of the chat dialect about messages (SPEC K17, K40), and what its sessions are sent of them.
#include "gateway/json/messages.hpp"

#include <utility>
#include <variant>

#include "gateway/chat/chat_dialect.hpp"
#include "gateway/chat/message_events.hpp"
#include "gateway/chat/requests.hpp"
#include "gateway/dialects/acknowledgements.hpp"
#include "gateway/json/chat_messages.hpp"
#include "gateway/json/files.hpp"

namespace belfry::gateway {
namespace {

using store::ConversationFault;

Failure failure_of_opening(ConversationFault fault) {
  switch (fault) {
    case ConversationFault::user_unknown:
      return {.error = ApiError::user_not_found};
    case ConversationFault::blocked:
      return failure_of(chat::Refused(store::MessageFault::blocked));
    case ConversationFault::unavailable:
      return store_unavailable();
    case ConversationFault::not_participant:
    case ConversationFault::members_fixed:
    case ConversationFault::forbidden:
    case ConversationFault::too_many:
    case ConversationFault::key_taken:
      break;
  }
  return {.error = ApiError::forbidden};
}

bool is_gone(const Expected<store::SentMessage, chat::Refused>& sent) {
  const auto* fault = sent ? nullptr : std::get_if<store::MessageFault>(&sent.error());
  return fault != nullptr && *fault == store::MessageFault::not_participant;
}

}  // namespace

// --- client events ---

void ChatDialect::new_message(const PendingEvent& pending, const Event& event) {
  if (!has_messages()) return refuse(pending, {.error = ApiError::not_found, .message = "not supported"});
  auto request = chat_clients::read_message(event);
  if (!request) return refuse(pending, {.error = ApiError::validation_failed, .details = request.error()});
  find_user(request->to, [this, pending, request = *request](const auto& user) {
    if (!user) return refuse(pending, store_unavailable());
    if (!*user) return refuse(pending, {.error = ApiError::user_not_found});
    if (**user == pending.actor.user) return refuse(pending, bad_field("to", "self"));
    if (!request.image.empty() && ports_.files == nullptr) return refuse(pending, bad_field("image", "not_supported"));
    if (is_data_url(request.image)) return send_new_picture(pending, **user, request);
    if (!request.image.empty()) return send_with_picture(pending, **user, request);
    send_text(pending, **user, {.client_id = request.client_id, .text = request.text});
  });
}

/// Who may send no more makes no conversation either.
void ChatDialect::send_text(const PendingEvent& pending, const account::UserId& to, chat::Chat::SendRequest message) {
  const auto may = may_send(pending);
  if (may) return send(pending, to, std::move(message), Retry::once);
  const auto if_there = [this, pending, to, limited = may.error(), message = std::move(message)](const auto& found) {
    if (!found) return refuse(pending, failure_of_opening(found.error()));
    if (!*found) return refuse(pending, limited);
    send(pending, to, message, Retry::once);
  };
  ports_.conversations->find_direct(pending.actor.user, to, if_there);
}

/// K9: the picture becomes the file of the message.
void ChatDialect::send_with_picture(const PendingEvent& pending, const account::UserId& to, const MessageRequest& request) {
  chat::Chat::SendRequest message{.client_id = request.client_id, .text = request.text};
  ports_.files->attach(pending.actor.user, request.image,
                       [this, pending, to, message = std::move(message)](const auto& picture) mutable {
                         if (!picture) return refuse(pending, failure_of_image(picture.error(), ports_.files->max_bytes()));
                         message.attachments = {picture->id};
                         message.picture_size = picture->uploaded;
                         send(pending, to, std::move(message), Retry::once);
                       });
}

/// One that must be stored first: a repeat is answered before it is stored again (K32), and who may send no more stores none.
void ChatDialect::send_new_picture(const PendingEvent& pending, const account::UserId& to, const MessageRequest& request) {
  const auto store_and_send = [this, pending, to, request] {
    if (const auto may = may_send(pending); !may) return refuse(pending, may.error());
    send_with_picture(pending, to, request);
  };
  if (request.client_id.empty()) return store_and_send();
  ports_.conversations->find_direct(pending.actor.user, to, [this, pending, to, request, store_and_send](const auto& found) {
    if (!found) return refuse(pending, failure_of_opening(found.error()));
    if (!*found) return store_and_send();
    const auto answer = [this, pending, to, request, store_and_send](const auto& before) {
      if (!before) return refuse(pending, failure_of(before.error()));
      if (!*before) return store_and_send();
      if (is_repeat_with_picture((*before)->message, request.text, request.image)) return answer_sent(pending, to, **before);
      refuse(pending, failure_of(chat::Refused(store::MessageFault::client_id_taken)));
    };
    ports_.chat->find_sent({pending.actor.user, "newMessage"}, **found, request.client_id, answer);
  });
}

Expected<void, Failure> ChatDialect::may_send(const PendingEvent& pending) const {
  const auto status = ports_.chat->send_limit_of(pending.actor.user);
  if (status.limit == 0 || status.remaining > 0) return {};
  return unexpected(failure_of(chat::Refused(status)));
}

void ChatDialect::answer_sent(const PendingEvent& pending, const account::UserId& to, const store::SentMessage& sent) {
  succeed(pending, success(chat_message_json(sent.message, sent.receiver.value_or(chat::MemberPointers{.user = to}))));
}

void ChatDialect::send(const PendingEvent& pending, const account::UserId& to, chat::Chat::SendRequest request, Retry retry) {
  direct_.open(pending.actor.user, to, [this, pending, to, retry, request = std::move(request)](const auto& opened) mutable {
    if (!opened) return refuse(pending, failure_of_opening(opened.error()));
    request.conversation = *opened;
    ports_.chat->send({pending.actor.user, "newMessage"}, request, [this, pending, to, request, retry](const auto& sent) {
      if (is_gone(sent) && retry == Retry::once) {  // all was wiped since we knew their conversation
        direct_.forget(pending.actor.user, to);
        return send(pending, to, request, Retry::no);
      }
      if (!sent) return refuse(pending, failure_of(sent.error()));
      answer_sent(pending, to, *sent);
    });
  });
}

void ChatDialect::typing(const PendingEvent& pending, const Event& event) {
  if (!has_messages()) return refuse(pending, {.error = ApiError::not_found, .message = "not supported"});
  const auto request = chat_clients::read_typing(event);
  if (!request) return refuse(pending, {.error = ApiError::validation_failed, .details = request.error()});
  find_user(request->to, [this, pending, state = request->state](const auto& user) {
    if (!user) return refuse(pending, store_unavailable());
    if (!*user || **user == pending.actor.user) return refuse(pending, {.error = ApiError::user_not_found});
    direct_.find(pending.actor.user, **user, [this, pending, state, other = **user](const auto& found) {
      if (!found) return refuse(pending, failure_of_opening(found.error()));
      const auto answer = [this, pending](const Expected<void, chat::Refused>& done) {
        if (!done) return refuse(pending, failure_of(done.error()));
        succeed(pending, success());
      };
      const chat::Asker asker{pending.actor.user, "typing"};
      if (*found) return ports_.chat->type(asker, **found, state, answer);
      ports_.chat->type_to(asker, other, state, answer);
    });
  });
}

// --- notices ---

void ChatDialect::deliver(Session& session, const chat::ChatNotice& notice) {
  const SessionAddress at = session.context->at;
  const account::UserId user = session.context->identity->user;
  if (const auto* arrived = std::get_if<chat::MessageArrived>(&notice)) {
    const auto event = chat_clients::render(*arrived, user);
    if (!event) return;
    emit(at, *event);
    if (Session* still = find(at)) note_delivered(*still, arrived->view->message);
    return;
  }
  const auto* typing = std::get_if<chat::TypingChanged>(&notice);
  if (typing == nullptr) return;  // receipts, edits and counts have no event here: a page asks for them (K35)
  if (!typing->conversation) return emit(at, chat_clients::render(*typing));
  direct_.if_direct(*typing->conversation, user, [this, at, typing = *typing] {
    if (find(at) != nullptr) emit(at, chat_clients::render(typing));
  });
}

/// K38: it was written to a live session. What a lost one is kept is delivered when that session is back.
void ChatDialect::note_delivered(Session& session, const chat::Message& message) {
  if (!has_messages()) return;
  if (session.suspended) return session.memory.note_kept({message.conversation, message.seq});
  move_delivered(session, {message.conversation, message.seq});
}

void ChatDialect::move_delivered(const Session& session, const chat_clients::Reached& reached) {
  ports_.chat->note_delivered(session.context->identity->user, reached.conversation, reached.seq);
}

}  // namespace belfry::gateway
