#include "gateway/chat/render_messages.hpp"

#include <string>
#include <utility>

#include "base/uuid.hpp"
#include "domain/chat/rights.hpp"
#include "gateway/json/chat_messages.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway::chat_clients {

using account::UserId;

std::optional<ServerEvent> render(const chat::MessageArrived& notice, const UserId& viewer) {
  const bool receives = notice.receiver && notice.receiver->user == viewer;
  if (!receives || !counts_as_unread(notice.view->message, viewer)) return std::nullopt;  // K18: the same ones
  return ServerEvent{"newMessage", chat_message_json(notice.view->message, *notice.receiver)};
}

ServerEvent render(const chat::TypingChanged& notice) {
  std::string text;
  json::Writer json(text);
  json.open_object()
      .member("from", to_text(notice.user.value()))
      .member("typing", notice.state == chat::TypingChanged::State::types)
      .close_object();
  return {"typing", std::move(text)};
}

}  // namespace belfry::gateway::chat_clients
