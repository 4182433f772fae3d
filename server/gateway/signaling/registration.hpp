// signaling::Registration: register_user and logout_user: which user a page is.
#pragma once

#include <string>

#include "gateway/dialects/dialect.hpp"
#include "gateway/signaling/candidates.hpp"
#include "gateway/signaling/events.hpp"
#include "gateway/signaling/handled.hpp"
#include "gateway/signaling/ports.hpp"
#include "gateway/signaling/sessions.hpp"

namespace belfry::gateway::signaling {

class Registration {
 public:
  Registration(const SignalingPorts& ports, Sessions& sessions, Events& events, Candidates& candidates)
      : ports_(ports),
        sessions_(sessions),
        events_(events),
        candidates_(candidates) {}
  [[nodiscard]] Handled register_user(SocketContext& context, const Event& event);
  [[nodiscard]] Handled logout_user(SocketContext& context, const Event& event);

 private:
  void begin_registration(SessionAddress at);
  Handled register_guest(const SocketContext& context, const UserPayload& wanted, Ack ack);
  Handled register_external(const SocketContext& context, const std::string& name, Ack ack);
  void register_with(SocketContext& context, Ack ack, const UserPayload& as, const Expected<void, EventRefusal>& checked,
                     calls::UserId user);
  void registered(const SocketContext& context, const UserPayload& as, calls::UserId user);

  const SignalingPorts& ports_;
  Sessions& sessions_;
  Events& events_;
  Candidates& candidates_;
};

}  // namespace belfry::gateway::signaling
