// Prints the table to docs/connection-states.md and compares: the picture cannot go stale.
#include "net/connection_state.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/golden_page_for_tests.hpp"

namespace belfry::net {
namespace {

using enum ConnectionPhase;
using enum ConnectionEvent;

constexpr ConnectionPhase kPhases[] = {vacant, arriving, handshaking, open, finishing, dropping, lingering};
constexpr ConnectionEvent kEvents[] = {accepted,  tls_began,         announced,      ended_in_order, ended_at_once,  all_sent,
                                       peer_gone, handshake_overdue, finish_overdue, output_overdue, linger_overdue, left};

// A new enumerator does not build here until it has a name, and with its name comes its place in the list above.
std::string_view name_of(ConnectionPhase phase) {
  switch (phase) {
    case vacant:
      return "vacant";
    case arriving:
      return "arriving";
    case handshaking:
      return "handshaking";
    case open:
      return "open";
    case finishing:
      return "finishing";
    case dropping:
      return "dropping";
    case lingering:
      return "lingering";
  }
  return {};
}

std::string_view name_of(ConnectionEvent event) {
  switch (event) {
    case accepted:
      return "accepted, or moved here";
    case tls_began:
      return "its first byte is TLS";
    case announced:
      return "given to the Handler";
    case ended_in_order:
      return "ended after what is unsent";
    case ended_at_once:
      return "ended at once";
    case all_sent:
      return "all is sent";
    case peer_gone:
      return "the peer is gone";
    case handshake_overdue:
      return "the handshake's time is over";
    case finish_overdue:
      return "the time to finish is over";
    case output_overdue:
      return "its output has not moved for too long";
    case linger_overdue:
      return "lingering's time is over";
    case left:
      return "closed, or moved away";
  }
  return {};
}

std::string diagram() {
  std::string text = "```mermaid\nstateDiagram-v2\n  [*] --> vacant\n";
  for (const ConnectionPhase from : kPhases)
    for (const ConnectionPhase to : kPhases) {
      std::string events;
      for (const ConnectionEvent event : kEvents)
        if (from != to && phase_after(from, event) == to) events.append(events.empty() ? "" : "; ").append(name_of(event));
      if (events.empty()) continue;
      text.append("  ").append(name_of(from)).append(" --> ").append(name_of(to)).append(": ").append(events).append("\n");
    }
  return text + "```\n";
}

std::string table() {
  std::string text = "| Event |", rule = "|---|";
  for (const ConnectionPhase phase : kPhases) {
    text.append(" ").append(name_of(phase)).append(" |");
    rule += "---|";
  }
  text += "\n" + rule + "\n";
  for (const ConnectionEvent event : kEvents) {
    text.append("| ").append(name_of(event)).append(" |");
    for (const ConnectionPhase phase : kPhases) {
      const auto after = phase_after(phase, event);
      text.append(" ").append(after ? name_of(*after) : "-").append(" |");
    }
    text += "\n";
  }
  return text;
}

TEST(ConnectionState, TheDocsShowTheWholeTable) {
  belfry::testing::expect_page(
      "docs/connection-states.md",
      "# The states of a connection\n\n"
      "The life of one slot of a shard's connection table (`server/net/connection_state.hpp`). Printed by "
      "`connection_state_test.cpp` from the table itself; `UPDATE_GOLDEN=1 net_test` writes it anew.\n\n" +
          diagram() + "\nA cell names the phase that follows; `-` cannot happen.\n\n" + table());
}

TEST(ConnectionState, IsGivenToTheHandlerOnceAndTakenBackOnce) {
  EXPECT_EQ(phase_after(arriving, announced), open);
  EXPECT_EQ(phase_after(handshaking, announced), open);
  for (const ConnectionPhase phase : {open, finishing, dropping, lingering}) EXPECT_FALSE(phase_after(phase, announced));
  for (const ConnectionPhase phase : {finishing, dropping, lingering})
    for (const ConnectionEvent event : kEvents) EXPECT_NE(phase_after(phase, event), open) << name_of(event);
}

TEST(ConnectionState, ADeadlineThatIsMootChangesNothing) {
  for (const ConnectionPhase phase : {open, finishing, dropping, lingering})
    EXPECT_EQ(phase_after(phase, handshake_overdue), phase) << name_of(phase);
  for (const ConnectionPhase phase : {dropping, lingering})
    EXPECT_EQ(phase_after(phase, finish_overdue), phase) << name_of(phase);
  EXPECT_EQ(phase_after(dropping, linger_overdue), dropping);
}

TEST(ConnectionState, ASlotIsFreedFromEachPhaseAndOnlyThenTakenAgain) {
  for (const ConnectionPhase phase : kPhases) {
    EXPECT_EQ(phase_after(phase, left), phase == vacant ? std::nullopt : std::optional(vacant)) << name_of(phase);
    EXPECT_EQ(phase_after(phase, accepted).has_value(), phase == vacant) << name_of(phase);
  }
}

TEST(ConnectionState, AnEventThatCannotHappenEndsTheProcess) {
  ConnectionState state;
  state.on(accepted);
  EXPECT_DEATH(state.on(all_sent), "cannot happen in this phase of a connection");
}

TEST(ConnectionState, AnEventWithoutARowEndsTheProcess) {
  EXPECT_DEATH(static_cast<void>(phase_after(open, static_cast<ConnectionEvent>(99))), "without its row");
}

}  // namespace
}  // namespace belfry::net
