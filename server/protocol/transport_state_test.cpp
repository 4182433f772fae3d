// Prints the table to docs/transport-states.md and compares: the picture cannot go stale.
#include "protocol/transport_state.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/golden_page_for_tests.hpp"

namespace belfry::protocol {
namespace {

constexpr TransportPhase kPhases[] = {TransportPhase::polling, TransportPhase::probing, TransportPhase::upgrading,
                                      TransportPhase::websocket, TransportPhase::closed};
constexpr TransportEvent kEvents[] = {
    TransportEvent::polling_request, TransportEvent::poll_unanswered, TransportEvent::websocket_opened,
    TransportEvent::probe_packet,    TransportEvent::upgrade_packet,  TransportEvent::other_packet,
    TransportEvent::websocket_lost,  TransportEvent::probe_expired,   TransportEvent::session_ended};

// A new enumerator does not build here until it has a name, and with its name comes its place in the list above.
std::string_view name_of(TransportPhase phase) {
  switch (phase) {
    case TransportPhase::polling:
      return "polling";
    case TransportPhase::probing:
      return "probing";
    case TransportPhase::upgrading:
      return "upgrading";
    case TransportPhase::websocket:
      return "websocket";
    case TransportPhase::closed:
      return "closed";
  }
  return "";
}

std::string_view name_of(TransportEvent event) {
  switch (event) {
    case TransportEvent::polling_request:
      return "a GET or POST names the session";
    case TransportEvent::poll_unanswered:
      return "a GET finds no packets";
    case TransportEvent::websocket_opened:
      return "a WebSocket names the session";
    case TransportEvent::probe_packet:
      return "`2probe` on the probe";
    case TransportEvent::upgrade_packet:
      return "`5` on the probe";
    case TransportEvent::other_packet:
      return "any other packet on the probe";
    case TransportEvent::websocket_lost:
      return "the WebSocket is lost";
    case TransportEvent::probe_expired:
      return "the probe's time is over";
    case TransportEvent::session_ended:
      return "the session ends";
  }
  return "";
}

std::string_view name_of(TransportAction action) {
  switch (action) {
    case TransportAction::nothing:
      return "nothing";
    case TransportAction::serve_request:
      return "serve it";
    case TransportAction::refuse_request:
      return "refuse it: 400";
    case TransportAction::keep_poll:
      return "let it wait";
    case TransportAction::release_poll:
      return "answer it: `6`";
    case TransportAction::keep_as_probe:
      return "keep it as the probe";
    case TransportAction::refuse_websocket:
      return "close it: 1008";
    case TransportAction::answer_probe:
      return "answer `3probe`, release a poll";
    case TransportAction::complete_upgrade:
      return "send what waited";
    case TransportAction::drop_probe:
      return "close the probe: 1008";
    case TransportAction::forget_probe:
      return "forget the probe";
    case TransportAction::end_session:
      return "end the session";
    case TransportAction::end_polling:
      return "answer a poll: `1` or `6`";
    case TransportAction::end_polling_and_probe:
      return "answer a poll, close the probe";
    case TransportAction::close_websocket:
      return "close the WebSocket";
    case TransportAction::cannot_happen:
      return "-";
  }
  return "";
}

std::string table() {
  std::string text = "| Event |", rule = "|---|";
  for (const TransportPhase phase : kPhases) {
    text.append(" ").append(name_of(phase)).append(" |");
    rule += "---|";
  }
  text += "\n" + rule + "\n";
  for (const TransportEvent event : kEvents) {
    text.append("| ").append(name_of(event)).append(" |");
    for (const TransportPhase phase : kPhases) {
      const TransportStep taken = step(phase, event);
      text.append(" ").append(name_of(taken.action));
      if (taken.next != phase) text.append(" → **").append(name_of(taken.next)).append("**");
      text += " |";
    }
    text += "\n";
  }
  return text;
}

std::string diagram() {
  std::string text =
      "```mermaid\nstateDiagram-v2\n  [*] --> polling: handshake by GET\n  [*] --> websocket: handshake by WebSocket\n";
  for (const TransportPhase from : kPhases)
    for (const TransportPhase to : kPhases) {
      std::string events;
      for (const TransportEvent event : kEvents)
        if (from != to && step(from, event).next == to) events.append(events.empty() ? "" : ", ").append(name_of(event));
      std::erase(events, '`');
      if (events.empty()) continue;
      text.append("  ").append(name_of(from)).append(" --> ").append(name_of(to)).append(": ").append(events).append("\n");
    }
  return text + "  closed --> [*]\n```\n";
}

TEST(TransportState, TheDocsShowTheWholeTable) {
  const std::string now =
      "# The transport of an Engine.IO session\n\n"
      "Printed by `server/protocol/transport_state_test.cpp` from the table itself; `UPDATE_GOLDEN=1 protocol_test` writes it "
      "anew. The "
      "protocol: engine.io-protocol v4, \"Upgrade\". In `probing` and `upgrading` the session still polls, beside a WebSocket "
      "that wants to "
      "take over: the probe.\n\n" +
      diagram() + "\nA cell says what the server does, and which phase follows if it is another; `-` cannot happen.\n\n" +
      table();
  belfry::testing::expect_page("docs/transport-states.md", now);
}

TEST(TransportState, NoEventLeavesTheClosedPhase) {
  for (const TransportEvent event : kEvents)
    EXPECT_EQ(step(TransportPhase::closed, event).action, TransportAction::cannot_happen) << name_of(event);
}

TEST(TransportState, AFailedProbeLeavesThePollingSessionAsItWas) {
  for (const auto phase : {TransportPhase::probing, TransportPhase::upgrading})
    for (const auto event : {TransportEvent::other_packet, TransportEvent::websocket_lost, TransportEvent::probe_expired})
      EXPECT_EQ(step(phase, event).next, TransportPhase::polling) << name_of(phase) << ", " << name_of(event);
}

TEST(TransportState, AnEventWithoutARowEndsTheProcess) {
  EXPECT_DEATH(static_cast<void>(step(TransportPhase::polling, static_cast<TransportEvent>(99))), "without its row");
}

}  // namespace
}  // namespace belfry::protocol
