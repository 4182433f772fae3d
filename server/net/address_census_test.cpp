// C-02: `connect`, per address
#include "net/address_census.hpp"

#include <gtest/gtest.h>

namespace belfry::net {
namespace {

using namespace std::chrono_literals;
using Verdict = AddressCensus::Verdict;

PeerAddress ipv4(std::uint8_t last) { return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, last}; }
PeerAddress ipv6(std::uint8_t network, std::uint8_t host) {
  PeerAddress address{0x20, 0x01, 0x0d, 0xb8};
  address[7] = network;
  address[15] = host;
  return address;
}
constexpr TimePoint kStart{1h};

TEST(AddressCensus, AddressAtItsLimitIsRefusedUntilAConnectionCloses) {
  AddressCensus census({.open = 2});
  EXPECT_EQ(census.enter(ipv4(1), kStart), Verdict::admitted);
  EXPECT_EQ(census.enter(ipv4(1), kStart), Verdict::admitted);
  EXPECT_EQ(census.enter(ipv4(1), kStart), Verdict::too_many_open);
  EXPECT_EQ(census.enter(ipv4(2), kStart), Verdict::admitted) << "somebody else";
  census.leave(ipv4(1));
  EXPECT_EQ(census.enter(ipv4(1), kStart), Verdict::admitted);
}

TEST(AddressCensus, FullBurstIsAvailableAtOnceAndRefillsOneByOne) {
  AddressCensus census({.arrivals = 3, .window = 60s});
  for (int arrival = 0; arrival < 3; ++arrival) {
    EXPECT_EQ(census.enter(ipv4(1), kStart), Verdict::admitted);
    census.leave(ipv4(1));  // closing does not give it back
  }
  EXPECT_EQ(census.enter(ipv4(1), kStart + 19s), Verdict::too_many_arrivals);
  EXPECT_EQ(census.enter(ipv4(2), kStart + 19s), Verdict::admitted) << "somebody else";
  EXPECT_EQ(census.enter(ipv4(1), kStart + 20s), Verdict::admitted);
  EXPECT_EQ(census.enter(ipv4(1), kStart + 21s), Verdict::too_many_arrivals);
  for (int arrival = 0; arrival < 3; ++arrival) EXPECT_EQ(census.enter(ipv4(1), kStart + 200s), Verdict::admitted);
}

TEST(AddressCensus, HostsOfOneIpv6NetworkAreCountedTogether) {
  AddressCensus census({.arrivals = 2});
  EXPECT_EQ(census.enter(ipv6(1, 1), kStart), Verdict::admitted);
  EXPECT_EQ(census.enter(ipv6(1, 2), kStart), Verdict::admitted);
  EXPECT_EQ(census.enter(ipv6(1, 3), kStart), Verdict::too_many_arrivals);
  EXPECT_EQ(census.enter(ipv6(2, 1), kStart), Verdict::admitted);
}

TEST(AddressCensus, AddressesThatLeftLongAgoAreForgotten) {
  AddressCensus census({.arrivals = 10, .window = 1s});
  TimePoint now = kStart;
  for (int number = 0; number < 100'000; ++number, now += 1ms) {
    const PeerAddress address = ipv6(static_cast<std::uint8_t>(number), 1);
    PeerAddress other = address;
    other[5] = static_cast<std::uint8_t>(number >> 8);
    if (census.enter(other, now) == Verdict::admitted) census.leave(other);
  }
  EXPECT_LT(census.remembered(), 4096U);
}

// One kept-alive connection could open any number of sessions by polling.
TEST(AddressCensus, SessionsAndConnectionsShareOneBucket) {
  AddressCensus census({.arrivals = 3});
  EXPECT_EQ(census.enter(ipv4(1), kStart), Verdict::admitted);
  EXPECT_EQ(census.arrive(ipv4(1), kStart), 0s);
  EXPECT_EQ(census.arrive(ipv4(1), kStart), 0s);
  const Duration wait = census.arrive(ipv4(1), kStart);
  EXPECT_GT(wait, 0s);
  EXPECT_EQ(census.enter(ipv4(1), kStart), Verdict::too_many_arrivals);
  EXPECT_EQ(census.arrive(ipv4(2), kStart), 0s) << "somebody else";
  EXPECT_GT(census.arrive(ipv4(1), kStart + wait - 1ms), 0s);
  EXPECT_EQ(census.arrive(ipv4(1), kStart + wait), 0s);
}

}  // namespace
}  // namespace belfry::net
