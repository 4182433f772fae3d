// The life of one connection of a shard. One table says which phase follows each event in each phase (docs/connection-states.md
// shows it); ConnectionState keeps the phase of one connection and changes it nowhere but by that table.
//
// The table is a switch without default: a new event or phase does not build until each of its cells is decided.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hpp"

namespace belfry::net {

/// The Handler knows a connection while it is open: not yet in the phases before, and no longer in those after.
enum class ConnectionPhase : std::uint8_t {
  vacant,       // a free slot of the table
  arriving,     // on a TLS listener until its first byte is seen; else only until the Handler gets it
  handshaking,  // TLS
  open,
  finishing,  // ended by its Handler or its peer; unsent bytes leave first
  dropping,   // ended at once; its descriptor is closed at the end of the batch
  lingering,  // our side is shut down; wait for the peer to do the same
};

enum class ConnectionEvent : std::uint8_t {
  accepted,           // from the listener, or from another shard
  tls_began,          // its first byte was one of TLS
  announced,          // the Handler gets it
  ended_in_order,     // by its Handler or its peer: what is unsent may leave
  ended_at_once,      // it has failed, is over a limit, or its Handler asked for it
  all_sent,           // after the end in order; our side is shut down
  peer_gone,          // while we linger: it has shut down its side too, or failed
  handshake_overdue,  // the three deadlines are not cancelled when they become moot: they find a later phase
  finish_overdue,
  output_overdue,  // for too long nothing of what is unsent has left
  linger_overdue,
  left,  // its descriptor is closed, or belongs to another shard
};

namespace detail {

/// One row: the phase that follows; none: cannot happen.
class ConnectionPhasesAfter {
 public:
  using Cell = std::optional<ConnectionPhase>;
  /// No default: no cell can be left out.
  constexpr ConnectionPhasesAfter(Cell vacant, Cell arriving, Cell handshaking, Cell open, Cell finishing, Cell dropping,
                                  Cell lingering)
      : vacant_(vacant),
        arriving_(arriving),
        handshaking_(handshaking),
        open_(open),
        finishing_(finishing),
        dropping_(dropping),
        lingering_(lingering) {}

  [[nodiscard]] constexpr Cell from(ConnectionPhase phase) const {
    switch (phase) {
      case ConnectionPhase::vacant:
        return vacant_;
      case ConnectionPhase::arriving:
        return arriving_;
      case ConnectionPhase::handshaking:
        return handshaking_;
      case ConnectionPhase::open:
        return open_;
      case ConnectionPhase::finishing:
        return finishing_;
      case ConnectionPhase::dropping:
        return dropping_;
      case ConnectionPhase::lingering:
        break;
    }
    return lingering_;
  }

 private:
  Cell vacant_, arriving_, handshaking_, open_, finishing_, dropping_, lingering_;
};

// clang-format off
[[nodiscard]] constexpr ConnectionPhasesAfter phases_after(ConnectionEvent event) {
  using enum ConnectionPhase;
  using enum ConnectionEvent;
  constexpr auto none = std::nullopt;
  switch (event) {
    //                             vacant    arriving     handshaking  open       finishing  dropping  lingering
    case accepted:          return {arriving, none,        none,        none,      none,      none,     none};
    case tls_began:         return {none,     handshaking, none,        none,      none,      none,     none};
    case announced:         return {none,     open,        open,        none,      none,      none,     none};
    case ended_in_order:    return {none,     none,        none,        finishing, none,      none,     none};
    case ended_at_once:     return {none,     dropping,    dropping,    dropping,  dropping,  none,     none};
    case all_sent:          return {none,     none,        none,        none,      lingering, none,     none};
    case peer_gone:         return {none,     none,        none,        none,      none,      none,     dropping};
    case handshake_overdue: return {none,     dropping,    dropping,    open,      finishing, dropping, lingering};
    case finish_overdue:    return {none,     none,        none,        none,      dropping,  dropping, lingering};
    case output_overdue:    return {none,     none,        none,        dropping,  dropping,  none,     none};
    case linger_overdue:    return {none,     none,        none,        none,      none,      dropping, dropping};
    case left:              return {none,     vacant,      vacant,      vacant,    vacant,    vacant,   vacant};
  }
  CHECK(false, "an event of a connection without its row");
}
// clang-format on

}  // namespace detail

/// None: the event cannot happen in this phase.
[[nodiscard]] constexpr std::optional<ConnectionPhase> phase_after(ConnectionPhase phase, ConnectionEvent event) {
  return detail::phases_after(event).from(phase);
}

class ConnectionState {
 public:
  [[nodiscard]] ConnectionPhase phase() const { return phase_; }
  [[nodiscard]] bool is(ConnectionPhase phase) const { return phase_ == phase; }
  void on(ConnectionEvent event) {
    const std::optional<ConnectionPhase> after = phase_after(phase_, event);
    CHECK(after.has_value(), "an event that cannot happen in this phase of a connection");
    phase_ = *after;
  }

 private:
  ConnectionPhase phase_ = ConnectionPhase::vacant;
};

}  // namespace belfry::net
