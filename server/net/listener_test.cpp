#include "net/listener.hpp"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>

namespace belfry::net {
namespace {

using ::testing::HasSubstr;

template <class Address>
ListenAddress listen_address(const Address& address) {
  ListenAddress made;
  std::memcpy(&made.place, &address, sizeof address);
  made.size = sizeof address;
  return made;
}

ListenAddress ipv4(std::uint32_t address, std::uint16_t port) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_addr.s_addr = htonl(address);
  four.sin_port = htons(port);
  return listen_address(four);
}

/// An address of a family that Linux has no sockets for, as IPv6 is on a machine where it is off.
ListenAddress of_absent_family() {
  ListenAddress absent = ipv4(INADDR_LOOPBACK, 0);
  absent.place.ss_family = AF_MAX;
  return absent;
}

/// RFC 5737: 192.0.2.0/24 is no machine's.
constexpr std::uint32_t kNoMachines = 0xC0000201;

TEST(Listener, ListensOnTheFirstAddressThatTheMachineHas) {
  const auto listener = Listener::open("localhost", 0, Sharing::alone, 8, [](const std::string&, std::uint16_t port) {
    return ListenAddresses{of_absent_family(), ipv4(kNoMachines, port), ipv4(INADDR_LOOPBACK, port)};
  });
  ASSERT_TRUE(listener) << listener.error();
  EXPECT_NE(listener->port(), 0);
}

TEST(Listener, DoesNotGoOnToTheNextAddressIfThePortIsTaken) {
  const auto first = Listener::open("127.0.0.1", 0, Sharing::alone, 8);
  ASSERT_TRUE(first) << first.error();
  const auto second =
      Listener::open("localhost", first->port(), Sharing::first_of_many, 8, [](const std::string&, std::uint16_t port) {
        return ListenAddresses{ipv4(INADDR_LOOPBACK, port), ipv4(INADDR_LOOPBACK + 1, port)};
      });
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("another program listens"));
}

TEST(Listener, HostWithNoAddressOfThisMachineIsNamedInTheError) {
  const auto listener = Listener::open("elsewhere", 0, Sharing::alone, 8, [](const std::string&, std::uint16_t port) {
    return ListenAddresses{ipv4(kNoMachines, port), of_absent_family()};
  });
  ASSERT_FALSE(listener);
  EXPECT_THAT(listener.error(), HasSubstr("this machine has no address elsewhere"));
}

TEST(Listener, EveryAddressIsTheWildcardOfIPv6ThenThatOfIPv4) {
  for (const auto* every : {"*", ""}) {
    const auto addresses = listen_addresses(every, 3000);
    ASSERT_EQ(addresses.size(), 2U);
    EXPECT_EQ(addresses[0].place.ss_family, AF_INET6);
    EXPECT_EQ(addresses[1].place.ss_family, AF_INET);
  }
  EXPECT_EQ(listen_addresses("127.0.0.1", 3000).size(), 1U);
  EXPECT_TRUE(listen_addresses("not an address", 3000).empty());
}

// A Unix socket has no TCP_NODELAY.
TEST(Listener, OptionThatTheKernelRefusesIsAnErrorAndNotDropped) {
  const auto listener = Listener::open("here", 0, Sharing::alone, 8, [](const std::string&, std::uint16_t) {
    sockaddr_un unnamed{};
    unnamed.sun_family = AF_UNIX;
    ListenAddress address = listen_address(unnamed);
    address.size = sizeof(sa_family_t);  // unix(7): the kernel then chooses a name
    return ListenAddresses{address};
  });
  ASSERT_FALSE(listener);
  EXPECT_THAT(listener.error(), HasSubstr("cannot listen on here:0"));
}

}  // namespace
}  // namespace belfry::net
