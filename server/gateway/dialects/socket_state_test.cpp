#include "gateway/dialects/socket_state.hpp"

#include <gtest/gtest.h>

namespace belfry::gateway {
namespace {

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

}  // namespace
}  // namespace belfry::gateway
