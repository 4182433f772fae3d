// The real things behind the dialects' ports: the shard's Calls, the live sessions of all shards, and its Sockets. Nothing is
// decided here: a function that does more than forward belongs to app/.
#pragma once

#include <span>
#include <utility>

#include "app/sessions/sessions.hpp"
#include "gateway/dialects/ports.hpp"
#include "protocol/sockets.hpp"

namespace belfry::gateway {

class ShardCalls final : public CallsPort {
 public:
  ShardCalls(calls::Calls& core, sessions::ShardSessions& shard_sessions, const sessions::Sessions& sessions, SocketOut& out)
      : core_(core),
        shard_sessions_(shard_sessions),
        sessions_(sessions),
        out_(out) {}
  [[nodiscard]] calls::CallId new_call_id() override { return core_.new_call_id(); }
  void start(calls::StartCall call, calls::Reply reply) override { core_.start(std::move(call), std::move(reply)); }
  void accept(const calls::Actor& actor, const calls::CallId& call, call::Description answer, calls::Reply reply) override {
    core_.accept(actor, call, std::move(answer), std::move(reply));
  }
  void reject(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) override {
    core_.reject(actor, call, std::move(reply));
  }
  void cancel(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) override {
    core_.cancel(actor, call, std::move(reply));
  }
  void end(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) override {
    core_.end(actor, call, std::move(reply));
  }
  void leave(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) override {
    core_.leave(actor, call, std::move(reply));
  }
  void ringing(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) override {
    core_.ringing(actor, call, std::move(reply));
  }
  void ready(const calls::Actor& actor, const calls::CallId& call, calls::Reply reply) override {
    core_.ready(actor, call, std::move(reply));
  }
  void media(const calls::Actor& actor, const calls::CallId& call, calls::MediaReport report, calls::Reply reply) override {
    core_.media(actor, call, report, std::move(reply));
  }
  void signal(const calls::Actor& actor, const calls::CallId& call, const calls::Signal& signal, calls::Reply reply) override {
    core_.signal(actor, call, signal, std::move(reply));
  }
  void rejoin_calls(const calls::Actor& actor) override { core_.rejoin_calls(actor); }

  [[nodiscard]] std::optional<calls::CallId> call_between(calls::UserId me, std::string_view peer) const override {
    return core_.call_between(me, peer);
  }
  [[nodiscard]] std::optional<calls::CallId> call_between(calls::UserId me, calls::UserId peer) const override {
    return core_.call_between(me, peer);
  }
  [[nodiscard]] bool is_in_a_call(calls::UserId user) const override { return core_.is_in_a_call(user); }
  [[nodiscard]] std::optional<calls::UserId> user_named(std::string_view username) const override {
    return sessions_.find(username);
  }
  [[nodiscard]] std::optional<std::string> name_of(calls::UserId user) const override { return sessions_.name_of(user); }
  [[nodiscard]] bool is_spelled_otherwise(calls::UserId user, std::uint32_t spelling, SessionAddress but) const override {
    return sessions_.is_spelled_otherwise(user, spelling, but);
  }

  void session_online(calls::UserId user, std::string_view username, const sessions::LiveSession& session) override {
    sessions::LiveSession entering = session;
    entering.suspended = out_.is_suspended(session.at);
    shard_sessions_.come(user, username, std::move(entering));
  }
  void session_gone(calls::UserId user, SessionAddress at, sessions::Departure how) override {
    shard_sessions_.leave(user, at, how);
  }
  void session_suspended(calls::UserId user, SessionAddress at) override { shard_sessions_.suspend(user, at); }
  void session_moves(SessionAddress at, ShardIndex to) override { shard_sessions_.move_away(at, to); }
  void session_recovered(calls::UserId user, SessionAddress before, SessionAddress now) override {
    shard_sessions_.recover(user, before, now);
  }
  [[nodiscard]] bool session_resumed(calls::UserId user, SessionAddress at, calls::SessionId earlier) override {
    return shard_sessions_.resume(user, at, earlier);
  }
  void end_shown(calls::UserId user, const calls::CallId& call) override { core_.end_shown(user, call); }

 private:
  calls::Calls& core_;
  sessions::ShardSessions& shard_sessions_;
  const sessions::Sessions& sessions_;
  SocketOut& out_;
};

class SocketIoOut final : public SocketOut {
 public:
  explicit SocketIoOut(protocol::Sockets& sockets) : sockets_(sockets) {}
  void emit(SessionAddress to, std::string_view event, std::span<const std::string_view> pieces) override {
    sockets_.emit(to, event, pieces, protocol::Keep::yes);
  }
  void emit_unkept(SessionAddress to, std::string_view event, std::string_view payload) override {
    sockets_.emit(to, event, std::span(&payload, 1), protocol::Keep::no);
  }
  void acknowledge(SessionAddress to, std::uint64_t ack_id, std::string_view payload) override {
    sockets_.acknowledge(to, ack_id, payload);
  }
  [[nodiscard]] bool has_room(SessionAddress to) override { return sockets_.has_room(to); }
  [[nodiscard]] bool is_suspended(SessionAddress at) override { return sockets_.is_suspended(at); }
  void close(SessionAddress to) override { sockets_.disconnect(to, protocol::Sockets::DisconnectScope::connection); }

 private:
  protocol::Sockets& sockets_;
};

}  // namespace belfry::gateway
