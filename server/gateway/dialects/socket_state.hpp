// What the router does with the next event of a socket, from CONNECT until the socket is gone. One table says which phase follows
// each step in each phase; SocketState keeps the phase of one socket and changes it nowhere but by that table.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

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

struct SocketPhasesAfter {
  /// No default: neither a cell nor a row can be left out.
  constexpr SocketPhasesAfter(SocketStep what, SocketPhase from_choosing, SocketPhase from_speaking, SocketPhase from_start_waits,
                              SocketPhase from_held)
      : step(what),
        next{from_choosing, from_speaking, from_start_waits, from_held} {}
  SocketStep step;
  std::array<SocketPhase, static_cast<std::size_t>(SocketPhase::held) + 1> next;
};

// clang-format off
inline constexpr auto kSocketPhases = [] {
  using enum SocketPhase;
  using enum SocketStep;
  return std::array<SocketPhasesAfter, static_cast<std::size_t>(queue_dropped) + 1>{
      //                                  choosing  speaking     start_waits  held
      SocketPhasesAfter{dialect_chosen,   speaking, speaking,    start_waits, held},
      SocketPhasesAfter{held_back,        held,     held,        held,        held},
      SocketPhasesAfter{released,         choosing, speaking,    start_waits, speaking},
      SocketPhasesAfter{start_received,   choosing, start_waits, start_waits, held},
      SocketPhasesAfter{hang_ups_decided, choosing, speaking,    speaking,    held},
      SocketPhasesAfter{queue_dropped,    choosing, speaking,    speaking,    speaking},
  };
}();
// clang-format on

static_assert(
    [] {
      for (std::size_t i = 0; i < kSocketPhases.size(); ++i)
        if (static_cast<std::size_t>(kSocketPhases[i].step) != i) return false;
      return true;
    }(),
    "phase_after() finds a row by its step");

}  // namespace detail

[[nodiscard]] constexpr SocketPhase phase_after(SocketPhase phase, SocketStep step) {
  return detail::kSocketPhases[static_cast<std::size_t>(step)].next[static_cast<std::size_t>(phase)];
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
