#include "session/transport_state.hpp"

#include <array>
#include <cstddef>

#include "base/check.hpp"

namespace belfry::session {
namespace {

using enum TransportPhase;
using enum TransportEvent;
using enum TransportAction;

constexpr std::size_t kPhases = static_cast<std::size_t>(closed) + 1;
constexpr std::size_t kEvents = static_cast<std::size_t>(session_ended) + 1;

/// What one event does in one phase: an action, and the phase that follows if it is another.
struct Cell {
  constexpr Cell(TransportAction what) : action(what) {}
  constexpr Cell(TransportAction what, TransportPhase to) : action(what), next(to), moves(true) {}
  TransportAction action;
  TransportPhase next = closed;
  bool moves = false;
};

/// No default: neither a cell nor a row can be left out.
struct Row {
  constexpr Row(TransportEvent what, Cell while_polling, Cell while_probing, Cell while_upgrading, Cell on_websocket,
                Cell once_over)
      : event(what),
        cells{while_polling, while_probing, while_upgrading, on_websocket, once_over} {}
  TransportEvent event;
  std::array<Cell, kPhases> cells;
};

// clang-format off
constexpr std::array<Row, kEvents> kMachine{
    //                    polling                    probing                          upgrading                        websocket                  closed
    Row{polling_request,  serve_request,             serve_request,                   serve_request,                   refuse_request,            cannot_happen},
    Row{poll_unanswered,  keep_poll,                 keep_poll,                       release_poll,                    cannot_happen,             cannot_happen},
    Row{websocket_opened, {keep_as_probe, probing},  refuse_websocket,                refuse_websocket,                refuse_websocket,          cannot_happen},
    Row{probe_packet,     cannot_happen,             {answer_probe, upgrading},       answer_probe,                    cannot_happen,             cannot_happen},
    Row{upgrade_packet,   cannot_happen,             {drop_probe, polling},           {complete_upgrade, websocket},   cannot_happen,             cannot_happen},
    Row{other_packet,     cannot_happen,             {drop_probe, polling},           {drop_probe, polling},           cannot_happen,             cannot_happen},
    Row{websocket_lost,   cannot_happen,             {forget_probe, polling},         {forget_probe, polling},         end_session,               cannot_happen},
    Row{probe_expired,    cannot_happen,             {drop_probe, polling},           {drop_probe, polling},           nothing,                   cannot_happen},
    Row{session_ended,    {end_polling, closed},     {end_polling_and_probe, closed}, {end_polling_and_probe, closed}, {close_websocket, closed}, cannot_happen},
};
// clang-format on

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < kEvents; ++i)
    if (static_cast<std::size_t>(kMachine[i].event) != i) return false;
  return true;
}
static_assert(rows_are_in_order(), "step() finds a row by its event");

}  // namespace

TransportStep step(TransportPhase phase, TransportEvent event) {
  const Cell& cell = kMachine[static_cast<std::size_t>(event)].cells[static_cast<std::size_t>(phase)];
  return {.next = cell.moves ? cell.next : phase, .action = cell.action};
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

}  // namespace belfry::session
