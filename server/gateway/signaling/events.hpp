// signaling::Events: all that a page of seed 003 is sent: its eleven events, named as on the wire, and its acknowledgements.
#pragma once

#include <initializer_list>
#include <string_view>

#include "app/calls/result.hpp"
#include "gateway/dialects/ports.hpp"
#include "gateway/signaling/handled.hpp"
#include "gateway/signaling/sessions.hpp"

namespace belfry::gateway::signaling {

class Events {
 public:
  Events(SocketOut& out, Sessions& sessions) : out_(out), sessions_(sessions) {}

  void incoming_call(SessionAddress to, std::string_view from, std::string_view offer, std::string_view candidates);
  void call_answered(SessionAddress to, std::string_view from, std::string_view answer, std::string_view candidates);
  void call_declined(SessionAddress to, std::string_view from);
  void call_busy(SessionAddress to, std::string_view target);
  void call_timeout(SessionAddress to, std::string_view user);
  void call_ended(SessionAddress to, std::string_view from, std::string_view reason);
  void call_failed(SessionAddress to, std::string_view error, std::string_view target);
  void ice_candidate(SessionAddress to, std::string_view from, std::string_view candidate);
  void user_registered(SessionAddress to, std::string_view name, std::string_view error);
  void logout_success(SessionAddress to, std::string_view name);
  /// Closes the connection too.
  void force_disconnect(SessionAddress to, std::string_view reason);

  void acknowledge(SessionAddress socket, Ack ack, const Handled& handled);
  void acknowledge(SessionAddress socket, Ack ack, const calls::Result& result);
  void acknowledge_no_call(SessionAddress socket, Ack ack);

 private:
  void emit(SessionAddress to, std::string_view event, std::initializer_list<std::string_view> pieces);

  SocketOut& out_;
  Sessions& sessions_;
};

}  // namespace belfry::gateway::signaling
