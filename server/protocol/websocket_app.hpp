// WebSocketApp: what runs on plain WebSockets, without Engine.IO: text messages both ways, and nothing else. Its sockets are
// named by their ConnectionId. Mounted by the Endpoint, one per shard.
#pragma once

#include <string_view>

#include "protocol/engine_app.hpp"
#include "protocol/link.hpp"
#include "wire/http/request.hpp"

namespace belfry::protocol {

class WebSocketApp {
 public:
  virtual ~WebSocketApp() = default;
  /// Where the socket that this request opens is to live. The connection moves there before it is answered, so every shard must
  /// say the same of the same request.
  [[nodiscard]] virtual ShardIndex shard_of(const http::Request& request) = 0;
  /// The app may send and close within it.
  virtual void on_websocket_open(ConnectionId socket, const Handshake& handshake) = 0;
  /// `text` is UTF-8, and valid during the call. The app may close the socket within it.
  virtual void on_websocket_text(ConnectionId socket, std::string_view text) = 0;
  /// The peer closed it, or it failed, or the server drains. Not called after the app's own close.
  virtual void on_websocket_closed(ConnectionId socket) = 0;
};

}  // namespace belfry::protocol
