// A peer whose input is expensive to answer takes turns with the others.
#include "net/loopback_for_tests.hpp"
#include "net/steady_clock.hpp"

namespace belfry::net {
namespace {

using namespace std::chrono_literals;
using namespace loopback;
using protocol::ConnectionId;

/// Each byte is a message that takes a millisecond; answers are the bytes themselves.
void answer_slowly(Scripted& handler) {
  handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
    std::size_t used = 0;
    do {
      for (const TimePoint until = SteadyClock::read() + 1ms; SteadyClock::read() < until;) continue;
      handler.context.link.output(id).append(as_text(input).substr(used++, 1));
    } while (used < input.size() && !handler.context.link.turn_is_over(id));
    return used;
  };
}

// A peer that sent much input that is expensive to answer must not stop its shard until all of it is answered.
TEST(Turns, EndSoThatOthersAreServedBetweenRequestsOfABusyPeer) {
  const Running running({}, answer_slowly);
  const Peer talker(running.port()), other(running.port());
  other.send("o");
  EXPECT_EQ(other.receive(1), "o");
  talker.send(std::string(1'000, 't'));
  EXPECT_EQ(talker.receive(1), "t");
  const auto before = running.stats().bytes_out;
  other.send("o");
  EXPECT_EQ(other.receive(1), "o");
  EXPECT_LT(running.stats().bytes_out - before, 500U) << "the other waited until the talker had all its answers";
  EXPECT_EQ(talker.receive(999), std::string(999, 't'));
}

TEST(Turns, GoOnForAPeerThatSendsMoreAndAfterItHasShutDown) {
  const Running running({}, answer_slowly);
  const Peer talker(running.port());
  for (int i = 0; i < 20; ++i) {
    talker.send("0123456789");
    if (i < 10) {
      EXPECT_EQ(talker.receive(1).size(), 1U);
    }
  }
  talker.finish();
  EXPECT_EQ(talker.receive_to_the_end().size(), 190U);
}

}  // namespace
}  // namespace belfry::net
