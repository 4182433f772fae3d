#include "protocol/transport_state.hpp"

#include <optional>

#include "base/check.hpp"

namespace belfry::protocol {
namespace {

using enum TransportPhase;
using enum TransportEvent;
using enum TransportAction;

/// What one event does in one phase: an action, and the phase that follows if it is another.
struct Cell {
  constexpr Cell(TransportAction what) : action(what) {}
  constexpr Cell(TransportAction what, TransportPhase to) : action(what), next(to) {}
  TransportAction action;
  std::optional<TransportPhase> next;
};

class Row {
 public:
  /// No default: no cell can be left out.
  constexpr Row(Cell while_polling, Cell while_probing, Cell while_upgrading, Cell on_websocket, Cell once_closed)
      : while_polling_(while_polling),
        while_probing_(while_probing),
        while_upgrading_(while_upgrading),
        on_websocket_(on_websocket),
        once_closed_(once_closed) {}

  [[nodiscard]] constexpr Cell in(TransportPhase phase) const {
    switch (phase) {
      case polling:
        return while_polling_;
      case probing:
        return while_probing_;
      case upgrading:
        return while_upgrading_;
      case websocket:
        return on_websocket_;
      case closed:
        break;
    }
    return once_closed_;
  }

 private:
  Cell while_polling_, while_probing_, while_upgrading_, on_websocket_, once_closed_;
};

// clang-format off
/// A switch without default: a new event does not build until it has a row, nor a new phase until each row has its cell.
constexpr Row row_of(TransportEvent event) {
  switch (event) {
    //                             polling                    probing                          upgrading                        websocket                  closed
    case polling_request:  return {serve_request,             serve_request,                   serve_request,                   refuse_request,            cannot_happen};
    case poll_unanswered:  return {keep_poll,                 keep_poll,                       release_poll,                    cannot_happen,             cannot_happen};
    case websocket_opened: return {{keep_as_probe, probing},  refuse_websocket,                refuse_websocket,                refuse_websocket,          cannot_happen};
    case probe_packet:     return {cannot_happen,             {answer_probe, upgrading},       answer_probe,                    cannot_happen,             cannot_happen};
    case upgrade_packet:   return {cannot_happen,             {drop_probe, polling},           {complete_upgrade, websocket},   cannot_happen,             cannot_happen};
    case other_packet:     return {cannot_happen,             {drop_probe, polling},           {drop_probe, polling},           cannot_happen,             cannot_happen};
    case websocket_lost:   return {cannot_happen,             {forget_probe, polling},         {forget_probe, polling},         end_session,               cannot_happen};
    case probe_expired:    return {cannot_happen,             {drop_probe, polling},           {drop_probe, polling},           nothing,                   cannot_happen};
    case session_ended:    return {{end_polling, closed},     {end_polling_and_probe, closed}, {end_polling_and_probe, closed}, {close_websocket, closed}, cannot_happen};
  }
  CHECK(false, "an event of a transport without its row");
}
// clang-format on

}  // namespace

TransportStep step(TransportPhase phase, TransportEvent event) {
  const Cell cell = row_of(event).in(phase);
  return {.next = cell.next.value_or(phase), .action = cell.action};
}

TransportState TransportState::begun_on(Transport transport) {
  TransportState state;
  if (transport == Transport::websocket) state.phase_ = websocket;
  return state;
}

TransportAction TransportState::on(TransportEvent event) {
  const TransportStep taken = step(phase_, event);
  CHECK(taken.action != cannot_happen, "the engine drops what a connection says that serves the session no longer");
  phase_ = taken.next;
  return taken.action;
}

}  // namespace belfry::protocol
