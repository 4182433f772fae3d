// SocketHandler: the events of Socket.IO sockets, for the gateway. A socket is one client in one namespace; its SessionAddress
// names it until on_disconnected or, when a recovery brings it to another place, on_recovered.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/address.hpp"
#include "base/expected.hpp"
#include "base/mailbox.hpp"
#include "protocol/engine_app.hpp"
#include "wire/json/json.hpp"
#include "wire/socketio/packet.hpp"

namespace belfry::protocol {

/// A client's request to join a namespace. Views, valid during the call.
struct ConnectRequest {
  std::string_view name_space;
  json::Slice auth;  // the CONNECT payload; kind null when there is none
  const Handshake& handshake;
};

/// Becomes CONNECT_ERROR {message, data}; data is JSON or empty. Protocol 4 clients get the message alone.
struct ConnectRefusal {
  std::string message;
  std::string data = {};
  /// Only a credential is missing, and the WebSocket of a client that polls may still bring a cookie (SPEC W-004-17).
  bool awaits_cookie = false;
};

struct IncomingEvent {
  std::string_view name;                   // decoded
  std::span<const json::Slice> arguments;  // without the name
  std::optional<std::uint64_t> ack_id;
  std::span<const std::string> attachments;  // of a binary event; placeholders in the arguments name them
};

/// An event that was well framed but whose JSON cannot be taken (too deep, a lone surrogate). Its sender may wait for an
/// acknowledgement.
struct UnreadableEvent {
  std::string_view name;  // as it was written; empty if it could not be read either
  std::optional<std::uint64_t> ack_id{};
};

enum class DisconnectReason : std::uint8_t {
  client_left,     // a DISCONNECT packet: an explicit leave (SPEC C-21)
  server_left,     // we disconnected it
  transport_lost,  // and it cannot come back: an old client, or recovery is off
  window_expired,  // it was suspended and did not come back in time
};

class SocketHandler {
 public:
  virtual ~SocketHandler() = default;
  /// Middleware: a refusal keeps the socket out.
  virtual Expected<void, ConnectRefusal> on_connecting(const ConnectRequest& request) = 0;
  /// A client wants a lost socket back. Refuses it as on_connecting() would, or returns the client's identity, in the gateway's
  /// own form, for owns().
  virtual Expected<std::string, ConnectRefusal> on_returning(const ConnectRequest& request) = 0;
  /// Called on the shard where that socket is: does it belong to `who`? If not, the client gets a new socket.
  virtual bool owns(SessionAddress socket, std::string_view who) = 0;
  virtual void on_connected(SessionAddress socket, const ConnectRequest& request) = 0;
  virtual void on_event(SessionAddress socket, const IncomingEvent& event) = 0;
  virtual void on_unreadable_event(SessionAddress socket, const UnreadableEvent& event) = 0;
  /// The transport is lost; the client may return within the recovery window. Events emitted meanwhile wait for it.
  virtual void on_suspended(SessionAddress socket) = 0;
  /// The socket moves to the shard `to`: return all that is kept of it, and forget it. `who` owns it.
  virtual std::string on_detached(SessionAddress socket, ShardIndex to, std::string_view who) = 0;
  /// A lost socket is back, maybe on another shard than before, with what on_detached() handed out.
  virtual void on_recovered(SessionAddress socket, SessionAddress before, std::string state) = 0;
  virtual void on_disconnected(SessionAddress socket, DisconnectReason reason) = 0;
};

}  // namespace belfry::protocol
