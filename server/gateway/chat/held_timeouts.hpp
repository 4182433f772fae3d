// HeldTimeouts: `call-timeout` waits a moment before its caller is sent it (W-004-12). The page of seed 004 has a timer of its
// own for as long as a call rings, and the two cross on the way: it would show both ends. If its `end-call` comes meanwhile, it
// needs no other. On real time: a page's timer takes as long as ever. One per shard.
#pragma once

#include <chrono>
#include <deque>

#include "base/address.hpp"
#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "domain/account/user.hpp"
#include "gateway/chat/render.hpp"
#include "gateway/dialects/ports.hpp"

namespace belfry::gateway::chat_clients {

class HeldTimeouts {
 public:
  /// Most pages' timers were up to 0.7 s later than ours on a loaded machine; with a slow network some were later still, and
  /// toast twice. Longer would leave the tolerance of a second for who has no timer.
  static constexpr Duration kHeld = std::chrono::milliseconds{750};

  /// Both must outlive this object.
  HeldTimeouts(SocketOut& out, const Clock& clock) : out_(out), clock_(clock) {}

  void hold(SessionAddress at, const account::UserId& user, ServerEvent event);
  /// This user's page has ended the call by itself, which may have several sockets.
  void drop(const account::UserId& user);
  /// Now, because what comes next must come behind it, or the socket goes away.
  void send(SessionAddress at);

  [[nodiscard]] TimePoint next_deadline() const { return held_.empty() ? TimePoint::max() : held_.front().due; }
  void on_time(TimePoint now);

 private:
  struct Held {
    SessionAddress at{};
    account::UserId user{};
    ServerEvent event{};
    TimePoint due{};
  };
  void emit(const Held& held);

  [[no_unique_address]] OwnThread own_thread_;
  SocketOut& out_;
  const Clock& clock_;
  std::deque<Held> held_;  // the first is due first
};

}  // namespace belfry::gateway::chat_clients
