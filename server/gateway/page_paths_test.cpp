#include "gateway/page_paths.hpp"

#include <gtest/gtest.h>

#include <string>

#include "gateway/served_files_for_tests.hpp"

namespace belfry::gateway {
namespace {

bool may_be_a_page(const std::string& path) {
  const std::string head = "GET " + path + " HTTP/1.1\r\nHost: call.example\r\nAccept: text/html\r\n\r\n";
  http::Request request;
  EXPECT_TRUE(http::read_head(as_bytes(head), {}, request)) << path;
  return asks_for_a_page(request);
}

// S2
TEST(PagePaths, AllButTheServersAddressesMayBePages) {
  for (const char* path : {"/", "/c/018f", "/userland", "/apis/x", "/c/api", "//api", "/%61pis"})
    EXPECT_TRUE(may_be_a_page(path)) << path;
  for (const char* path : {"/api", "/api/", "/api/x", "/%61pi/x", "/docs", "/assets/x.js", "/socket.io/x", "/users"})
    EXPECT_FALSE(may_be_a_page(path)) << path;
}

// S2
TEST(PagePaths, PathThatCannotBeDecodedMayBeAPageAndNamesNoFile) {
  for (const char* path : {"/c/%", "/c/%zz", "/c/%00", "/c/..%2fx", "/%2e%2e%2fapi", "/%"}) {
    EXPECT_TRUE(may_be_a_page(path)) << path;
    EXPECT_EQ(file_name(path), std::nullopt) << path;
  }
  for (const char* path : {"/api/%", "/%61pi/%", "/assets/%2e%2e%2fx", "/users/%"}) EXPECT_FALSE(may_be_a_page(path)) << path;
}

class PagesAtPathsThatCannotBeDecoded : public ServedFiles {};

// S2
TEST_F(PagesAtPathsThatCannotBeDecoded, AreThoseOfTheClientOrTheSite) {
  ours_.add("app/index.html", "ours");
  ours_.add("secret", "secret");
  for (const char* path : {"/c/%", "/..%2fsecret", "/%2e%2e/secret", "/c/%2e%2e%2f%2e%2e%2fsecret"}) {
    EXPECT_EQ(page(path).body, "ours") << path;
    EXPECT_EQ(ask("GET " + std::string(path)).status, 404) << path;
  }
  site_.add("index.html", "theirs");
  EXPECT_EQ(page("/c/%").body, "theirs");
}

}  // namespace
}  // namespace belfry::gateway
