// Dialect: how one kind of client talks (SPEC 2.5), one object per shard and dialect. SocketRouter (socket_router.hpp) is
// what sessions speak to: it checks the credential of a new socket, chooses its dialect, and hands each event to that dialect;
// and it is the SessionPort which hands each notice to the dialect of the session it is for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "app/accounts/identity.hpp"
#include "app/notices/notice.hpp"
#include "app/sessions/live_session.hpp"
#include "gateway/dialects/rare_text.hpp"
#include "session/socket_handler.hpp"

namespace belfry::gateway {

/// A socket as the router knows it, from CONNECT until it is gone. Kept by the router; recovery moves it with the socket. Small,
/// because a million idle sockets have one each: what most of them lack is behind a pointer.
struct SocketContext {
  SessionAddress at{};
  store::SessionId session{};                      // made at CONNECT; session.ready tells it
  std::unique_ptr<accounts::Identity> identity{};  // none: open mode without a credential
  RareText device{};                               // handshake auth.deviceId, else empty
};

/// Why an event of a held socket could not be queued (EventQueue). `binary`: it has attachments.
enum class NotKept : std::uint8_t { too_many, binary };

class Dialect {
 public:
  virtual ~Dialect() = default;
  /// The socket speaks this dialect from now on. If an event chose the dialect, on_event follows with that event.
  virtual void on_socket(SocketContext& context) = 0;
  /// The same, known at CONNECT already: `auth` is what the client said there (kind null if nothing).
  virtual void on_hello(SocketContext& context, json::Slice) { on_socket(context); }
  virtual void on_event(SocketContext& context, const session::IncomingEvent& event) = 0;
  virtual void on_unreadable_event(SocketContext& context, std::string_view name) = 0;
  /// An event that came while the socket is held (SocketIn) and could not be queued; refuse it.
  virtual void on_not_kept(SocketContext& context, const session::IncomingEvent& event, NotKept why) = 0;
  virtual void on_suspended(SocketContext& context) = 0;
  /// What this dialect must remember of the socket while it moves to the shard `to`; on_recovered gets it back there.
  virtual std::string on_detached(SocketContext& context, ShardIndex to) = 0;
  virtual void on_recovered(SocketContext& context, SessionAddress before, std::string state) = 0;
  /// `left`: on purpose. The context is gone afterwards. Also called when the socket changes its dialect.
  virtual void on_gone(SocketContext& context, sessions::Departure how) = 0;
  virtual void tell(SocketContext& context, const Notice& notice) = 0;
  virtual void pass_signal(SocketContext& context, const calls::SignalArrived& signal) = 0;
};

}  // namespace belfry::gateway
