#include "gateway/native/chat_notices.hpp"

#include "base/uuid.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/json/messages.hpp"

namespace belfry::gateway::native {
namespace {

/// One event per notice.
struct ChatEvent {
  Sessions& sessions;
  NativeSession& session;

  void send_message(std::string_view event, const chat::ShownMessage& shown) const {
    sessions.emit(session, event, [&](json::Writer& json) {
      json.member("conversationId", to_text(shown.message.conversation.value())).key("message").raw(shown.json);
      if (session.memory.web) append_call_entry(json, shown.message);  // W-001-11: they look for it at the top
    });
  }
  void operator()(const chat::MessageArrived& notice) const { send_message("message.new", *notice.view); }
  void operator()(const chat::MessageChanged& notice) const { send_message("message.updated", *notice.view); }
  void operator()(const chat::ReceiptMoved& notice) const {
    sessions.emit(session, "message.status", [&](json::Writer& json) {
      json.member("conversationId", to_text(notice.conversation.value()))
          .member("userId", to_text(notice.user.value()))
          .member("readUpToSeq", static_cast<std::int64_t>(notice.now.read))
          .member("deliveredUpToSeq", static_cast<std::int64_t>(notice.now.delivered));
    });
  }
  void operator()(const chat::TypingChanged& notice) const {
    if (!notice.conversation) return;  // these clients know people by their conversations
    sessions.emit(session, "typing", [&](json::Writer& json) {
      json.member("conversationId", to_text(notice.conversation->value()))
          .member("userId", to_text(notice.user.value()))
          .member("typing", notice.state == chat::TypingChanged::State::types)
          .member("expiresAt", iso_text(notice.expires));
    });
  }
  void operator()(const chat::UnreadChanged& notice) const {
    sessions.emit(session, "unread.update", [&](json::Writer& json) {
      json.member("conversationId", to_text(notice.conversation.value()))
          .member("unreadCount", static_cast<std::int64_t>(notice.count))
          .member("total", static_cast<std::int64_t>(notice.total));
    });
  }
  void operator()(const chat::ConversationNews& notice) const {
    switch (notice.what) {
      case chat::ConversationNews::What::added:
      case chat::ConversationNews::What::updated: {
        const bool added = notice.what == chat::ConversationNews::What::added;
        return sessions.emit(session, added ? "conversation.new" : "conversation.updated",
                             [&](json::Writer& json) { json.key("conversation").raw(*notice.json); });
      }
      case chat::ConversationNews::What::removed:
        return sessions.emit(session, "conversation.removed",
                             [&](json::Writer& json) { json.member("conversationId", to_text(notice.conversation.value())); });
    }
  }
};

}  // namespace

void send_chat_notice(Sessions& sessions, NativeSession& session, const chat::ChatNotice& notice) {
  std::visit(ChatEvent{sessions, session}, notice);
}

}  // namespace belfry::gateway::native
