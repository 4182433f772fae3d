// What the router does with the next event of a socket, from CONNECT until the socket is gone. One table says which phase follows
// each step in each phase (docs/socket-states.md shows it); SocketState keeps the phase of one socket and changes it nowhere but
// by that table.
#pragma once

#include <cstdint>

#include "base/check.hpp"

namespace belfry::gateway {

enum class SocketPhase : std::uint8_t {
  choosing,     // it has no dialect yet: its first event chooses one
  speaking,     // its dialect gets each event
  start_waits,  // an event that starts a call is queued until a hang-up is decided, and so is all that follows it
  held,         // every event is queued (SocketIn::hold)
};

enum class SocketStep : std::uint8_t {
  dialect_chosen,
  held_back,         // SocketIn::hold
  released,          // SocketIn::release
  start_received,    // an event that starts a call, while a hang-up is not decided
  hang_ups_decided,  // the last of them
  queue_dropped,     // the socket changes its dialect, moves or goes
};

namespace detail {

/// One row: the phase that follows.
class SocketPhasesAfter {
 public:
  /// No default: no cell can be left out.
  constexpr SocketPhasesAfter(SocketPhase from_choosing, SocketPhase from_speaking, SocketPhase from_start_waits,
                              SocketPhase from_held)
      : from_choosing_(from_choosing),
        from_speaking_(from_speaking),
        from_start_waits_(from_start_waits),
        from_held_(from_held) {}

  [[nodiscard]] constexpr SocketPhase from(SocketPhase phase) const {
    switch (phase) {
      case SocketPhase::choosing:
        return from_choosing_;
      case SocketPhase::speaking:
        return from_speaking_;
      case SocketPhase::start_waits:
        return from_start_waits_;
      case SocketPhase::held:
        break;
    }
    return from_held_;
  }

 private:
  SocketPhase from_choosing_, from_speaking_, from_start_waits_, from_held_;
};

// clang-format off
/// A switch without default: a new step does not build until it has a row.
[[nodiscard]] constexpr SocketPhasesAfter phases_after(SocketStep step) {
  using enum SocketPhase;
  using enum SocketStep;
  switch (step) {
    //                            choosing  speaking     start_waits  held
    case dialect_chosen:   return {speaking, speaking,    start_waits, held};
    case held_back:        return {held,     held,        held,        held};
    case released:         return {choosing, speaking,    start_waits, speaking};
    case start_received:   return {choosing, start_waits, start_waits, held};
    case hang_ups_decided: return {choosing, speaking,    speaking,    held};
    case queue_dropped:    return {choosing, speaking,    speaking,    speaking};
  }
  CHECK(false, "a step of a socket without its row");
}
// clang-format on

}  // namespace detail

[[nodiscard]] constexpr SocketPhase phase_after(SocketPhase phase, SocketStep step) {
  return detail::phases_after(step).from(phase);
}

/// Of the events that wait: are they to be handled now?
enum class Queue : std::uint8_t { as_it_was, due };

/// One socket's phase, and what it depends on.
class SocketState {
 public:
  /// Events are queued.
  [[nodiscard]] bool queues_events() const { return phase_ == SocketPhase::start_waits || phase_ == SocketPhase::held; }
  /// Is an event that starts a call to wait?
  [[nodiscard]] bool start_must_wait() const { return hang_ups_ != 0; }

  void choose_dialect() { take(SocketStep::dialect_chosen); }
  void hold() { take(SocketStep::held_back); }
  [[nodiscard]] Queue release() { return take(SocketStep::released); }
  void receive_start() { take(SocketStep::start_received); }
  void begin_hang_up() { ++hang_ups_; }
  /// A decision without an open hang-up is ignored.
  [[nodiscard]] Queue decide_hang_up() {
    if (hang_ups_ == 0 || --hang_ups_ != 0) return Queue::as_it_was;
    return take(SocketStep::hang_ups_decided);
  }
  void drop_queue() {
    hang_ups_ = 0;
    take(SocketStep::queue_dropped);
  }

 private:
  Queue take(SocketStep step) {
    const bool was_queueing = queues_events();
    phase_ = phase_after(phase_, step);
    return was_queueing && !queues_events() ? Queue::due : Queue::as_it_was;
  }

  std::uint32_t hang_ups_ = 0;  // on their way
  SocketPhase phase_ = SocketPhase::choosing;
};

}  // namespace belfry::gateway
