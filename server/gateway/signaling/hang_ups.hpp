// signaling::HangUps: end_call and decline_call, with which a page leaves a call, or cleans up after one that is over.
#pragma once

#include <string>

#include "gateway/signaling/call_event_reader.hpp"
#include "gateway/signaling/events.hpp"
#include "gateway/signaling/handled.hpp"
#include "gateway/signaling/ports.hpp"
#include "gateway/signaling/sessions.hpp"

namespace belfry::gateway::signaling {

class HangUps {
 public:
  HangUps(const SignalingPorts& ports, Sessions& sessions, Events& events, const CallEventReader& reader)
      : ports_(ports),
        sessions_(sessions),
        events_(events),
        reader_(reader) {}
  [[nodiscard]] Handled decline_call(SocketContext& context, const Event& event);
  [[nodiscard]] Handled end_call(SocketContext& context, const Event& event);

 private:
  /// Who hangs up or declines. `again`: what they want to end is over, or they have asked for its end already.
  struct Leaver {
    SessionAddress at;
    calls::UserId user;
    calls::CallId call;
    std::string peer;
    bool again;
  };
  using How = void (HangUps::*)(const calls::Actor&, const calls::CallId&, calls::Reply);

  Handled leave(SocketContext& context, const CallPayload& payload, Ack ack, How how);
  void hang_up(const calls::Actor& leaver, const calls::CallId& call, calls::Reply reply);
  void decline(const calls::Actor& leaver, const calls::CallId& call, calls::Reply reply);
  [[nodiscard]] bool has_nothing_to_decline(SessionAddress at, const calls::CallId& call, const calls::Result& result);
  void left(const Leaver& leaver, Ack ack, const calls::Result& result);

  const SignalingPorts& ports_;
  Sessions& sessions_;
  Events& events_;
  const CallEventReader& reader_;
};

}  // namespace belfry::gateway::signaling
