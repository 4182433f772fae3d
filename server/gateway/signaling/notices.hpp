// signaling::Notices: how notices and signals become the events of seed 003 (seed 003 "Server -> Client Events", SPEC 2.5): one
// `send` per notice. A ring or an answer without a description waits a while for it, because a client of another dialect may send
// it a moment later.
#pragma once

#include <map>
#include <variant>

#include "gateway/dialects/dialect.hpp"
#include "gateway/signaling/events.hpp"
#include "gateway/signaling/ports.hpp"
#include "gateway/signaling/sessions.hpp"

namespace belfry::gateway::signaling {

class Notices {
 public:
  Notices(const SignalingPorts& ports, Sessions& sessions, Events& events, SignalingCounts& counts)
      : ports_(ports),
        sessions_(sessions),
        events_(events),
        counts_(counts) {}
  void notify(SocketContext& context, const Notice& notice);
  void pass_signal(SocketContext& context, const calls::SignalArrived& notice);
  [[nodiscard]] TimePoint next_deadline() const;
  void on_time(TimePoint now);

 private:
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
  static void send(SocketContext&, SignalingSession&, const calls::PeerMedia&) {}  // only native clients show it
  void send(SocketContext& context, SignalingSession& session, const calls::Glare& notice);
  static void send(SocketContext&, SignalingSession&, const calls::CalleesBusy&) {}  // only the token dialect has an event for it
  void send(SocketContext& context, SignalingSession& session, const calls::TokenExpiring& notice);
  static void send(SocketContext&, SignalingSession&, const chat::ChatNotice&) {}  // this dialect has no messages (K35)
  void send(SocketContext& context, SignalingSession& session, const sessions::Replaced& notice);
  void send(SocketContext& context, SignalingSession& session, const sessions::LoginEnded& notice);
  void pass_offer(SessionAddress to, SignalingSession& session, const calls::SignalArrived& notice);

  /// A ring that waits for its description: a client of another dialect may send it a moment after the call (SPEC 2.5).
  struct Awaited {
    SessionAddress at;
    calls::CallId call;
    bool incoming;
  };

  const SignalingPorts& ports_;
  Sessions& sessions_;
  Events& events_;
  SignalingCounts& counts_;
  std::multimap<TimePoint, Awaited> awaited_;  // by the end of the wait
};

}  // namespace belfry::gateway::signaling
