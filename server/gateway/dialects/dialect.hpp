// Dialect: how one kind of client talks (SPEC 2.5), one object per shard and dialect. SocketDesk (socket_desk.hpp) is what
// sessions speak to: it checks the credential of a new socket, chooses its dialect, and hands each event to that dialect; and it
// is the Announcer which hands each notice to the dialect of the session it is for.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/accounts/identity.hpp"
#include "app/calls/notice.hpp"
#include "gateway/dialects/rare_text.hpp"
#include "session/socket_handler.hpp"

namespace belfry::gateway {

/// A socket as the desk knows it, from CONNECT until it is gone. Kept by the desk; recovery moves it with the socket. Small,
/// because a million idle sockets have one each: what most of them lack is behind a pointer.
struct SocketSeat {
  SessionAddress at{};
  store::SessionId session{};                      // made at CONNECT; session.ready tells it
  std::unique_ptr<accounts::Identity> identity{};  // none: open mode without a credential
  RareText device{};                               // handshake auth.deviceId, else empty
};

class Dialect {
 public:
  virtual ~Dialect() = default;
  /// The socket speaks this dialect from now on. If an event told so, on_event follows with it.
  virtual void on_socket(SocketSeat& seat) = 0;
  /// The same, known at CONNECT already: `auth` is what the client said there (kind null if nothing).
  virtual void on_hello(SocketSeat& seat, json::Slice) { on_socket(seat); }
  virtual void on_event(SocketSeat& seat, const session::IncomingEvent& event) = 0;
  virtual void on_unreadable_event(SocketSeat& seat, std::string_view name) = 0;
  virtual void on_suspended(SocketSeat& seat) = 0;
  /// What this dialect must remember of the socket while it moves to the shard `to`; on_recovered gets it back there.
  virtual std::string on_detached(SocketSeat& seat, ShardIndex to) = 0;
  virtual void on_recovered(SocketSeat& seat, SessionAddress before, std::string state) = 0;
  /// `left`: on purpose. The seat is gone afterwards. Also called when the socket changes its dialect.
  virtual void on_gone(SocketSeat& seat, calls::Departure how) = 0;
  virtual void tell(SocketSeat& seat, const calls::Notice& notice) = 0;
};

}  // namespace belfry::gateway
