#include "gateway/api/credentials.hpp"

#include <gtest/gtest.h>

namespace belfry::gateway {
namespace {

class Credentials : public ::testing::Test {
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

TEST_F(Credentials, LastForwardedAddressIsTheProxysWord) {
  EXPECT_EQ(address("X-Forwarded-For: 10.0.0.1, 203.0.113.9\r\n"), "203.0.113.9");
  EXPECT_EQ(address("X-Forwarded-For: 203.0.113.9\r\n", Forwarded::ignored), address(""));
}

// A13
TEST_F(Credentials, ForwardedAddressesInSeveralLinesAreOneList) {
  EXPECT_EQ(address("X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 203.0.113.9\r\n"), "203.0.113.9");
  EXPECT_EQ(address("X-Forwarded-For: 10.0.0.1\r\nx-forwarded-for: 10.0.0.2, 203.0.113.9\r\n"), "203.0.113.9");
}

// C-14
TEST_F(Credentials, BearerTokenWinsOverTheCookie) {
  const auto found = credential_of(with("Authorization: bearer abc\r\nCookie: belfry_session=def\r\n"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->token, "abc");
  EXPECT_FALSE(found->by_cookie);
}

// A13, C-14
TEST_F(Credentials, HeaderOfAnotherSchemeHidesNoCookie) {
  const auto found = credential_of(with("Authorization: Basic YTpi\r\nCookie: belfry_session=def\r\n"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->token, "def");
  EXPECT_TRUE(found->by_cookie);
  EXPECT_FALSE(credential_of(with("Authorization: Basic YTpi\r\n")).has_value());
}

}  // namespace
}  // namespace belfry::gateway
