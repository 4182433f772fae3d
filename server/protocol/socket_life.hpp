// The life of a Socket.IO socket, from its CONNECT until nothing of it is kept: connected, suspended while its client may come
// back ("Connection state recovery"), and moving to the shard where the client has come back. One table says what each step does
// to it (docs/socket-life.md shows it); Sockets changes the phase of a socket nowhere but by that table.
//
// Not here: what the gateway does with the events of a connected socket (gateway/dialects/socket_state.hpp), and the transport
// below it (transport_state.hpp).
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hpp"

namespace belfry::protocol {

enum class LifePhase : std::uint8_t {
  absent,     // its CONNECT is being decided
  connected,  // it has an Engine.IO session
  suspended,  // its session is lost; what is emitted waits for the client, until the recovery window is over
  moving,     // its state is on its way to the shard where its client is
  gone,
};

enum class SocketLifeStep : std::uint8_t {
  admitted,       // SocketHandler::on_connected
  lost,           // its session has closed, and the client may come back: on_suspended
  ended,          // it left, was disconnected, or its session has closed for good: on_disconnected
  window_over,    // or its log does not reach back to what its client has seen: on_disconnected
  taken_along,    // its client has come back: on_detached
  back,           // on_recovered
  back_too_late,  // the client is lost again while the state was under way: on_recovered, then on_suspended
};

namespace detail {

/// One row: the phase that follows; nullopt: the step cannot come in this phase.
struct LifePhasesAfter {
  using Cell = std::optional<LifePhase>;
  Cell from_absent, from_connected, from_suspended, from_moving, from_gone;

  [[nodiscard]] constexpr Cell from(LifePhase phase) const {
    switch (phase) {
      case LifePhase::absent:
        return from_absent;
      case LifePhase::connected:
        return from_connected;
      case LifePhase::suspended:
        return from_suspended;
      case LifePhase::moving:
        return from_moving;
      case LifePhase::gone:
        break;
    }
    return from_gone;
  }
};

// clang-format off
/// A switch without default: a new step does not build until it has a row.
[[nodiscard]] constexpr LifePhasesAfter phases_after(SocketLifeStep step) {
  using enum LifePhase;
  using enum SocketLifeStep;
  constexpr std::nullopt_t none = std::nullopt;
  switch (step) {
    //                         absent     connected  suspended  moving     gone
    case admitted:      return {connected, none,      none,      none,      none};
    case lost:          return {none,      suspended, none,      none,      none};
    case ended:         return {none,      gone,      gone,      none,      none};
    case window_over:   return {none,      none,      gone,      none,      none};
    case taken_along:   return {none,      moving,    moving,    none,      none};
    case back:          return {none,      none,      none,      connected, none};
    case back_too_late: return {none,      none,      none,      suspended, none};
  }
  CHECK(false, "a step of a socket's life without its row");
}
// clang-format on

}  // namespace detail

[[nodiscard]] constexpr std::optional<LifePhase> phase_after(LifePhase phase, SocketLifeStep step) {
  return detail::phases_after(step).from(phase);
}

class SocketLife {
 public:
  void take(SocketLifeStep step) {
    const auto next = phase_after(phase_, step);
    CHECK(next.has_value(), "a socket takes no step that its phase does not have");
    phase_ = *next;
  }
  [[nodiscard]] bool is_suspended() const { return phase_ == LifePhase::suspended; }

 private:
  LifePhase phase_ = LifePhase::absent;
};

}  // namespace belfry::protocol
