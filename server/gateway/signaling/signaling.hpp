// The signaling dialect (seed 003): its seven client events become commands to app/calls, and notices become its eleven server
// events. app/calls decides who may do what. This dialect names a call only by its peer, so it decides four things itself: which
// call an event means, which candidates without a call belong to a later one, when not to send the end of an older call with the
// same peer, and how long a ring waits for its offer. One per shard, owned by its ShardStack.
//
// A socket's name comes from its own register_user, and must be the credential's user if there is a credential. The server checks
// `from` against that name and overwrites it (SPEC 2.5, R-003-35). A refusal is sent as call_failed or as
// user_registered{success:false}, but for an event that speaks of a call which is not there (Acked::no_call) or comes from a
// socket without a name to clean up (BadPayload::Report).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "app/accounts/external_users.hpp"
#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "base/token_bucket.hpp"
#include "gateway/dialects/dialect.hpp"
#include "gateway/dialects/ports.hpp"
#include "gateway/signaling/name_resolver.hpp"
#include "gateway/signaling/payload.hpp"
#include "gateway/signaling/signaling_session.hpp"
#include "gateway/signaling/stray_candidates.hpp"

namespace belfry::gateway {

/// Counts for /metrics.
struct SignalingCounts {
  std::uint64_t events = 0;
  std::uint64_t refused = 0;
  std::uint64_t relayed_candidates = 0;
};

class Signaling final : public Dialect {
 public:
  /// All must outlive this object. `ensure_known`: accounts::ExternalUsers.
  struct Ports {
    CallsPort& calls;
    SocketIn& in;
    SocketOut& out;
    NameResolver& names;
    const Clock& clock;
    accounts::EnsureKnown ensure_known{};
  };
  Signaling(const RateLimit& signals, Ports ports) : signals_(signals), ports_(std::move(ports)) {}
  /// The events that choose this dialect: all of them. SPEC 2.5 names only register_user, but a client that skips registration
  /// must be refused in a form that it understands (R-003-35).
  [[nodiscard]] static std::span<const std::string_view> opening_events();
  static constexpr std::array<std::string_view, 1> kStartingEvents = {"make_call"};
  [[nodiscard]] const SignalingCounts& counts() const { return counts_; }

  void on_socket(SocketContext& context) override;
  void on_event(SocketContext& context, const protocol::IncomingEvent& event) override;
  void on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) override;
  void on_not_kept(SocketContext& context, const protocol::IncomingEvent& event, NotKept why) override;
  void on_suspended(SocketContext& context) override;
  std::string on_detached(SocketContext& context, ShardIndex to) override;
  void on_recovered(SocketContext& context, SessionAddress before, std::string state) override;
  void on_gone(SocketContext& context, sessions::Departure how) override;
  void notify(SocketContext& context, const Notice& notice) override;
  void pass_signal(SocketContext& context, const calls::SignalArrived& signal) override;

  [[nodiscard]] TimePoint next_deadline() const;
  void on_time(TimePoint now);

 private:
  /// `later`: acknowledged when app/calls has answered. `no_call`: it speaks of a call that is not there, which is acknowledged
  /// as a failure and told by no event: clients clean up this way, and would take call_failed for the end of what comes next
  /// (W-003-06, W-003-07).
  enum class Acked : std::uint8_t { now, later, no_call };
  using Handled = Expected<Acked, BadPayload>;
  using Ack = std::optional<std::uint64_t>;
  using Event = protocol::IncomingEvent;
  struct Row {
    std::string_view name;
    Handled (Signaling::*act)(SocketContext&, const Event&);
  };
  static const Row kEvents[7];
  static constexpr std::string_view kNotRegistered = "Register with register_user first";
  /// A start that app/calls has not answered yet. `callee`: all zero if no session here has that name.
  struct Dialled {
    SessionAddress at;
    calls::CallId call;
    calls::UserId caller, callee;
    std::string peer;
    call::CallType media;
  };

  /// Who hangs up or declines. `again`: what they want to end is over, or they have asked for its end already.
  struct Leaver {
    SessionAddress at;
    calls::UserId user;
    calls::CallId call;
    std::string peer;
    bool again;
  };

  // registration.cpp: the user of a page
  Handled register_user(SocketContext& context, const Event& event);
  Handled logout_user(SocketContext& context, const Event& event);
  void begin_registration(SessionAddress at);
  Handled register_guest(const SocketContext& context, const UserPayload& wanted, Ack ack);
  Handled register_external(const SocketContext& context, const std::string& name, Ack ack);
  void register_with(SocketContext& context, Ack ack, const UserPayload& as, const Expected<void, BadPayload>& checked,
                     calls::UserId user);
  void registered(const SocketContext& context, const UserPayload& as, calls::UserId user);

