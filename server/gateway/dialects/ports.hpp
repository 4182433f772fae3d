// What a dialect needs of the shard it runs on, as narrow as dialects use it, so that their tests need neither the call core nor
// Socket.IO. The adapters to the real ones are in shard_ports.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/calls/calls.hpp"
#include "base/address.hpp"

namespace belfry::gateway {

/// The part of app/calls that a client on a socket reaches; the same words.
class CallsPort {
 public:
  virtual ~CallsPort() = default;
  /// For a dialect that speaks of a call while it is being started.
  [[nodiscard]] virtual calls::CallId new_call_id() = 0;
  virtual void start(calls::StartCall call, calls::Reply reply) = 0;
  virtual void accept(const calls::Actor& actor, const calls::CallId& call, call::Description answer, calls::Reply reply) = 0;
  virtual void reject(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) = 0;
  virtual void cancel(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) = 0;
  virtual void end(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) = 0;
  virtual void ringing(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) = 0;
  virtual void ready(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) = 0;
  virtual void media(const calls::Actor& actor, const calls::CallId& call, calls::MediaReport report, calls::Reply reply) = 0;
  virtual void signal(const calls::Actor& actor, const calls::CallId& call, const calls::Signal& signal, calls::Reply reply) = 0;
  virtual void rejoin_calls(const calls::Actor& actor) = 0;
  virtual void note_attempt(calls::UserId caller, calls::UserId callee, call::CallType media) = 0;

  // For dialects that call people by name. Only users with a session on this server are found.
  [[nodiscard]] virtual std::optional<calls::CallId> call_between(calls::UserId me, std::string_view peer) const = 0;
  [[nodiscard]] virtual std::optional<calls::UserId> user_named(std::string_view username) const = 0;
  [[nodiscard]] virtual std::optional<std::string> name_of(calls::UserId user) const = 0;

  virtual void session_online(calls::UserId user, std::string_view username, const sessions::LiveSession& session) = 0;
  virtual void session_gone(calls::UserId user, SessionAddress at, sessions::Departure how) = 0;
  virtual void session_suspended(calls::UserId user, SessionAddress at) = 0;
  virtual void session_moves(SessionAddress at, ShardIndex to) = 0;
  virtual void session_recovered(calls::UserId user, SessionAddress before, SessionAddress now) = 0;
  [[nodiscard]] virtual bool session_resumed(calls::UserId user, SessionAddress at, calls::SessionId earlier) = 0;
  virtual void end_shown(calls::UserId user, const calls::CallId& call) = 0;
};

/// The way in from a socket. A dialect that asks the store something can make the socket's events wait, in order, for the answer.
/// A few are queued, more are refused (Dialect::on_not_kept). The queue is dropped when the socket ends or leaves this shard.
class SocketIn {
 public:
  virtual ~SocketIn() = default;
  /// From now on every event of this socket waits.
  virtual void hold(SessionAddress socket) = 0;
  /// Handles the queued events before it returns, or as many as it can until one makes the socket wait again.
  virtual void release(SessionAddress socket) = 0;
  /// A hang-up is on its way. Until each of them is decided, an event that starts a call waits, and all that follows it: the
  /// caller's place is still taken (R-003-34), and the peer is to hear the end before the new ring.
  virtual void hang_up_begins(SessionAddress socket) = 0;
  virtual void hang_up_decided(SessionAddress socket) = 0;
};

/// The way to a socket. What is sent to one that is gone is dropped.
class SocketOut {
 public:
  virtual ~SocketOut() = default;
  /// `pieces` together are one JSON value. Kept for a suspended socket, which gets it on its return.
  virtual void emit(SessionAddress to, std::string_view event, std::span<const std::string_view> pieces) = 0;
  /// The same for events that need not reach a socket that is away. A socket that got only such events needs no recovery log.
  virtual void emit_unkept(SessionAddress to, std::string_view event, std::string_view payload) = 0;
  virtual void acknowledge(SessionAddress to, std::uint64_t ack_id, std::string_view payload) = 0;
  /// With its transport: a client that must not come back by itself sees DISCONNECT first.
  virtual void close(SessionAddress to) = 0;
};

}  // namespace belfry::gateway
