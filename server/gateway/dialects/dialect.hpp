// Dialect: how one kind of client talks (SPEC 2.5), one object per shard and dialect. SocketRouter (socket_router.hpp) is
// what Socket.IO sockets speak to: it checks the credential of a new socket, chooses its dialect, and hands each event to that
// dialect; and it is the SessionPort which hands each notice to the dialect of the live session it is for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "app/accounts/identity.hpp"
#include "app/notices/notice.hpp"
#include "app/sessions/live_session.hpp"
#include "gateway/dialects/rare_text.hpp"
#include "protocol/socket_handler.hpp"

namespace belfry::gateway {

/// What the router keeps of a socket, from CONNECT until it is gone; recovery moves it with the socket. It is small, because a
/// million idle sockets have one each: fields that most sockets lack are behind a pointer.
struct SocketContext {
  SessionAddress at{};
  store::SessionId session{};                      // of the live session; made at CONNECT, shown by session.ready
  std::unique_ptr<accounts::Identity> identity{};  // none: open mode without a credential
  RareText device{};                               // handshake auth.deviceId, else empty
};

/// The handshake of a socket whose dialect is known at CONNECT.
struct Hello {
  json::Slice auth{};  // the payload of CONNECT; kind null if none
  bool web = false;    // it has a credential and names neither a dialect nor a user: a client of seed 001 (SPEC W-001-01)
  bool fixed = false;  // it names this dialect; otherwise an event may still change it
};

/// Why an event of a held socket could not be queued (EventQueue). `binary`: it has attachments.
enum class NotQueued : std::uint8_t { too_many, binary };

class Dialect {
 public:
  virtual ~Dialect() = default;
  /// The socket uses this dialect from now on. If an event chose the dialect, on_event follows with that event.
  virtual void on_socket(SocketContext& context) = 0;
  /// The same, where CONNECT chose the dialect.
  virtual void on_hello(SocketContext& context, const Hello&) { on_socket(context); }
  virtual void on_event(SocketContext& context, const protocol::IncomingEvent& event) = 0;
  virtual void on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) = 0;
  /// Refuse this event: it came while the socket's events wait (SocketIn), and could not be queued.
  virtual void on_not_queued(SocketContext& context, const protocol::IncomingEvent& event, NotQueued why) = 0;
  virtual void on_suspended(SocketContext& context) = 0;
  /// Returns what this dialect must keep of the socket while it moves to the shard `to`; on_recovered gets it there.
  virtual std::string on_detached(SocketContext& context, ShardIndex to) = 0;
  virtual void on_recovered(SocketContext& context, SessionAddress before, std::string state) = 0;
  /// The socket is gone, or changes its dialect. The context is destroyed afterwards.
  virtual void on_gone(SocketContext& context, sessions::Departure how) = 0;
  virtual void notify(SocketContext& context, const Notice& notice) = 0;
  virtual void pass_signal(SocketContext& context, const calls::SignalArrived& signal) = 0;
};

}  // namespace belfry::gateway
