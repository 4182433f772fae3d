#include "protocol/cors.hpp"

#include <gtest/gtest.h>

namespace belfry::protocol {
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

// W-04
TEST(Cors, LoopbackPagesAreOurOwnAtAnyPortInATrialOnly) {
  const CorsPolicy trial{.loopback = CorsPolicy::Loopback::own};
  for (const char* origin : {"http://localhost:5173", "http://localhost", "http://127.0.0.1:3001", "http://127.0.0.1"}) {
    EXPECT_TRUE(trial.allows(origin, "call.example")) << origin;
    EXPECT_FALSE(CorsPolicy{}.allows(origin, "call.example")) << origin;
  }
}

// W-04
TEST(Cors, OriginsThatOnlyResembleLoopbackAreForeign) {
  const CorsPolicy trial{.loopback = CorsPolicy::Loopback::own};
  for (const char* origin : {"http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://localhost@evil.example",
                             "http://localhost:80@evil.example", "http://127.0.0.10", "http://evil.example", "https://localhost",
                             "http://evil.localhost", "file://localhost", "null", ""})
    EXPECT_FALSE(trial.allows(origin, "call.example")) << origin;
}

// R-004-13
TEST(Cors, TrustIsTheSameInEveryMode) {
  const CorsPolicy any{.mode = CorsPolicy::Mode::echo_any, .allowed = {"https://app.example"}};
  EXPECT_TRUE(any.trusts("https://app.example", "call.example"));
  EXPECT_TRUE(any.trusts("https://call.example", "call.example"));
  EXPECT_FALSE(any.trusts("https://evil.example", "call.example"));
  EXPECT_FALSE(any.trusts("null", "call.example"));
}

}  // namespace
}  // namespace belfry::protocol
