#include "protocol/websockets.hpp"

#include <utility>

#include "base/check.hpp"

namespace belfry::protocol {

using websocket::CloseCode;
using websocket::Incoming;

void WebSockets::mount(std::string path, WebSocketApp& app) {
  CHECK(mounts_.size() < static_cast<std::size_t>(WebSocketMount::none), "a connection can name each mount");
  mounts_.push_back({std::move(path), &app});
}

std::optional<WebSocketMount> WebSockets::at(std::string_view path) const {
  for (std::size_t i = 0; i < mounts_.size(); ++i)
    if (mounts_[i].path == path) return static_cast<WebSocketMount>(i);
  return std::nullopt;
}

/// nullptr: it is gone, or is no plain WebSocket.
ConnectionRecord* WebSockets::find(ConnectionId connection) {
  own_thread_.check();
  ConnectionRecord* record = connections_.find(connection);
  return record != nullptr && record->websocket != WebSocketMount::none ? record : nullptr;
}

void WebSockets::on_open(ConnectionId connection, WebSocketMount mount, const Handshake& handshake) {
  ConnectionRecord* record = connections_.find(connection);
  CHECK(record != nullptr, "a WebSocket is opened on an open connection");
  record->websocket = mount;
  app(mount).on_websocket_open(connection, handshake);
}

std::size_t WebSockets::on_frames(ConnectionId connection, MutableBytes input) {
  std::size_t used = 0;
  while (ConnectionRecord* record = find(connection)) {
    const WebSocketMount mount = record->websocket;
    const auto incoming = websocket::read(input.subspan(used), record->fragments, scratch_,
                                          {.role = websocket::Role::server, .max_message = settings_.max_payload});
    if (!incoming) {
      end(connection, mount, websocket::close_code(incoming.error()), websocket::explain(incoming.error()));
      break;
    }
    used += incoming->consumed;
    if (incoming->kind == Incoming::Kind::need_more) break;
    on_frame(connection, mount, *incoming);
    if (used < input.size() && find(connection) != nullptr && connections_.turn_is_over(connection)) break;
  }
  return used;
}

void WebSockets::on_frame(ConnectionId connection, WebSocketMount mount, const Incoming& frame) {
  switch (frame.kind) {
    case Incoming::Kind::need_more:
    case Incoming::Kind::pong:
      return;
    case Incoming::Kind::ping: {
      std::string& out = connections_.output(connection);
      websocket::append_header(out, websocket::Opcode::pong, frame.payload.size());
      out.append(as_text(frame.payload));
      return;
    }
    case Incoming::Kind::close:
      // RFC 6455 5.5.1: a close frame is answered with one.
      return end(connection, mount, frame.close == CloseCode::no_status ? CloseCode::normal : frame.close, "");
    case Incoming::Kind::text:
      return app(mount).on_websocket_text(connection, as_text(frame.payload));
    case Incoming::Kind::binary:
      return end(connection, mount, CloseCode::unsupported_data, "only text messages are understood here");
  }
}

/// Closes it from within; the app is notified.
void WebSockets::end(ConnectionId connection, WebSocketMount mount, CloseCode code, std::string_view reason) {
  websocket::append_close(connections_.output(connection), code, reason);
  connections_.close(connection, Ending::after_flush);
  app(mount).on_websocket_closed(connection);
}

void WebSockets::on_connection_closed(ConnectionId connection, WebSocketMount mount) {
  own_thread_.check();
  app(mount).on_websocket_closed(connection);
}

void WebSockets::close_all() {
  for (const auto& [connection, mount] : connections_.all_websockets()) end(connection, mount, CloseCode::going_away, "");
}

void WebSockets::send_text(ConnectionId socket, std::string_view text) {
  if (find(socket) == nullptr) return;
  std::string& out = connections_.output(socket);
  websocket::append_header(out, websocket::Opcode::text, text.size());
  out.append(text);
}

void WebSockets::close(ConnectionId socket, CloseCode code, std::string_view reason) {
  if (find(socket) == nullptr) return;
  websocket::append_close(connections_.output(socket), code, reason);
  connections_.close(socket, Ending::after_flush);
}

}  // namespace belfry::protocol
