// What a dialect needs of its shard, as narrow interfaces, so that tests of dialects need neither app/calls nor Socket.IO.
// shard_ports.hpp implements them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/calls/calls.hpp"
#include "base/address.hpp"

namespace belfry::gateway {

/// The part of app/calls that a client on a socket reaches. Commands and questions have the names of Calls; user_named() and
/// name_of() ask sessions::Sessions, and the session_*() go to sessions::ShardSessions, which calls app/calls in turn.
///
/// Three objects behind one interface, which ShardCalls forwards to function by function, so that a test of a dialect scripts one
/// fake and builds neither app/calls nor a store. Rejected: interfaces that Calls and ShardSessions implement themselves, since
/// app/ would then declare what its callers' tests need, and REST would reach a command by a virtual call; a concept, since the
/// dialects would become templates in headers.
class CallsPort {
 public:
  virtual ~CallsPort() = default;
  /// For a dialect that must name a call before its start is committed.
  [[nodiscard]] virtual calls::CallId new_call_id() = 0;
  virtual void start(calls::StartCall call, calls::Reply reply) = 0;
  virtual void accept(const calls::Actor& actor, const calls::CallId& call, call::Description answer, calls::Reply reply) = 0;
  virtual void reject(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) = 0;
  virtual void cancel(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) = 0;
  virtual void end(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) = 0;
  virtual void leave(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) = 0;
  virtual void ringing(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) = 0;
  virtual void ready(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) = 0;
  virtual void media(const calls::Actor& actor, const calls::CallId& call, calls::MediaReport report, calls::Reply reply) = 0;
  virtual void signal(const calls::Actor& actor, const calls::CallId& call, const calls::Signal& signal, calls::Reply reply) = 0;
  virtual void rejoin_calls(const calls::Actor& actor) = 0;

  // For dialects that call people by name. Only users with a live session on this server are found.
  [[nodiscard]] virtual std::optional<calls::CallId> call_between(calls::UserId me, std::string_view peer) const = 0;
  /// The same for a peer with this id, who need not be here.
  [[nodiscard]] virtual std::optional<calls::CallId> call_between(calls::UserId me, calls::UserId peer) const = 0;
  [[nodiscard]] virtual bool is_in_a_call(calls::UserId user) const = 0;
  [[nodiscard]] virtual std::optional<calls::UserId> user_named(std::string_view username) const = 0;
  [[nodiscard]] virtual std::optional<std::string> name_of(calls::UserId user) const = 0;
  /// Somebody at another address than `but` got this name from another spelling (LiveSession::spelling).
  [[nodiscard]] virtual bool is_spelled_otherwise(calls::UserId user, std::uint32_t spelling, SessionAddress but) const = 0;

  virtual void session_online(calls::UserId user, std::string_view username, const sessions::LiveSession& session) = 0;
  virtual void session_gone(calls::UserId user, SessionAddress at, sessions::Departure how) = 0;
  virtual void session_suspended(calls::UserId user, SessionAddress at) = 0;
  virtual void session_moves(SessionAddress at, ShardIndex to) = 0;
  virtual void session_recovered(calls::UserId user, SessionAddress before, SessionAddress now) = 0;
  [[nodiscard]] virtual bool session_resumed(calls::UserId user, SessionAddress at, calls::SessionId earlier) = 0;
  virtual void end_shown(calls::UserId user, const calls::CallId& call) = 0;
};

/// Controls the events of a socket. A dialect that waits for the store can hold the socket's events, in order, until the answer
/// comes. A few are queued; more are refused (Dialect::on_not_queued). The queue is dropped when the socket ends or leaves this
/// shard.
class SocketIn {
 public:
  virtual ~SocketIn() = default;
  /// Holds every event of this socket from now on.
  virtual void hold(SessionAddress socket) = 0;
  /// Handles the queued events before it returns, until one of them holds the socket again.
  virtual void release(SessionAddress socket) = 0;
  /// A hang-up is on its way. Until each of them is decided, an event that starts a call waits, and all that follows it: the
  /// caller's place is still taken (R-003-34), and the peer must be notified of the end before the new ring.
  virtual void hang_up_begins(SessionAddress socket) = 0;
  virtual void hang_up_decided(SessionAddress socket) = 0;
};

/// Sends to a socket. What is sent to a socket that is gone is dropped. Sending never ends a session within the call: a client
/// that reads too slowly is closed later, by a task of its own, so what a dialect holds of the session stays valid.
class SocketOut {
 public:
  virtual ~SocketOut() = default;
  /// `pieces` together are one JSON value. Kept for a suspended socket, which gets it when it recovers.
  virtual void emit(SessionAddress to, std::string_view event, std::span<const std::string_view> pieces) = 0;
  /// The same for events that a suspended socket need not get. A socket that got only such events needs no recovery log.
  virtual void emit_unkept(SessionAddress to, std::string_view event, std::string_view payload) = 0;
  virtual void acknowledge(SessionAddress to, std::uint64_t ack_id, std::string_view payload) = 0;
  /// Most of what was sent to it has left. What is worth sending only while it is new can be left out if not.
  [[nodiscard]] virtual bool has_room(SessionAddress) { return true; }
  /// Its transport is lost, and the client may come back.
  [[nodiscard]] virtual bool is_suspended(SessionAddress) { return false; }
  /// Closes the transport too. Sends DISCONNECT first, so that the client does not reconnect by itself. Ends the session within
  /// the call (Dialect::on_gone).
  virtual void close(SessionAddress to) = 0;
};

}  // namespace belfry::gateway
