#include "gateway/identity/client_address.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace belfry::gateway {
namespace {

/// As the socket's own address is spelt.
std::string ipv4(unsigned a, unsigned b, unsigned c, unsigned d) {
  std::string bytes(10, '\0');
  for (const unsigned byte : {0xFFU, 0xFFU, a, b, c, d}) bytes += static_cast<char>(byte);
  return bytes;
}

class ClientAddress : public ::testing::Test {
 protected:
  const http::Request& with(const std::string& lines) {
    head_ = "GET / HTTP/1.1\r\nHost: call.example\r\n" + lines + "\r\n";
    request_ = {};
    const auto read = http::read_head(as_bytes(head_), {}, request_);
    EXPECT_TRUE(read && *read) << head_;
    return request_;
  }
  std::string address(const std::string& lines, Forwarded header = Forwarded::believed) {
    return client_address(with(lines), {}, header);
  }

 private:
  std::string head_;
  http::Request request_;
};

TEST_F(ClientAddress, LastForwardedAddressIsTheOneTheTrustedProxyAdded) {
  EXPECT_EQ(address("X-Forwarded-For: 10.0.0.1, 203.0.113.9\r\n"), ipv4(203, 0, 113, 9));
  EXPECT_EQ(address("X-Forwarded-For: 203.0.113.9\r\n", Forwarded::ignored), address(""));
}

// A client could choose its address by a header line of its own before the proxy's.
TEST_F(ClientAddress, ForwardedAddressesInSeveralLinesAreOneList) {
  EXPECT_EQ(address("X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 203.0.113.9\r\n"), ipv4(203, 0, 113, 9));
  EXPECT_EQ(address("X-Forwarded-For: 10.0.0.1\r\nx-forwarded-for: 10.0.0.2, 203.0.113.9\r\n"), ipv4(203, 0, 113, 9));
}

// A host of IPv6 has as many addresses as it likes, and would escape every limit by address.
TEST_F(ClientAddress, HostsOfOneIpv6NetworkAreOneClient) {
  const auto from = [&](std::array<std::uint8_t, 16> address) {
    protocol::ConnectionFacts facts;
    std::copy(address.begin(), address.end(), facts.address);
    return client_address(with(""), facts, Forwarded::ignored);
  };
  EXPECT_EQ(from({0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 5}), from({0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 6}));
  EXPECT_NE(from({0x20, 1, 0xd, 0xb8, 0, 0, 0, 1}), from({0x20, 1, 0xd, 0xb8, 0, 0, 0, 2}));
  EXPECT_NE(from({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, 0, 0, 1}),
            from({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, 0, 0, 2}));
}

// Behind a proxy a host of IPv6 would be as many clients as it has addresses.
TEST_F(ClientAddress, ForwardedAddressIsReadLikeThatOfTheSocket) {
  const auto forwarded = [&](const std::string& text) { return address("X-Forwarded-For: " + text + "\r\n"); };
  EXPECT_EQ(forwarded("2001:db8:1:2::1"), forwarded("2001:db8:1:2::ffff"));
  EXPECT_NE(forwarded("2001:db8:1:2::1"), forwarded("2001:db8:1:3::1"));
  EXPECT_EQ(forwarded("[2001:db8:1:2::1]:443"), forwarded("2001:db8:1:2::9"));
  EXPECT_EQ(forwarded("203.0.113.9:4711"), forwarded("203.0.113.9"));
  EXPECT_EQ(forwarded("no address"), forwarded("neither is this")) << "the proxy's own address then";
}

}  // namespace
}  // namespace belfry::gateway
