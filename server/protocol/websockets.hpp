// WebSockets: the plain WebSockets of one shard, for the apps that are mounted here (websocket_app.hpp). Messages are text of at
// most `max_payload` bytes; there is no compression, and no ping of ours: an app that wants to know who is alive says so in its
// own protocol. An idle socket is its connection's record and nothing more.
//
// Not here: the handshake (http_side.hpp), WebSockets of Engine.IO sessions (engine.hpp).
// Owned by the Endpoint, used on the shard's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/own_thread.hpp"
#include "protocol/connections.hpp"
#include "protocol/settings.hpp"
#include "protocol/websocket_app.hpp"

namespace belfry::protocol {

class WebSockets {
 public:
  /// Both must outlive this object.
  WebSockets(Connections& connections, const EngineSettings& settings) : connections_(connections), settings_(settings) {}

  /// Before the first connection. The app must outlive the last one.
  void mount(std::string path, WebSocketApp& app);

  // --- for HttpSide -------------------------------------------------------------------------------------------------
  /// nullopt: nothing is mounted at this path.
  [[nodiscard]] std::optional<WebSocketMount> at(std::string_view path) const;
  [[nodiscard]] WebSocketApp& app(WebSocketMount mount) { return *mounts_[static_cast<std::size_t>(mount)].app; }
  /// The connection was answered with 101.
  void on_open(ConnectionId connection, WebSocketMount mount, const Handshake& handshake);

  // --- for the endpoint ---------------------------------------------------------------------------------------------
  /// Bytes of such a connection. Returns how many were used up.
  std::size_t on_frames(ConnectionId connection, MutableBytes input);
  void on_connection_closed(ConnectionId connection, WebSocketMount mount);
  /// The server drains.
  void close_all();

  // --- for the app; no such socket: nothing happens -----------------------------------------------------------------
  void send_text(ConnectionId socket, std::string_view text);
  void close(ConnectionId socket, websocket::CloseCode code, std::string_view reason);

 private:
  struct Mounted {
    std::string path;
    WebSocketApp* app = nullptr;
  };
  [[nodiscard]] ConnectionRecord* find(ConnectionId connection);
  void on_frame(ConnectionId connection, WebSocketMount mount, const websocket::Incoming& frame);
  void end(ConnectionId connection, WebSocketMount mount, websocket::CloseCode code, std::string_view reason);

  [[no_unique_address]] OwnThread own_thread_;
  Connections& connections_;
  const EngineSettings& settings_;
  std::vector<Mounted> mounts_;
  std::string scratch_;  // a message put together from fragments
};

}  // namespace belfry::protocol
