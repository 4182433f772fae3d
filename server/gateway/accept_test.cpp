#include "gateway/accept.hpp"

#include <gtest/gtest.h>

#include <string>

namespace belfry::gateway {
namespace {

/// Of a request with these lines of headers.
class Accept : public testing::Test {
 protected:
  const http::Request& request(const std::string& lines) {
    head_ = "GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n";
    const auto read = http::read_head(as_bytes(head_), {}, request_);
    EXPECT_TRUE(read && *read) << lines;
    return request_;
  }
  const http::Request& accepting(const std::string& value) { return request("Accept: " + value + "\r\n"); }

 private:
  std::string head_;
  http::Request request_;
};

// C-15, RFC 9110 12.5.1
TEST_F(Accept, ClientThatNamesHtmlWantsAPage) {
  for (const char* value : {"text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "TEXT/HTML ; q=0.001",
                            "image/png, text/html;level=1;q=0.4", "application/json;q=0.5, text/html",
                            "application/json, text/html", "x/y;a=\"\\\",\";b=1 , text/html"})
    EXPECT_TRUE(wants_a_page(accepting(value))) << value;
  EXPECT_TRUE(wants_a_page(request("Accept: image/png\r\nAccept: text/html\r\n"))) << "two lines are one list (RFC 9110 5.3)";
}

TEST_F(Accept, ClientThatDoesNotOrPrefersJsonWantsNone) {
  for (const char* value :
       {"", "*/*", "text/*", "application/json, text/plain, */*", "text/html;q=0", "text/html;q=0.000", "text/htmlx",
        "x-text/html", "application/x;page=text/html", "x/y;a=\"q,text/html,\"", "application/json, text/html;q=0.9"})
    EXPECT_FALSE(wants_a_page(accepting(value))) << value;
  EXPECT_FALSE(wants_a_page(request("")));
}

TEST_F(Accept, WeightIsReadInThousandths) {
  for (const auto& [text, weight] : {std::pair{"text/html", 1000},
                                     {"text/html;q=1.000", 1000},
                                     {"text/html;Q=0.5", 500},
                                     {"text/html;q=0.", 0},
                                     {"text/html;q=0.123", 123},
                                     {"text/html;q=0.1, text/html;q=0.3", 300},
                                     {"text/html;q=1.1", 1000},
                                     {"text/html;q=0.1234", 1000},
                                     {"text/html;q=x", 1000}})
    EXPECT_EQ(weight_of(accepting(text), "text/html"), weight) << text;
  EXPECT_EQ(weight_of(accepting("text/plain"), "text/html"), std::nullopt);
}

}  // namespace
}  // namespace belfry::gateway
