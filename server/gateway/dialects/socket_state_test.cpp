#include "gateway/dialects/socket_state.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/golden_page_for_tests.hpp"

namespace belfry::gateway {
namespace {

constexpr SocketPhase kPhases[] = {SocketPhase::choosing, SocketPhase::speaking, SocketPhase::start_waits, SocketPhase::held};
constexpr SocketStep kSteps[] = {SocketStep::dialect_chosen, SocketStep::held_back,        SocketStep::released,
                                 SocketStep::start_received, SocketStep::hang_ups_decided, SocketStep::queue_dropped};

// A new enumerator does not build here until it has a name, and with its name comes its place in the list above.
constexpr std::string_view name_of(SocketPhase phase) {
  switch (phase) {
    case SocketPhase::choosing:
      return "choosing";
    case SocketPhase::speaking:
      return "speaking";
    case SocketPhase::start_waits:
      return "start waits";
    case SocketPhase::held:
      return "held";
  }
  return {};
}

constexpr std::string_view name_of(SocketStep step) {
  switch (step) {
    case SocketStep::dialect_chosen:
      return "its dialect is chosen";
    case SocketStep::held_back:
      return "its dialect holds it";
    case SocketStep::released:
      return "its dialect releases it";
    case SocketStep::start_received:
      return "a start comes while a hang-up is not decided";
    case SocketStep::hang_ups_decided:
      return "the last hang-up is decided";
    case SocketStep::queue_dropped:
      return "its queue is dropped";
  }
  return {};
}

std::string table() {
  std::string text = "| Step |", rule = "|---|";
  for (const SocketPhase phase : kPhases) {
    text.append(" ").append(name_of(phase)).append(" |");
    rule += "---|";
  }
  text += "\n" + rule + "\n";
  for (const SocketStep step : kSteps) {
    text.append("| ").append(name_of(step)).append(" |");
    for (const SocketPhase phase : kPhases) {
      const SocketPhase after = phase_after(phase, step);
      text.append(" ").append(after == phase ? std::string_view{} : name_of(after)).append(" |");
    }
    text += "\n";
  }
  return text;
}

TEST(SocketState, TheDocsShowTheWholeTable) {
  const std::string now =
      "# The states of a socket in the router\n\n"
      "What the router does with the next event of a socket, from CONNECT until the socket is gone "
      "(`server/gateway/dialects/socket_state.hpp`). Printed by `socket_state_test.cpp` from the table itself; "
      "`UPDATE_GOLDEN=1 gateway_dialects_test` writes it anew.\n\n"
      "In `choosing` its first event chooses its dialect; in `speaking` its dialect gets each event; in `start waits` and `held` "
      "each "
      "event is queued. The queue is due when a step leads from one of the last two to one of the first two.\n\n"
      "A cell names the phase that follows; an empty cell: the phase stays.\n\n" +
      table();
  belfry::testing::expect_page("docs/socket-states.md", now);
}

TEST(SocketState, QueuesEventsUntilItIsReleased) {
  SocketState socket;
  socket.choose_dialect();
  socket.hold();
  EXPECT_TRUE(socket.queues_events());
  EXPECT_EQ(socket.release(), Queue::due);
  EXPECT_EQ(socket.release(), Queue::as_it_was);
  EXPECT_FALSE(socket.queues_events());
}

TEST(SocketState, AStartBehindAHangUpWaitsForTheLastOne) {
  SocketState socket;
  socket.choose_dialect();
  EXPECT_FALSE(socket.start_must_wait());
  socket.begin_hang_up();
  socket.begin_hang_up();
  socket.receive_start();
  EXPECT_EQ(socket.decide_hang_up(), Queue::as_it_was);
  EXPECT_TRUE(socket.queues_events());
  EXPECT_EQ(socket.decide_hang_up(), Queue::due);
  EXPECT_EQ(socket.decide_hang_up(), Queue::as_it_was);
}

TEST(SocketState, AHangUpThatIsDecidedDoesNotReleaseAHeldSocket) {
  SocketState socket;
  socket.choose_dialect();
  socket.begin_hang_up();
  socket.receive_start();
  socket.hold();
  EXPECT_EQ(socket.decide_hang_up(), Queue::as_it_was);
  EXPECT_TRUE(socket.queues_events());
  EXPECT_EQ(socket.release(), Queue::due);
}

TEST(SocketState, DroppingTheQueueForgetsTheHangUpsToo) {
  SocketState socket;
  socket.choose_dialect();
  socket.begin_hang_up();
  socket.receive_start();
  socket.drop_queue();
  EXPECT_FALSE(socket.queues_events());
  EXPECT_FALSE(socket.start_must_wait());
}

TEST(SocketState, AStepWithoutARowEndsTheProcess) {
  EXPECT_DEATH(static_cast<void>(phase_after(SocketPhase::speaking, static_cast<SocketStep>(99))), "without its row");
}

}  // namespace
}  // namespace belfry::gateway
