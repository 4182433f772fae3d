#include "app/direct_messages/direct_messages.hpp"

#include <utility>

#include "app/files/data_url.hpp"
#include "wire/media/sniff.hpp"

namespace belfry::direct_messages {
namespace {

using store::MessageFault;

bool is_data_url(std::string_view image) { return image.starts_with("data:"); }

bool is(const chat::Refused& refused, MessageFault fault) {
  const auto* found = std::get_if<MessageFault>(&refused);
  return found != nullptr && *found == fault;
}

}  // namespace

bool is_repeat_with_picture(const chat::Message& stored, std::string_view text, std::string_view data_url) {
  const auto picture = files::read_data_url(data_url);
  if (!picture || !chat::is_repeat_of(stored, {.text = std::string(text), .picture_size = picture->bytes.size()})) return false;
  return stored.deleted || stored.attachments.front().mime == media::mime_of(media::sniff(picture->bytes));
}

Expected<void, chat::Refused> DirectMessages::may_send(const Sending& sending) const {
  const auto status = ports_.chat.send_limit_of(sending.sender.user);
  if (status.limit == 0 || status.remaining > 0) return {};
  return unexpected(chat::Refused(status));
}

void DirectMessages::send(const chat::Asker& sender, Request request, Done done) {
  own_thread_.check();
  const auto sending =
      std::make_shared<Sending>(Sending{.sender = sender, .request = std::move(request), .done = std::move(done)});
  if (is_data_url(sending->request.image)) return send_new_picture(sending);
  const auto may = may_send(*sending);
  if (may) return attach_and_send(sending);
  // It may be a repeat, which is answered. Without a conversation it is none.
  ports_.conversations.find(sender.user, sending->request.to, [this, sending, limited = may.error()](const auto& found) {
    if (!found) return sending->refuse(found.error());
    if (!*found) return sending->refuse(limited);
    attach_and_send(sending);
  });
}

void DirectMessages::send_new_picture(const SendingPtr& sending) {
  if (sending->request.client_id.empty()) return store_and_send(sending);
  ports_.conversations.find(sending->sender.user, sending->request.to, [this, sending](const auto& found) {
    if (!found) return sending->refuse(found.error());
    if (!*found) return store_and_send(sending);
    answer_or_store(sending, **found);
  });
}

void DirectMessages::answer_or_store(const SendingPtr& sending, const chat::ConversationId& conversation) {
  const auto answer = [this, sending](const auto& before) {
    if (!before) return sending->refuse(before.error());
    if (!*before) return store_and_send(sending);
    if (is_repeat_with_picture((*before)->message, sending->request.text, sending->request.image)) return sending->done(**before);
    sending->refuse(chat::Refused(MessageFault::client_id_taken));
  };
  ports_.chat.find_sent(sending->sender, conversation, sending->request.client_id, answer);
}

void DirectMessages::store_and_send(const SendingPtr& sending) {
  if (const auto may = may_send(*sending); !may) return sending->refuse(may.error());
  attach_and_send(sending);
}

void DirectMessages::attach_and_send(const SendingPtr& sending) {
  if (sending->request.image.empty()) return send(sending, Retry::once);
  const std::string image = std::exchange(sending->request.image, {});  // long, and of no use any more
  ports_.files.attach(sending->sender.user, image, [this, sending](const auto& picture) {
    if (!picture) return sending->refuse(picture.error());
    sending->picture = *picture;
    send(sending, Retry::once);
  });
}

void DirectMessages::send(const SendingPtr& sending, Retry retry) {
  const account::UserId me = sending->sender.user, to = sending->request.to;
  ports_.conversations.open(me, to, [this, sending, me, to, retry](const auto& opened) {
    if (!opened) return sending->refuse(opened.error());
    chat::Chat::SendRequest message{
        .conversation = *opened, .client_id = sending->request.client_id, .text = sending->request.text};
    if (sending->picture) {
      message.attachments = {sending->picture->id};
      message.picture_size = sending->picture->uploaded;
    }
    ports_.chat.send(sending->sender, std::move(message), [this, sending, me, to, retry](const auto& sent) {
      if (sent) return sending->done(*sent);
      if (is(sent.error(), MessageFault::not_participant) && retry == Retry::once) {
        ports_.conversations.forget(me, to);  // all was wiped since we knew their conversation
        return send(sending, Retry::no);
      }
      // It names a file of somebody else.
      if (sending->picture && is(sent.error(), MessageFault::wrong_attachment))
        return sending->refuse(files::Refused(files::Fault::no_picture));
      sending->refuse(sent.error());
    });
  });
}

}  // namespace belfry::direct_messages
