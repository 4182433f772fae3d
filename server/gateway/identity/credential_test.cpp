#include "gateway/identity/credential.hpp"

#include <gtest/gtest.h>

namespace belfry::gateway {
namespace {

constexpr std::string_view kCookies = "theme=dark; belfry_session=from-cookie; xbelfry_session=other";

void expect(const Carriers& carriers, Carrier carrier, std::string_view token) {
  const Credential found = presented_credential(carriers);
  EXPECT_EQ(found.carrier, carrier);
  EXPECT_EQ(found.token, token);
}

// C-14
TEST(Credential, IsReadFromEachPlaceAlone) {
  expect({}, Carrier::none, "");
  expect({.handshake_token = "t"}, Carrier::handshake_token, "t");
  expect({.authorization = "Bearer t"}, Carrier::bearer, "t");
  expect({.cookies = kCookies}, Carrier::cookie, "from-cookie");
  expect({.cookies = "theme=dark; xbelfry_session=other"}, Carrier::none, "");
}

// C-14: the same for REST and for sockets.
TEST(Credential, ExplicitTokenPrecedesTheCookie) {
  expect({.handshake_token = "t", .authorization = "Bearer b", .cookies = kCookies}, Carrier::handshake_token, "t");
  expect({.authorization = "Bearer b", .cookies = kCookies}, Carrier::bearer, "b");
}

TEST(Credential, SchemeIsCaseInsensitiveAndBlanksAreDropped) {
  for (const std::string_view header : {"bearer b", "BEARER b", "Bearer   b", "Bearer b \t"})
    expect({.authorization = header}, Carrier::bearer, "b");
}

// A proxy's own login is no credential of ours.
TEST(Credential, HeaderOfAnotherSchemeIsIgnored) {
  for (const std::string_view header : {"Basic YTpi", "Bearer2 b", "Bearers", "Digest username=\"bearer b\"", ""}) {
    expect({.authorization = header}, Carrier::none, "");
    expect({.authorization = header, .cookies = kCookies}, Carrier::cookie, "from-cookie");
  }
}

TEST(Credential, SchemeWithoutATokenIsInvalidUnlessThereIsACookie) {
  expect({.authorization = "Bearer", .cookies = kCookies}, Carrier::cookie, "from-cookie");
  expect({.authorization = "Bearer"}, Carrier::bearer, "");
}

// SPEC 2.8.17: what is presented has to be good, in open mode too.
TEST(Credential, EmptyTokenCountsAsPresented) {
  expect({.handshake_token = "", .authorization = "Bearer b"}, Carrier::handshake_token, "");
  expect({.cookies = "belfry_session="}, Carrier::cookie, "");
}

// R-004-13
TEST(CookieUse, IsAllowedToOurOwnAndListedPagesOnly) {
  const std::vector<std::string> listed = {"https://app.example"};
  const auto may = [&](std::string_view origin) {
    return may_use_cookie({.origin = origin, .host = "call.example"}, {.allowed = listed});
  };
  EXPECT_TRUE(may("https://call.example"));
  EXPECT_TRUE(may("https://app.example"));
  for (const std::string_view foreign : {"https://evil.example", "https://call.example.evil", "null", ""})
    EXPECT_FALSE(may(foreign));
}

TEST(CookieUse, IsRefusedToTheHttpPageOfAnHttpsHost) {
  RequestSource source{.origin = "http://call.example", .host = "call.example"};
  EXPECT_TRUE(may_use_cookie(source, {}));
  source.scheme = protocol::Scheme::https;
  EXPECT_FALSE(may_use_cookie(source, {}));
}

TEST(CookieUse, DependsOnSecFetchSiteWithoutAnOrigin) {
  EXPECT_TRUE(may_use_cookie({.host = "call.example"}, {}));
  EXPECT_TRUE(may_use_cookie({.host = "call.example", .fetch_site = "same-origin"}, {}));
  EXPECT_TRUE(may_use_cookie({.host = "call.example", .fetch_site = "none"}, {})) << "the address was typed";
  for (const std::string_view foreign : {"cross-site", "same-site"})
    EXPECT_FALSE(may_use_cookie({.host = "call.example", .fetch_site = foreign}, {})) << foreign;
}

// R-004-13: found by review. A user's picture may be the address of a log-out on our own host.
TEST(CookieUse, IsRefusedToWhatAPageEmbeds) {
  const auto may = [](std::string_view dest) {
    return may_use_cookie({.host = "call.example", .fetch_site = "same-origin", .fetch_dest = dest}, {});
  };
  for (const std::string_view dest : {"", "empty", "document"}) EXPECT_TRUE(may(dest)) << dest;
  for (const std::string_view dest : {"image", "iframe", "script", "style", "audio"}) EXPECT_FALSE(may(dest)) << dest;
}

}  // namespace
}  // namespace belfry::gateway
