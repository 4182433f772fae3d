// signaling::Candidates: the candidates of pages: those of a call go to the peer, and those that come before their call wait for
// it (stray_candidates.hpp).
#pragma once

#include <string>

#include "base/token_bucket.hpp"
#include "gateway/signaling/call_event_reader.hpp"
#include "gateway/signaling/events.hpp"
#include "gateway/signaling/handled.hpp"
#include "gateway/signaling/ports.hpp"
#include "gateway/signaling/sessions.hpp"
#include "gateway/signaling/stray_candidates.hpp"

namespace belfry::gateway::signaling {

class Candidates {
 public:
  Candidates(const RateLimit& signals, const SignalingPorts& ports, Sessions& sessions, Events& events,
             const CallEventReader& reader)
      : signals_(signals),
        ports_(ports),
        sessions_(sessions),
        events_(events),
        reader_(reader) {}

  [[nodiscard]] Handled ice_candidate(SocketContext& context, const Event& event);
  /// Passes on what has waited for a call to this peer.
  void pass_strays(const calls::Actor& actor, const std::string& peer);
  void forget(SessionAddress from) { strays_.forget(from); }
  [[nodiscard]] TimePoint next_deadline() const { return strays_.next_deadline(); }
  void on_time(TimePoint now) { strays_.expire(now); }

 private:
  void keep_stray(const SocketContext& context, const SignalingSession& session, const CallPayload& payload);

  const RateLimit& signals_;
  const SignalingPorts& ports_;
  Sessions& sessions_;
  Events& events_;
  const CallEventReader& reader_;
  StrayCandidates strays_;
};

}  // namespace belfry::gateway::signaling
