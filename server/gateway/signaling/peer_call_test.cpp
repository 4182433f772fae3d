#include "gateway/signaling/peer_call.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/golden_page_for_tests.hpp"

namespace belfry::gateway {
namespace {

constexpr PeerCallPhase kPhases[] = {PeerCallPhase::on, PeerCallPhase::leaving, PeerCallPhase::over};
constexpr PeerCallStep kSteps[] = {PeerCallStep::leave_asked, PeerCallStep::leave_refused, PeerCallStep::ended};
constexpr Shown kShown[] = {Shown::nothing, Shown::without_description, Shown::description};
constexpr ShownStep kShownSteps[] = {ShownStep::notified_with_description, ShownStep::notified_without,
                                     ShownStep::description_came, ShownStep::wait_over};

// A new enumerator does not build here until it has a name, and with its name comes its place in the lists above.
constexpr std::string_view name_of(PeerCallPhase phase) {
  switch (phase) {
    case PeerCallPhase::on:
      return "on";
    case PeerCallPhase::leaving:
      return "leaving";
    case PeerCallPhase::over:
      return "over";
  }
  return {};
}

constexpr std::string_view name_of(PeerCallStep step) {
  switch (step) {
    case PeerCallStep::leave_asked:
      return "the page ends or declines it";
    case PeerCallStep::leave_refused:
      return "that was decided, and the call goes on";
    case PeerCallStep::ended:
      return "it ends";
  }
  return {};
}

constexpr std::string_view name_of(Shown shown) {
  switch (shown) {
    case Shown::nothing:
      return "nothing";
    case Shown::without_description:
      return "without description";
    case Shown::description:
      return "description";
  }
  return {};
}

constexpr std::string_view name_of(ShownStep step) {
  switch (step) {
    case ShownStep::notified_with_description:
      return "the ring or the answer comes with its description";
    case ShownStep::notified_without:
      return "the ring or the answer comes without";
    case ShownStep::description_came:
      return "a description comes as a signal";
    case ShownStep::wait_over:
      return "two seconds have passed";
  }
  return {};
}

/// A table of `steps` over `states`. `cell` fills it in.
template <class Steps, class States, class Cell>
std::string table(const Steps& steps, const States& states, const Cell& cell) {
  std::string text = "| Step |", rule = "|---|";
  for (const auto state : states) {
    text.append(" ").append(name_of(state)).append(" |");
    rule += "---|";
  }
  text += "\n" + rule + "\n";
  for (const auto step : steps) {
    text.append("| ").append(name_of(step)).append(" |");
    for (const auto state : states) text.append(" ").append(cell(state, step)).append(" |");
    text += "\n";
  }
  return text;
}

std::string phase_cell(PeerCallPhase phase, PeerCallStep step) {
  const PeerCallPhase next = detail::next_phase(phase, step);
  return next == phase ? "" : std::string(name_of(next));
}

std::string shown_cell(Shown shown, ShownStep step) {
  const Shown next = detail::next_shown(shown, step);
  const std::string event = show_after(shown, step) == Show::event ? "event" : "";
  const std::string after = next == shown ? "" : std::string(name_of(next));
  return event.empty() || after.empty() ? event + after : event + ", " + after;
}

TEST(PeerCallStates, TheDocsShowBothTables) {
  const std::string now =
      "# The states of a peer's call in the signaling dialect\n\n"
      "What a page of the signaling dialect has of a call, which it knows by the name of the peer "
      "(`server/gateway/signaling/peer_call.hpp`). Printed by `peer_call_test.cpp` from the tables themselves; "
      "`UPDATE_GOLDEN=1 gateway_signaling_test` writes it anew.\n\n"
      "A cell names the state that follows; an empty cell: the state stays.\n\n"
      "## How far the call is for this page\n\n" +
      table(kSteps, kPhases, phase_cell) +
      "\n## What the page has been shown of the peer's side\n\n"
      "`event`: the page gets `incoming_call` or `call_answered`, where it has waited too long with `null` for the description. "
      "An "
      "offer in a call that is accepted is a renegotiation, and is sent as `incoming_call` in any state.\n\n" +
      table(kShownSteps, kShown, shown_cell);
  belfry::testing::expect_page("docs/peer-call-states.md", now);
}

TEST(PeerCallStates, AnEndThatWasRefusedMayBeAskedForAgain) {
  PeerCall call("ben", {});
  EXPECT_FALSE(call.leave());
  EXPECT_TRUE(call.leave());
  call.stay();
  EXPECT_FALSE(call.leave());
  call.end();
  EXPECT_TRUE(call.is_over());
  EXPECT_TRUE(call.leave());
  call.stay();
  EXPECT_TRUE(call.is_over());
}

TEST(PeerCallStates, ADescriptionIsShownOnceAndThePageWaitsForItOnce) {
  PeerCall call("ben", {});
  EXPECT_EQ(call.show(ShownStep::notified_without), Show::nothing);
  EXPECT_EQ(call.show(ShownStep::wait_over), Show::event);
  EXPECT_EQ(call.show(ShownStep::wait_over), Show::nothing);
  EXPECT_EQ(call.show(ShownStep::description_came), Show::event);
  EXPECT_EQ(call.show(ShownStep::description_came), Show::nothing);
  EXPECT_EQ(call.show(ShownStep::wait_over), Show::nothing);
}

TEST(PeerCallStates, AStepWithoutARowEndsTheProcess) {
  EXPECT_DEATH(static_cast<void>(detail::next_phase(PeerCallPhase::on, static_cast<PeerCallStep>(99))), "without its row");
  EXPECT_DEATH(static_cast<void>(detail::next_shown(Shown::nothing, static_cast<ShownStep>(99))), "without its row");
}

}  // namespace
}  // namespace belfry::gateway
