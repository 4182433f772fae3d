// CallEventReader: what a call event of a page means: its payload, checked, who sends it, and which call of theirs it is about.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/calls/actor.hpp"
#include "gateway/dialects/dialect.hpp"
#include "gateway/signaling/handled.hpp"
#include "gateway/signaling/ports.hpp"
#include "gateway/signaling/signaling_session.hpp"

namespace belfry::gateway::signaling {

class CallEventReader {
 public:
  explicit CallEventReader(const SignalingPorts& ports) : ports_(ports) {}
  /// The payload of a call event whose `from` is the name this socket has registered.
  [[nodiscard]] Expected<CallPayload, EventRefusal> read(const SignalingSession& session, const Event& event,
                                                         std::string_view body, BodyKind kind) const;
  /// SPEC X-30: joining a call requires a credential that is still valid; a call already joined does not.
  [[nodiscard]] Expected<CallPayload, EventRefusal> read_join(const SocketContext& context, const SignalingSession& session,
                                                              const Event& event, std::string_view body) const;
  [[nodiscard]] static calls::Actor actor_of(const SocketContext& context, const SignalingSession& session);
  /// The call with this peer: one that this socket takes part in, else the user's active one.
  [[nodiscard]] std::optional<calls::CallId> call_of(SignalingSession& session, std::string_view peer) const;

 private:
  [[nodiscard]] std::string name_of(std::string to) const;

  const SignalingPorts& ports_;
};

}  // namespace belfry::gateway::signaling
