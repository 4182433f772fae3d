// ChatDialect: the client of seed 004 (SPEC 2.5, K12 to K26). It names a call by its peer only, and takes each event as it comes:
// an end without a call throws it out of the next one, and a second ring removes the first. So this dialect remembers of each
// call what its session was told, and tells it nothing twice. One per shard. A socket is a session of its user from CONNECT on;
// first it is sent who is online (online_lists.hpp), then the call that rings for it.
//
// The events of one socket are handled one by one, each when the one before is answered: `end-call` right behind `call-user`
// means the call that is still being made. Candidates do not wait for an answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/accounts/external_users.hpp"
#include "base/clock.hpp"
#include "base/token_bucket.hpp"
#include "gateway/chat/call_events.hpp"
#include "gateway/chat/event_answers.hpp"
#include "gateway/chat/held_timeouts.hpp"
#include "gateway/chat/hidden_users.hpp"
#include "gateway/chat/message_events.hpp"
#include "gateway/chat/online_lists.hpp"
#include "gateway/chat/peers_of.hpp"
#include "gateway/chat/render.hpp"
#include "gateway/chat/session.hpp"
#include "gateway/chat/user_lookup.hpp"
#include "gateway/dialects/dialect.hpp"
#include "gateway/dialects/ports.hpp"
#include "store/account_store.hpp"
#include "store/conversation_store.hpp"

namespace belfry::gateway {

struct ChatSettings {
  /// How many events a session may send; each of them may read from the store.
  RateLimit events{};
  chat_clients::EndEvents ends = chat_clients::EndEvents::both;
};

class ChatDialect final : public Dialect {
 public:
  /// All must outlive this object. `ensure_known`: accounts::ExternalUsers.
  struct Ports {
    CallsPort& calls;
    SocketIn& in;
    SocketOut& out;
    store::AccountStore& accounts;
    store::ConversationStore& blocks;
    const Clock& clock;
    chat_clients::OnlineLists& online;
    accounts::EnsureKnown ensure_known{};
    chat_clients::HeldTimeouts* timeouts = nullptr;        // null: sent at once
    PeersOf* peers = nullptr;                              // null: nobody speaks PeerJS
    std::optional<chat_clients::MessagePorts> messages{};  // none: the events about messages are not supported
  };
  static constexpr std::string_view kName = "chat";

  ChatDialect(const ChatSettings& settings, Ports ports);

  void on_socket(SocketContext& context) override;
  void on_hello(SocketContext& context, const Hello& hello) override;
  void on_event(SocketContext& context, const protocol::IncomingEvent& event) override;
  void on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) override;
  void on_not_queued(SocketContext& context, const protocol::IncomingEvent& event, NotQueued why) override;
  void on_suspended(SocketContext& context) override;
  std::string on_detached(SocketContext& context, ShardIndex to) override;
  void on_recovered(SocketContext& context, SessionAddress before, std::string state) override;
  void on_gone(SocketContext& context, sessions::Departure how) override;
  void notify(SocketContext& context, const Notice& notice) override;
  void pass_signal(SocketContext& context, const calls::SignalArrived& signal) override;

  [[nodiscard]] TimePoint next_deadline() const { return hidden_.next_deadline(); }
  void on_time(TimePoint now) { hidden_.on_time(now); }

  /// One of these two blocks the other now, or no longer.
  void blocks_changed(const account::UserId& one, const account::UserId& other) { hidden_.blocks_changed(one, other); }

 private:
  using Event = protocol::IncomingEvent;
  using PendingEvent = chat_clients::PendingEvent;
  using Session = chat_clients::Session;
  struct Row {
    std::string_view name;
    void (ChatDialect::*handler)(const PendingEvent&, const Event&);
    bool holds = true;  // the events behind it, until it is answered
  };
  static const Row kEvents[7];
  template <auto kHandler>
  void about_a_call(const PendingEvent& pending, const Event& event);
  template <auto kHandler>
  void about_a_message(const PendingEvent& pending, const Event& event);

  void begin(Session& session);
  void find_hidden(const Session& session, std::string username);
  void enter(Session& session, std::string_view username);
  void show_online(const Session& session);
  void show_online_again(SessionAddress at);
  void deliver(Session& session, const Notice& notice);
  [[nodiscard]] bool is_of_own_page(const Session& session, const Notice& notice) const;
  void send_held_timeout(SessionAddress at);
  void ring(Session& session, const calls::CallView& call);
  void send_ring(Session& session, std::string_view name);
  void flush(Session& session);

  const ChatSettings& settings_;
  Ports ports_;
  chat_clients::SessionTable sessions_;
  chat_clients::EventAnswers answers_;
  chat_clients::UserLookup users_;
  chat_clients::HiddenUsers hidden_;
  chat_clients::CallEvents calls_;
  std::optional<chat_clients::MessageEvents> messages_;
};

}  // namespace belfry::gateway
