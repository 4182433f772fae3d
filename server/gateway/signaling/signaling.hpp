// The signaling dialect (seed 003): its seven client events become commands to app/calls, and notices become its eleven server
// events. app/calls decides who may do what. This dialect names a call only by its peer, so it decides four things itself: which
// call an event means, which candidates without a call belong to a later one, when not to send the end of an older call with the
// same peer, and how long a ring waits for its offer. One per shard, owned by its ShardStack.
//
// A socket's name comes from its own register_user, and must be the credential's user if there is a credential. The server checks
// `from` against that name and overwrites it (SPEC 2.5, R-003-35). A refusal is sent as call_failed or as
// user_registered{success:false}, but for an event that speaks of a call which is not there (Acked::no_call) or comes from a
// socket without a name to clean up (EventRefusal::Report).
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/token_bucket.hpp"
#include "gateway/dialects/dialect.hpp"
#include "gateway/signaling/call_commands.hpp"
#include "gateway/signaling/call_event_reader.hpp"
#include "gateway/signaling/candidates.hpp"
#include "gateway/signaling/events.hpp"
#include "gateway/signaling/handled.hpp"
#include "gateway/signaling/hang_ups.hpp"
#include "gateway/signaling/notices.hpp"
#include "gateway/signaling/ports.hpp"
#include "gateway/signaling/registration.hpp"
#include "gateway/signaling/sessions.hpp"

namespace belfry::gateway {

class Signaling final : public Dialect {
 public:
  Signaling(const RateLimit& signals, SignalingPorts ports) : signals_(signals), ports_(std::move(ports)) {}
  Signaling(const Signaling&) = delete;  // its parts refer to each other
  Signaling& operator=(const Signaling&) = delete;
  /// The events that choose this dialect: all of them. SPEC 2.5 names only register_user, but a client that skips registration
  /// must be refused in a form that it understands (R-003-35).
  [[nodiscard]] static std::span<const std::string_view> opening_events();
  static constexpr std::array<std::string_view, 1> kStartingEvents = {"make_call"};
  [[nodiscard]] const SignalingCounts& counts() const { return counts_; }

  void on_socket(SocketContext& context) override;
  void on_event(SocketContext& context, const protocol::IncomingEvent& event) override;
  void on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) override;
  void on_not_queued(SocketContext& context, const protocol::IncomingEvent& event, NotQueued why) override;
  void on_suspended(SocketContext& context) override;
  std::string on_detached(SocketContext& context, ShardIndex to) override;
  void on_recovered(SocketContext& context, SessionAddress before, std::string state) override;
  void on_gone(SocketContext& context, sessions::Departure how) override;
  void notify(SocketContext& context, const Notice& notice) override;
  void pass_signal(SocketContext& context, const calls::SignalArrived& signal) override;

  [[nodiscard]] TimePoint next_deadline() const;
  void on_time(TimePoint now);

 private:
  /// One client event, and the part that acts on it.
  struct Row {
    std::string_view name;
    signaling::Handled (*act)(Signaling&, SocketContext&, const signaling::Event&);
  };
  static const Row kEvents[7];
  template <auto Part, auto Act>
  static signaling::Handled by(Signaling& all, SocketContext& context, const signaling::Event& event) {
    return ((all.*Part).*Act)(context, event);
  }
  void report(SessionAddress socket, std::string_view event, const EventRefusal& refusal);

  const RateLimit& signals_;
  const SignalingPorts ports_;
  SignalingCounts counts_;
  signaling::Sessions sessions_;
  signaling::Events events_{ports_.out, sessions_};
  signaling::CallEventReader reader_{ports_};
  signaling::Candidates candidates_{signals_, ports_, sessions_, events_, reader_};
  signaling::Registration registration_{ports_, sessions_, events_, candidates_};
  signaling::CallCommands call_commands_{ports_, sessions_, events_, reader_, candidates_, counts_};
  signaling::HangUps hang_ups_{ports_, sessions_, events_, reader_};
  signaling::Notices notices_{ports_, sessions_, events_, counts_};
};

}  // namespace belfry::gateway
