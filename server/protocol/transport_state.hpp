// How the packets of one Engine.IO session travel: by polling, by WebSocket, or on the way from one to the other
// (engine.io-protocol v4 "Upgrade"). All of it is one table, in transport_state.cpp and printed to docs/transport-states.md: what
// each event does in each phase. No phase changes anywhere else; Engine only carries out the action.
//
// Not here: which connection an event came from. Engine drops what comes from a connection that serves the session no longer.
#pragma once

#include <cstdint>

namespace belfry::protocol {

enum class Transport : std::uint8_t { polling, websocket };

enum class TransportPhase : std::uint8_t {
  polling,    // packets travel by polling
  probing,    // still so, but a WebSocket (the probe) has come to take over
  upgrading,  // still so, but the probe was sent "3probe": polls end at once, so that the client can pause polling
  websocket,  // packets travel by WebSocket; there is no way back
  closed,     // the session has ended
};

enum class TransportEvent : std::uint8_t {
  polling_request,   // a GET or POST names the session
  poll_unanswered,   // such a GET was taken, and no packets wait for it
  websocket_opened,  // a WebSocket names the session
  probe_packet,      // the probe says "2probe"
  upgrade_packet,    // the probe says "5"
  other_packet,      // the probe says anything else
  websocket_lost,    // the probe, or the session's WebSocket, is closed or has sent what cannot be read
  probe_expired,     // EngineSettings::upgrade_timeout after the probe came
  session_ended,
};

enum class TransportAction : std::uint8_t {
  nothing,
  serve_request,
  refuse_request,
  keep_poll,
  release_poll,  // answer it with a noop
  keep_as_probe,
  refuse_websocket,
  answer_probe,      // with "3probe"; a waiting poll is released
  complete_upgrade,  // what waited for a poll goes by WebSocket
  drop_probe,        // close its connection
  forget_probe,      // its connection closes without us
  end_session,
  end_polling,  // answer a waiting poll for the last time
  end_polling_and_probe,
  close_websocket,
  cannot_happen,
};

struct TransportStep {
  TransportPhase next = TransportPhase::closed;
  TransportAction action = TransportAction::cannot_happen;
};

/// The table.
[[nodiscard]] TransportStep step(TransportPhase phase, TransportEvent event);

class TransportState {
 public:
  [[nodiscard]] static TransportState begun_on(Transport transport);
  /// Takes the step. Returns what the engine must do now.
  [[nodiscard]] TransportAction on(TransportEvent event);
  [[nodiscard]] bool is_closed() const { return phase_ == TransportPhase::closed; }
  /// Of a session that is open.
  [[nodiscard]] Transport transport() const {
    return phase_ == TransportPhase::websocket ? Transport::websocket : Transport::polling;
  }

 private:
  TransportPhase phase_ = TransportPhase::polling;
};

}  // namespace belfry::protocol
