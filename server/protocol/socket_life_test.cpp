// Prints the table to docs/socket-life.md and compares: the page cannot go stale.
#include "protocol/socket_life.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/golden_page_for_tests.hpp"

namespace belfry::protocol {
namespace {

constexpr LifePhase kPhases[] = {LifePhase::absent, LifePhase::connected, LifePhase::suspended, LifePhase::moving,
                                 LifePhase::gone};
constexpr SocketLifeStep kSteps[] = {SocketLifeStep::admitted,     SocketLifeStep::lost,        SocketLifeStep::ended,
                                     SocketLifeStep::window_over,  SocketLifeStep::taken_along, SocketLifeStep::back,
                                     SocketLifeStep::back_too_late};

// A new enumerator does not build here until it has a name, and with its name comes its place in the list above.
constexpr std::string_view name_of(LifePhase phase) {
  switch (phase) {
    case LifePhase::absent:
      return "absent";
    case LifePhase::connected:
      return "connected";
    case LifePhase::suspended:
      return "suspended";
    case LifePhase::moving:
      return "moving";
    case LifePhase::gone:
      return "gone";
  }
  return {};
}

constexpr std::string_view name_of(SocketLifeStep step) {
  switch (step) {
    case SocketLifeStep::admitted:
      return "its CONNECT is admitted";
    case SocketLifeStep::lost:
      return "its session closes, and the client may come back";
    case SocketLifeStep::ended:
      return "it leaves, is disconnected, or its session closes for good";
    case SocketLifeStep::window_over:
      return "the recovery window is over, or its log begins too late";
    case SocketLifeStep::taken_along:
      return "its client has come back, with its pid and credential";
    case SocketLifeStep::back:
      return "its state arrives where the client is";
    case SocketLifeStep::back_too_late:
      return "its state arrives, and the client is lost again";
  }
  return {};
}

constexpr std::string_view handler_of(SocketLifeStep step) {
  switch (step) {
    case SocketLifeStep::admitted:
      return "`on_connected`";
    case SocketLifeStep::lost:
      return "`on_suspended`";
    case SocketLifeStep::ended:
    case SocketLifeStep::window_over:
      return "`on_disconnected`";
    case SocketLifeStep::taken_along:
      return "`on_detached`";
    case SocketLifeStep::back:
      return "`on_recovered`";
    case SocketLifeStep::back_too_late:
      return "`on_recovered`, `on_suspended`";
  }
  return {};
}

std::string table() {
  std::string text = "| Step |", rule = "|---|";
  for (const LifePhase phase : kPhases) {
    text.append(" ").append(name_of(phase)).append(" |");
    rule += "---|";
  }
  text += " The gateway gets |\n" + rule + "---|\n";
  for (const SocketLifeStep step : kSteps) {
    text.append("| ").append(name_of(step)).append(" |");
    for (const LifePhase phase : kPhases) {
      const auto after = phase_after(phase, step);
      text.append(" ").append(after ? name_of(*after) : "-").append(" |");
    }
    text.append(" ").append(handler_of(step)).append(" |\n");
  }
  return text;
}

TEST(SocketLife, TheDocsShowTheWholeTable) {
  const std::string now =
      "# The life of a Socket.IO socket\n\n"
      "From its CONNECT until nothing of it is kept (`server/protocol/socket_life.hpp`). Printed by `socket_life_test.cpp` from "
      "the table itself; `UPDATE_GOLDEN=1 protocol_test` writes it anew.\n\n"
      "A cell names the phase that follows; `-`: the step cannot come in this phase. What the gateway does with the events of a "
      "connected socket: [socket-states.md](socket-states.md).\n\n" +
      table();
  belfry::testing::expect_page("docs/socket-life.md", now);
}

TEST(SocketLife, ASocketThatIsLostAndComesBackMayBeLostAgain) {
  SocketLife life;
  life.take(SocketLifeStep::admitted);
  life.take(SocketLifeStep::lost);
  EXPECT_TRUE(life.is_suspended());
  life.take(SocketLifeStep::taken_along);
  EXPECT_FALSE(life.is_suspended());
  life.take(SocketLifeStep::back_too_late);
  EXPECT_TRUE(life.is_suspended());
}

TEST(SocketLife, AStepThatItsPhaseDoesNotHaveEndsTheProcess) {
  SocketLife life;
  EXPECT_DEATH(life.take(SocketLifeStep::window_over), "does not have");
  EXPECT_DEATH(static_cast<void>(phase_after(LifePhase::gone, static_cast<SocketLifeStep>(99))), "without its row");
}

}  // namespace
}  // namespace belfry::protocol
