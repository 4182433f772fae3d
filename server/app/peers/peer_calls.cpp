#include "app/peers/peer_calls.hpp"

namespace belfry::peers {

Relayed relayed(peerjs::Type type, std::string_view src, std::string_view dst, std::string_view payload,
                const std::optional<account::UserId>& from) {
  Relayed message{.type = type, .src = std::string(src), .dst = std::string(dst), .payload_size = payload.size(), .from = from};
  peerjs::append_message(message.text, type, src, dst, payload);
  return message;
}

}  // namespace belfry::peers
