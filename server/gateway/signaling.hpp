// The signaling dialect (seed 003): its seven client events become commands to the switchboard, and the switchboard's
// notices become its ten server events. Thin on purpose: who may do what is decided behind it. One per shard.
//
// Identity comes from register_user on this very socket; `from` is checked against it and overwritten by the server
// (SPEC 2.5, R-003-35). A refusal is always told, by call_failed or user_registered{success:false}.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "app/exchange.hpp"
#include "app/notice.hpp"
#include "app/switchboard.hpp"
#include "gateway/signaling_payload.hpp"
#include "session/socket_handler.hpp"
#include "session/sockets.hpp"

namespace belfry::gateway {

/// Who may connect at all: SPEC C-14.
enum class AuthMode { open, required };

struct SignalingSettings {
  AuthMode auth = AuthMode::required;
};

/// How often what happened; for /metrics.
struct SignalingCounts {
  std::uint64_t events = 0;
  std::uint64_t refused = 0;
  std::uint64_t relayed_candidates = 0;
};

class Signaling : public session::SocketHandler, public app::Announcer {
 public:
  Signaling(const SignalingSettings& settings, Log& log) : settings_(settings), log_(log) {}
  /// Once, before the first event.
  void serve(session::Sockets& sockets, app::Switchboard& board) {
    sockets_ = &sockets;
    board_ = &board;
  }
  [[nodiscard]] const SignalingCounts& counts() const { return counts_; }

  std::optional<session::ConnectRefusal> on_connecting(const session::ConnectRequest& request) override;
  void on_connected(SessionAddress socket, const session::ConnectRequest& request) override;
  void on_event(SessionAddress socket, const session::IncomingEvent& event) override;
  void on_unreadable_event(SessionAddress socket, std::string_view name, socketio::DecodeError why) override;
  void on_suspended(SessionAddress socket) override;
  std::string on_detached(SessionAddress socket) override;
  void on_recovered(SessionAddress socket, SessionAddress before, std::string state) override;
  void on_disconnected(SessionAddress socket, session::DisconnectReason reason) override;

  void tell(SessionAddress to, const app::Notice& notice) override;

 private:
  using Outcome = Expected<void, BadPayload>;
  struct Event {
    std::string_view name;
    Outcome (Signaling::*act)(SessionAddress, const session::IncomingEvent&);
  };
  static const Event kEvents[7];

  Outcome register_user(SessionAddress socket, const session::IncomingEvent& event);
  Outcome logout_user(SessionAddress socket, const session::IncomingEvent& event);
  Outcome make_call(SessionAddress socket, const session::IncomingEvent& event);
  Outcome answer_call(SessionAddress socket, const session::IncomingEvent& event);
  Outcome decline_call(SessionAddress socket, const session::IncomingEvent& event);
  Outcome end_call(SessionAddress socket, const session::IncomingEvent& event);
  Outcome ice_candidate(SessionAddress socket, const session::IncomingEvent& event);

  /// The payload of a call event whose `from` is the name this socket has registered.
  Expected<Addressed, BadPayload> read_line(SessionAddress socket, const session::IncomingEvent& event, std::string_view body,
                                            BodyKind kind);
  void acknowledge(SessionAddress socket, const session::IncomingEvent& event, const Outcome& outcome);
  void fail(SessionAddress socket, std::string_view error, std::string_view target);
  void say_registered(SessionAddress socket, std::string_view name, std::string_view error);
  void emit(SessionAddress socket, std::string_view event, std::initializer_list<std::string_view> pieces);

  // One `say` for each notice: the dialect's words.
  void say(SessionAddress to, const app::IncomingCall& notice);
  void say(SessionAddress to, const app::CallAnswered& notice);
  void say(SessionAddress to, const app::CallDeclined& notice);
  void say(SessionAddress to, const app::CallEnded& notice);
  void say(SessionAddress to, const app::RingTimedOut& notice);
  void say(SessionAddress to, const app::Busy& notice);
  void say(SessionAddress to, const app::Failed& notice);
  void say(SessionAddress to, const app::Candidate& notice);
  void say(SessionAddress to, const app::Replaced& notice);

  /// The registered name of a socket, empty if none.
  struct Seat {
    std::uint32_t generation = 0;
    std::string name;
  };
  [[nodiscard]] std::string_view name_of(SessionAddress socket) const;
  void set_name(SessionAddress socket, std::string name);

  const SignalingSettings& settings_;
  Log& log_;
  session::Sockets* sockets_ = nullptr;
  app::Switchboard* board_ = nullptr;
  std::deque<Seat> seats_;  // by socket slot
  SignalingCounts counts_;
};

}  // namespace belfry::gateway
