#include "session/cors.hpp"

#include <gtest/gtest.h>

namespace belfry::session {
namespace {

// C-17
TEST(Cors, ListsOriginsExactlyAndNeverAllowsNull) {
  const CorsPolicy listed{CorsPolicy::Mode::listed_only, {"https://yourdomain.com", "capacitor://localhost"}};
  EXPECT_TRUE(listed.allows("https://yourdomain.com", "api.example"));
  EXPECT_TRUE(listed.allows("capacitor://localhost", "api.example"));
  EXPECT_TRUE(listed.allows("https://api.example", "api.example")) << "our own pages";
  EXPECT_TRUE(listed.allows("http://api.example", "api.example"));
  EXPECT_TRUE(listed.allows("https://api.example", "api.example", Scheme::https));
  EXPECT_FALSE(listed.allows("http://api.example", "api.example", Scheme::https)) << "anybody on the way can write that page";
  EXPECT_FALSE(listed.allows("httpx://api.example", "api.example"));
  EXPECT_FALSE(listed.allows("https://yourdomain.com.evil.com", "api.example"));
  EXPECT_FALSE(listed.allows("null", "api.example"));
  EXPECT_FALSE((CorsPolicy{CorsPolicy::Mode::echo_any, {}}).allows("null", "api.example"));
}

}  // namespace
}  // namespace belfry::session
