// signaling::CallCommands: make_call and answer_call, with which a page joins a call.
#pragma once

#include <string>

#include "gateway/signaling/call_event_reader.hpp"
#include "gateway/signaling/candidates.hpp"
#include "gateway/signaling/events.hpp"
#include "gateway/signaling/handled.hpp"
#include "gateway/signaling/ports.hpp"
#include "gateway/signaling/sessions.hpp"

namespace belfry::gateway::signaling {

class CallCommands {
 public:
  CallCommands(const SignalingPorts& ports, Sessions& sessions, Events& events, const CallEventReader& reader,
               Candidates& candidates, SignalingCounts& counts)
      : ports_(ports),
        sessions_(sessions),
        events_(events),
        reader_(reader),
        candidates_(candidates),
        counts_(counts) {}
  [[nodiscard]] Handled make_call(SocketContext& context, const Event& event);
  [[nodiscard]] Handled answer_call(SocketContext& context, const Event& event);

 private:
  /// A start that app/calls has not answered yet.
  struct Dialled {
    SessionAddress at;
    calls::CallId call;
    calls::UserId caller;
    std::string peer;
  };

  void find_absent(calls::StartCall call, const Dialled& dialled, Ack ack);
  void dial(calls::StartCall call, const Dialled& dialled, Ack ack);
  void started(const Dialled& dialled, const calls::CallId& call);
  void start_refused(const Dialled& dialled, Ack ack, calls::Refused refused);
  [[nodiscard]] static bool meets_own_ring(const Dialled& dialled, const calls::Refused& refused);
  Handled answer_reoffer(const SocketContext& context, const calls::CallId& call, const CallPayload& payload, Ack ack);

  const SignalingPorts& ports_;
  Sessions& sessions_;
  Events& events_;
  const CallEventReader& reader_;
  Candidates& candidates_;
  SignalingCounts& counts_;
};

}  // namespace belfry::gateway::signaling
