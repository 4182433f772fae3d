// Prints the table to docs/request-states.md and compares: the picture cannot go stale.
#include "protocol/request_state.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/golden_page_for_tests.hpp"

namespace belfry::protocol {
namespace {

using enum RequestPhase;
using enum RequestEvent;

constexpr RequestPhase kPhases[] = {idle, head, body, serving, closed};
constexpr RequestEvent kEvents[] = {head_begun, body_begun, answer_owed, answered, answered_last, time_over, draining_begun};

// A new enumerator does not build here until it has a name, and with its name comes its place in the list above.
std::string_view name_of(RequestPhase phase) {
  switch (phase) {
    case idle:
      return "idle";
    case head:
      return "head";
    case body:
      return "body";
    case serving:
      return "serving";
    case closed:
      return "closed";
  }
  return {};
}

std::string_view name_of(RequestEvent event) {
  switch (event) {
    case head_begun:
      return "opened, or part of a head has come";
    case body_begun:
      return "the head is whole, its body is not";
    case answer_owed:
      return "the request is whole, or cannot be read";
    case answered:
      return "answered, and kept";
    case answered_last:
      return "answered, and not kept";
    case time_over:
      return "the phase's time is over";
    case draining_begun:
      return "the server drains";
  }
  return {};
}

std::string diagram() {
  std::string text = "```mermaid\nstateDiagram-v2\n  [*] --> idle\n";
  for (const RequestPhase from : kPhases)
    for (const RequestPhase to : kPhases) {
      std::string events;
      for (const RequestEvent event : kEvents)
        if (from != to && phase_after(from, event) == to) events.append(events.empty() ? "" : "; ").append(name_of(event));
      if (events.empty()) continue;
      text.append("  ").append(name_of(from)).append(" --> ").append(name_of(to)).append(": ").append(events).append("\n");
    }
  return text + "  closed --> [*]\n```\n";
}

std::string table() {
  std::string text = "| Event |", rule = "|---|";
  for (const RequestPhase phase : kPhases) {
    text.append(" ").append(name_of(phase)).append(" |");
    rule += "---|";
  }
  text += "\n" + rule + "\n";
  for (const RequestEvent event : kEvents) {
    text.append("| ").append(name_of(event)).append(" |");
    for (const RequestPhase phase : kPhases) {
      const auto after = phase_after(phase, event);
      text.append(" ").append(after ? name_of(*after) : "-").append(" |");
    }
    text += "\n";
  }
  return text;
}

TEST(RequestState, TheDocsShowTheWholeTable) {
  belfry::testing::expect_page(
      "docs/request-states.md",
      "# The states of an HTTP connection\n\n"
      "Where it stands with its present request (`server/protocol/request_state.hpp`). Printed by `request_state_test.cpp` from "
      "the table itself; `UPDATE_GOLDEN=1 protocol_test` writes it anew. An expired `head` or `body` is answered with 408.\n\n" +
          diagram() + "\nA cell names the phase that follows; `-` cannot happen.\n\n" + table());
}

TEST(RequestState, AClosedConnectionHasNoMoreEvents) {
  for (const RequestEvent event : kEvents) EXPECT_FALSE(phase_after(closed, event)) << name_of(event);
}

TEST(RequestState, WhileAnAnswerIsOwedNothingEndsTheConnectionButThatAnswer) {
  for (const RequestEvent event : kEvents)
    EXPECT_EQ(phase_after(serving, event) == closed, event == answered_last) << name_of(event);
}

TEST(RequestState, MoreOfAHeadDoesNotBeginItsTimeAnew) {
  RequestState state;
  state.on(head_begun);
  const auto first = state.serial();
  state.on(head_begun);
  EXPECT_EQ(state.serial(), first);
  state.on(body_begun);
  EXPECT_NE(state.serial(), first);
}

TEST(RequestState, AnEventThatCannotHappenEndsTheProcess) {
  RequestState state;
  EXPECT_DEATH(state.on(answered), "cannot happen in this phase of a request");
}

TEST(RequestState, AnEventWithoutARowEndsTheProcess) {
  EXPECT_DEATH(static_cast<void>(phase_after(idle, static_cast<RequestEvent>(99))), "without its row");
}

}  // namespace
}  // namespace belfry::protocol
