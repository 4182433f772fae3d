// How many connections one address may hold.
#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace loopback;

TEST(AddressCap, RefusesOnlyAnAddressAtItsLimitAndFreesClosedConnections) {
  ServerConfig config = with_threads(2);
  config.per_address.open = 2;
  const Running running(config);
  auto first = std::make_unique<Peer>(running.port(), "127.0.0.2");
  const Peer second(running.port(), "127.0.0.2");
  const Peer other(running.port(), "127.0.0.3");
  for (const Peer* peer : std::initializer_list<const Peer*>{first.get(), &second, &other}) {
    peer->send("here");
    ASSERT_EQ(peer->receive(4), "here");
  }
  EXPECT_TRUE(Peer(running.port(), "127.0.0.2").was_ended());
  EXPECT_EQ(running.stats().refused_by_address, 1U);
  first.reset();
  ASSERT_TRUE(eventually([&] { return running.stats().open == 2; }));
  const Peer third(running.port(), "127.0.0.2");
  third.send("now");
  EXPECT_EQ(third.receive(3), "now");
}

}  // namespace
}  // namespace belfry::net
