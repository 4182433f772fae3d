#include "wire/webpush/endpoint.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <vector>

namespace belfry::webpush {
namespace {

bool is_public(const char* text) {
  std::vector<std::uint8_t> bytes(16);
  if (::inet_pton(AF_INET6, text, bytes.data()) == 1) return is_public_address(bytes);
  bytes.resize(4);
  EXPECT_EQ(::inet_pton(AF_INET, text, bytes.data()), 1) << text;
  return is_public_address(bytes);
}

// J-6.2
TEST(PushEndpoint, AddressesThatTheInternetCannotReachAreNotPublic) {
  for (const auto* text : {"0.0.0.0",
                           "10.0.0.1",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "64:ff9b::10.0.0.1",
                           "fc00::1",
                           "fd12::1",
                           "fe80::1",
                           "ff02::1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:a00:1::",
                           "100::1"})
    EXPECT_FALSE(is_public(text)) << text;
  for (const auto* text :
       {"1.1.1.1", "9.255.255.255", "11.0.0.1", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "198.20.0.1",
        "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"})
    EXPECT_TRUE(is_public(text)) << text;
  EXPECT_FALSE(is_public_address(std::vector<std::uint8_t>(5)));
}

// J-6.2
TEST(PushEndpoint, MustBeHttpsToAPublicHost) {
  for (const auto* url :
       {"https://updates.push.services.mozilla.com/wpush/v2/abc", "https://fcm.googleapis.com/fcm/send/x:y",
        "https://push.example:8443/x?y", "https://1.1.1.1/x", "https://[2606:4700::1111]/x", "https://push.example"})
    EXPECT_TRUE(is_endpoint(url, AllowedHosts::public_only)) << url;
  for (const auto* url : {"http://push.example/x",
                          "ftp://push.example/x",
                          "https://",
                          "https:///x",
                          "push.example",
                          "",
                          "https://127.0.0.1/x",
                          "https://127.1/x",
                          "https://127.0.0.1./x",
                          "https://./x",
                          "https://2130706433/x",
                          "https://0x7f000001/x",
                          "https://017700000001/x",
                          "https://10.1.2.3:443/x",
                          "https://[::1]/x",
                          "https://[fe80::1]/x",
                          "https://[::ffff:10.0.0.1]/x",
                          "https://localhost/x",
                          "https://LOCALHOST/x",
                          "https://a.localhost/x",
                          "https://printer.local/x",
                          "https://db.internal./x",
                          "https://intranet/x",
                          "https://user@push.example/x",
                          "https://push.example:/x",
                          "https://push.example:x/",
                          "https://push.example:123456/",
                          "https://[::1/x",
                          "https://push.example/a b",
                          "https://push.example\\@10.0.0.1/",
                          "https://p\xC3\xBCsh.example/"})
    EXPECT_FALSE(is_endpoint(url, AllowedHosts::public_only)) << url;
  EXPECT_FALSE(is_endpoint("https://push.example/" + std::string(kMaxEndpoint, 'x'), AllowedHosts::public_only));
}

// J-6.2
TEST(PushEndpoint, OperatorMayAllowPrivateOnes) {
  for (const auto* url : {"http://127.0.0.1:8080/x", "https://localhost/x", "http://[::1]/x", "https://push.example/x"})
    EXPECT_TRUE(is_endpoint(url, AllowedHosts::private_too)) << url;
  for (const auto* url : {"file:///etc/passwd", "gopher://127.0.0.1/", "http://user@127.0.0.1/"})
    EXPECT_FALSE(is_endpoint(url, AllowedHosts::private_too)) << url;
}

}  // namespace
}  // namespace belfry::webpush
