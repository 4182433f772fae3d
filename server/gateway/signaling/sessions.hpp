// signaling::Sessions: the sessions of the signaling dialect on one shard, by socket.
#pragma once

#include <deque>

#include "base/address.hpp"
#include "base/own_thread.hpp"
#include "gateway/signaling/signaling_session.hpp"

namespace belfry::gateway::signaling {

class Sessions {
 public:
  /// Does nothing if it is open.
  void open(SessionAddress socket);
  /// Opens it if it is not.
  [[nodiscard]] SignalingSession& of(SessionAddress socket);
  /// nullptr: the socket is gone, or has moved.
  [[nodiscard]] SignalingSession* find(SessionAddress socket);

 private:
  [[no_unique_address]] OwnThread own_thread_;
  std::deque<SignalingSession> sessions_;  // by socket slot
};

}  // namespace belfry::gateway::signaling
