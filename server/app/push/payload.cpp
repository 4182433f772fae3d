#include "app/push/payload.hpp"

#include "wire/json/iso_text.hpp"
#include "wire/json/writer.hpp"

namespace belfry::push {

std::string payload(store::PushType type, const store::StoredCall& call, std::string_view reason) {
  std::string text;
  json::Writer json(text);
  json.open_object()
      .member("type", to_text(type))
      .member("callId", to_text(call.row.id.value()))
      .member("callerId", to_text(call.row.caller.value()))
      .member("callerName", call.caller().username)
      .member("callType", to_text(call.row.media))
      .member("conversationId", call.row.conversation ? to_text(call.row.conversation->value()) : std::string())
      .member("expiresAt", json::iso_text(call.row.ring_expires.value_or(call.row.created)));
  if (type == store::PushType::cancel) json.member("reason", reason);
  json.close_object();
  return text;
}

}  // namespace belfry::push