  // commands.cpp: the call events
  Handled make_call(SocketContext& context, const Event& event);
  Handled answer_call(SocketContext& context, const Event& event);
  Handled decline_call(SocketContext& context, const Event& event);
  Handled end_call(SocketContext& context, const Event& event);
  Handled ice_candidate(SocketContext& context, const Event& event);
  /// The payload of a call event whose `from` is the name this socket has registered.
  Expected<CallPayload, BadPayload> read_call_event(SignalingSession& session, const Event& event, std::string_view body,
                                                    BodyKind kind);
  [[nodiscard]] Expected<CallPayload, BadPayload> read_join(const SocketContext& context, SignalingSession& session,
                                                            const Event& event, std::string_view body);
  [[nodiscard]] std::string name_of(std::string to) const;
  [[nodiscard]] calls::Actor actor_of(const SocketContext& context, const SignalingSession& session) const;
  /// The call with this peer: one that this socket takes part in, else the user's active one.
  [[nodiscard]] std::optional<calls::CallId> call_of(SignalingSession& session, std::string_view peer);
  Handled answer_reoffer(const SocketContext& context, const calls::CallId& call, const CallPayload& payload, Ack ack);
  void pass_strays(const SocketContext& context, const std::string& peer);
  void started(const Dialled& dialled, const calls::CallId& call);
  void start_refused(const Dialled& dialled, Ack ack, calls::Refused refused);
  void note_attempt(const Dialled& dialled);
  void left(const Leaver& leaver, Ack ack, const calls::Result& result);
  [[nodiscard]] bool meets_own_ring(const Dialled& dialled, const calls::Refused& refused) const;
  void keep_stray(const SocketContext& context, const SignalingSession& session, const CallPayload& payload);
  Handled leave(SocketContext& context, const CallPayload& payload, Ack ack,
                void (Signaling::*how)(const calls::Actor&, const calls::CallId&, calls::Reply));
  void hang_up(const calls::Actor& leaver, const calls::CallId& call, calls::Reply reply);
  void decline(const calls::Actor& leaver, const calls::CallId& call, calls::Reply reply);
  [[nodiscard]] bool has_nothing_to_decline(SessionAddress at, const calls::CallId& call, const calls::Result& result);

  // signaling.cpp
  void report(SessionAddress socket, std::string_view event, const BadPayload& refusal);
  [[nodiscard]] static calls::Result no_call();
  void acknowledge(SessionAddress socket, Ack ack, const Handled& handled);
  void acknowledge(SessionAddress socket, Ack ack, const calls::Result& result);
  void open_session(SessionAddress socket);  // does nothing if it is open
  [[nodiscard]] SignalingSession& session_of(SessionAddress socket);
  [[nodiscard]] SignalingSession* find_session(SessionAddress socket);

  // render.cpp: one `send` per notice
  void send(SocketContext& context, SignalingSession& session, const calls::IncomingCall& notice);
  void send(SocketContext& context, SignalingSession& session, const calls::Progress& notice);
  void send(SocketContext& context, SignalingSession& session, const calls::CallAccepted& notice);
  void send(SocketContext& context, SignalingSession& session, const calls::AnsweredElsewhere& notice);
  void send(SocketContext& context, SignalingSession& session, const calls::DeclinedElsewhere& notice);
  void send(SocketContext& context, SignalingSession& session, const calls::CallRejected& notice);
  void send(SocketContext& context, SignalingSession& session, const calls::CallCancelled& notice);
  void send(SocketContext& context, SignalingSession& session, const calls::CallMissed& notice);
  void send(SocketContext& context, SignalingSession& session, const calls::CallEnded& notice);
  void send(SocketContext& context, SignalingSession& session, const calls::PeerState& notice);
  void send(SocketContext& context, SignalingSession& session, const calls::Glare& notice);
  void send(SocketContext& context, SignalingSession& session, const sessions::Replaced& notice);
  void send(SocketContext& context, SignalingSession& session, const sessions::LoginEnded& notice);
  void pass_offer(SessionAddress to, SignalingSession& session, const calls::SignalArrived& notice);
  void say_incoming(SessionAddress to, std::string_view from, std::string_view offer, std::string_view candidates);
  void say_answered(SessionAddress to, std::string_view from, std::string_view answer, std::string_view candidates);
  void say_ended(SessionAddress to, std::string_view from, std::string_view reason);
  void say_registered(SessionAddress to, std::string_view name, std::string_view error);
  void say_logged_out(SessionAddress to, std::string_view name);
  void fail(SessionAddress to, std::string_view error, std::string_view target);
  void emit(SessionAddress to, std::string_view event, std::initializer_list<std::string_view> pieces);

  /// A ring that waits for its description: a client of another dialect may send it a moment after the call (SPEC 2.5).
  struct Awaited {
    TimePoint until;
    SessionAddress at;
    calls::CallId call;
    bool incoming;
  };

  [[no_unique_address]] OwnThread own_thread_;
  const RateLimit& signals_;
  Ports ports_;
  std::deque<SignalingSession> sessions_;  // by socket slot
  std::deque<Awaited> awaited_;
  StrayCandidates strays_;
  SignalingCounts counts_;
};

}  // namespace belfry::gateway
