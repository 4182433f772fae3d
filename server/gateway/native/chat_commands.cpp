#include "gateway/native/chat_commands.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/dialects/fields.hpp"
#include "gateway/dialects/message_fields.hpp"
#include "gateway/json/files.hpp"
#include "gateway/json/messages.hpp"
#include "gateway/json/safe_integer.hpp"
#include "gateway/native/answers.hpp"

namespace belfry::gateway::native {
namespace {

using chat::ConversationId;
using chat::MessageId;
using Need = Fields::Need;

ConversationId conversation_in(Fields& fields) {
  return ConversationId(fields.id("conversationId", Need::required).value_or(Uuid{}));
}

std::vector<file::FileId> attachments_of(Fields& fields) {
  auto ids = attachments_in(fields.find("attachments").value_or(json::Slice{}));
  if (!ids) fields.blame("attachments", "invalid");
  return ids ? *std::move(ids) : std::vector<file::FileId>{};
}

template <class T, class Write>
chat::Done<T> answering(const ClientEvent& event, Write write) {
  return [answer = event.answer(), write = std::move(write)](const Expected<T, chat::Refused>& done) {
    answer(done ? success(write(*done)) : refusal(failure_of(done.error())));
  };
}

chat::Asker asker(const ClientEvent& event, std::string_view operation) { return {.user = event.user(), .operation = operation}; }

}  // namespace

const ChatCommands::Row ChatCommands::kEvents[6] = {
    {"message.send", &ChatCommands::message_send},           {"typing", &ChatCommands::typing},
    {"message.delivered", &ChatCommands::message_delivered}, {"message.read", &ChatCommands::message_read},
    {"message.edit", &ChatCommands::message_edit},           {"message.delete", &ChatCommands::message_delete},
};

void ChatCommands::message_send(const ClientEvent& event) {
  Fields fields(event.incoming, {"conversationId", "clientMessageId", "text", "replyTo", "attachments"});
  chat::Chat::SendRequest request{
      .conversation = conversation_in(fields), .client_id = client_id_in(fields), .attachments = attachments_of(fields)};
  request.text = text_in(fields, request.attachments.empty() ? Blank::refused : Blank::allowed);
  if (const auto id = fields.id("replyTo", Need::optional)) request.reply_to = MessageId(*id);
  if (!fields.good()) return event.refuse(fields.issues().value());
  ports_.chat->send(asker(event, "message.send"), std::move(request),
                    answering<store::SentMessage>(event, [](const auto& sent) { return message_json(sent.message); }));
}

void ChatCommands::message_edit(const ClientEvent& event) {
  Fields fields(event.incoming, {"conversationId", "messageId", "text"});
  const auto conversation = conversation_in(fields);
  const MessageId message(fields.id("messageId", Need::required).value_or(Uuid{}));
  std::string text = text_in(fields, Blank::refused);
  if (!fields.good()) return event.refuse(fields.issues().value());
  ports_.chat->edit(asker(event, "message.edit"), conversation, message, std::move(text),
                    answering<store::ChangedMessage>(event, [](const auto& changed) { return message_json(changed.message); }));
}

void ChatCommands::message_delete(const ClientEvent& event) {
  if (!limits_.admits_signal(event)) return;
  Fields fields(event.incoming, {"conversationId", "messageId"});
  const auto conversation = conversation_in(fields);
  const MessageId message(fields.id("messageId", Need::required).value_or(Uuid{}));
  if (!fields.good()) return event.refuse(fields.issues().value());
  ports_.chat->remove(asker(event, "message.delete"), conversation, message,
                      answering<store::ChangedMessage>(event, [](const auto& changed) { return message_json(changed.message); }));
}

void ChatCommands::receipt(const ClientEvent& event, chat::Receipt what) {
  if (!limits_.admits_signal(event)) return;
  Fields fields(event.incoming, {"conversationId", "upTo"});
  const auto conversation = conversation_in(fields);
  const auto up_to = fields.integer("upTo", Need::required, 0, kMaxSafeInteger);
  if (!fields.good()) return event.refuse(fields.issues().value());
  const std::string_view operation = what == chat::Receipt::read ? "message.read" : "message.delivered";
  ports_.chat->move_receipt(
      asker(event, operation), conversation, what, static_cast<std::uint64_t>(up_to.value_or(0)),
      answering<store::MovedReceipt>(event, [conversation](const auto& moved) { return receipt_json(conversation, moved); }));
}

void ChatCommands::typing(const ClientEvent& event) {
  if (!limits_.admits_signal(event)) return;
  Fields fields(event.incoming, {"conversationId", "typing"});
  const auto conversation = conversation_in(fields);
  const bool types = fields.flag("typing") || !fields.find("typing");
  if (!fields.good()) return event.refuse(fields.issues().value());
  const auto state = types ? chat::TypingChanged::State::types : chat::TypingChanged::State::stopped;
  ports_.chat->type(asker(event, "typing"), conversation, state,
                    [answer = event.answer(), conversation, state](const Expected<void, chat::Refused>& done) {
                      answer(done ? success(typing_json(conversation, state)) : refusal(failure_of(done.error())));
                    });
}

}  // namespace belfry::gateway::native
