// TokenDialect: seed 000's app (SPEC 2.5, J-5). Its clients know conversations rather than calls: an event names a conversation,
// and means that conversation's active call. One per shard. A socket is a session of its user from CONNECT or from its first
// `call-started` on; there is no greeting. A session that was away is rung again, and is sent the ends that it missed.
//
// The events of one socket are handled one by one, each when the one before is answered: `call-cancel` right behind
// `call-started` means the call that is still being made, and only the answer of the start makes it the conversation's call.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/accounts/external_users.hpp"
#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "base/token_bucket.hpp"
#include "gateway/dialects/dialect.hpp"
#include "gateway/dialects/media_tokens.hpp"
#include "gateway/dialects/ports.hpp"
#include "gateway/token/requests.hpp"
#include "store/call_archive.hpp"

namespace belfry::gateway {

class TokenDialect final : public Dialect {
 public:
  /// All must outlive this object. `ensure_known`: accounts::ExternalUsers.
  struct Ports {
    CallsPort& calls;
    SocketIn& in;
    SocketOut& out;
    store::CallArchive& archive;
    const Clock& clock;
    accounts::EnsureKnown ensure_known{};
    /// A stranger was refused by this event (J-7.4).
    std::function<void(const calls::UserId&, const calls::ConversationId&, std::string_view event)> note_stranger{};
    MediaTokens* tokens = nullptr;  // null: starts need no token
  };
  /// A socket that sends one of these first is of this dialect.
  static constexpr std::array<std::string_view, 2> kOpeningEvents = {"call-started", "call-startedV2"};

  /// `events`: how many a session may send; each of them may read from the store.
  TokenDialect(const RateLimit& events, Ports ports);

  void on_socket(SocketContext& context) override;
  void on_event(SocketContext& context, const protocol::IncomingEvent& event) override;
  void on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) override;
  void on_not_queued(SocketContext& context, const protocol::IncomingEvent& event, NotQueued why) override;
  void on_suspended(SocketContext& context) override;
  std::string on_detached(SocketContext& context, ShardIndex to) override;
  void on_recovered(SocketContext& context, SessionAddress before, std::string state) override;
  void on_gone(SocketContext& context, sessions::Departure how) override;
  void notify(SocketContext& context, const Notice& notice) override;
  /// Media goes by the provider that issued the token: this dialect has no event for signals.
  void pass_signal(SocketContext&, const calls::SignalArrived&) override {}

 private:
  using Event = protocol::IncomingEvent;
  /// The part that moves with the socket to another shard.
  struct Memory {
    TokenBucket events{};
    bool online = false;  // app/calls knows the session
  };
  struct Session {
    SocketContext* context = nullptr;  // owned by the router, valid until on_gone or on_detached
    Memory memory{};
  };
  /// One client event that waits for its answer. The socket may be gone when it comes.
  struct PendingEvent {
    std::string_view event{};  // of kEvents
    calls::Actor actor{};
    std::optional<std::uint64_t> ack_id{};
  };
  struct Row {
    std::string_view name;
    void (TokenDialect::*act)(const PendingEvent&, const Event&);
  };
  static const Row kEvents[11];

  // token_dialect.cpp: sessions
  [[nodiscard]] Session* find(SessionAddress at);
  Session& place(SocketContext& context);
  void begin(Session& session);
  void enter(Session& session, std::string_view username);

  // commands.cpp: client events
  void call_started(const PendingEvent& pending, const Event& event);
  void call_accept(const PendingEvent& pending, const Event& event);
  void call_reject(const PendingEvent& pending, const Event& event);
  void call_cancel(const PendingEvent& pending, const Event& event);
  void call_end(const PendingEvent& pending, const Event& event);
  void call_ringing(const PendingEvent& pending, const Event& event);
  void call_join(const PendingEvent& pending, const Event& event);
  void call_token(const PendingEvent& pending, const Event& event);
  void handle(Session& session, const Event& event);
  void refuse_without_token(const PendingEvent& pending, const calls::ConversationId& conversation);
  void ring(const PendingEvent& pending, const calls::CallResult& started);
  using Plain = void (CallsPort::*)(const calls::Actor&, const calls::CallId&, calls::Reply);
  void plain(const PendingEvent& pending, const Event& event, Plain command);
  /// Continues with the call that the client means, or refuses.
  void with_call(const PendingEvent& pending, const Event& event, std::function<void(const calls::CallId&)> then);
  [[nodiscard]] bool may_join(const PendingEvent& pending);
  [[nodiscard]] MediaTokens::Answer media_answer(const PendingEvent& pending);
  [[nodiscard]] calls::Reply call_reply(const PendingEvent& pending);
  /// Each event ends in one of these two, which let the socket's next event in.
  void succeed(const PendingEvent& pending, std::string_view acknowledgement);
  void refuse(const PendingEvent& pending, const Failure& failure);
  void refuse_stranger(const PendingEvent& pending, const calls::ConversationId& conversation);
  void say_refused(SessionAddress at, std::optional<std::uint64_t> ack_id, const Failure& failure);
  void emit(SessionAddress at, std::string_view event, std::string_view payload);

  [[no_unique_address]] OwnThread own_thread_;
  const RateLimit& limit_;
  Ports ports_;
  boost::unordered_flat_map<std::uint32_t, Session> sessions_;  // by socket slot
};

}  // namespace belfry::gateway
