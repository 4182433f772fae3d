#include "adapters/jwks/jwks_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "adapters/jwks/http_issuer_for_tests.hpp"
#include "wire/jwt/jws.hpp"
#include "wire/jwt/rfc7515_for_tests.hpp"

namespace belfry::jwks {
namespace {

using namespace std::chrono_literals;
using jwt::rfc7515::ec_jwk;
using jwt::rfc7515::jwk_set;
using jwt::rfc7515::rsa_jwk;
using testing::HasSubstr;
using testing::Not;

/// Every attempt writes one line, so that a test waits for attempts by reading lines.
class KeptLines final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override { return true; }
  void write(LogLevel, std::string_view message, std::initializer_list<LogField> fields) override {
    std::string line(message);
    for (const LogField& field : fields)
      if (const auto* text = std::get_if<std::string_view>(&field.value)) line.append(" ").append(*text);
    static_cast<void>(lines_.try_push(line));
  }
  std::string next() { return lines_.pop().value_or("closed"); }

 private:
  WorkQueue<std::string> lines_{1000};
};

class Jwks : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const auto* name : {"http_proxy", "ALL_PROXY", "all_proxy"}) ::unsetenv(name);
  }
  /// Fetches at the start and then only when asked.
  [[nodiscard]] Settings on_demand() const { return {.url = issuer_.url(), .refresh = 1h, .retry = 1h, .want_interval = 0s}; }

  const std::string rsa_ = rsa_jwk(R"(,"kid":"r")");
  const std::string ec_ = ec_jwk(R"(,"kid":"e")");
  KeptLines log_;
  HttpIssuer issuer_;
};

// R-002-05
TEST_F(Jwks, TheIssuersKeysVerifyItsTokensAfterTheFirstAnswer) {
  issuer_.answer("200 OK", jwk_set({rsa_, ec_}));
  const JwksSource source(on_demand(), log_);
  EXPECT_EQ(log_.next(), "key set fetched");
  EXPECT_EQ(source.keys()->size(), 2U);
  EXPECT_TRUE(jwt::open_jws(jwt::rfc7515::kRs256Token, *source.keys()));
  EXPECT_TRUE(jwt::open_jws(jwt::rfc7515::kEs256Token, *source.keys()));
}

TEST_F(Jwks, ATokenWithAnUnknownKeyCausesAFetchAndOneWithAKnownKeyDoesNot) {
  issuer_.answer("200 OK", jwk_set({rsa_}));
  JwksSource source(on_demand(), log_);
  log_.next();
  const auto before = source.keys();
  issuer_.answer("200 OK", jwk_set({ec_}));
  source.want("r");
  source.want("e");
  log_.next();
  EXPECT_EQ(issuer_.requests(), 2);
  ASSERT_EQ(source.keys()->size(), 1U);
  EXPECT_EQ(source.keys()->front().id(), "e") << "the withdrawn key is gone";
  EXPECT_EQ(before->front().id(), "r") << "a check that still uses the old set may finish";
}

TEST_F(Jwks, UnknownKeyNamesCauseNoMoreThanOneFetchPerInterval) {
  issuer_.answer("200 OK", jwk_set({rsa_}));
  {
    Settings settings = on_demand();
    settings.want_interval = 1h;
    JwksSource source(settings, log_);
    log_.next();
    for (int i = 0; i < 100; ++i) source.want("made up " + std::to_string(i));
  }
  EXPECT_EQ(issuer_.requests(), 1);
}

TEST_F(Jwks, TheSetIsFetchedAgainWhenItIsOld) {
  issuer_.answer("200 OK", jwk_set({rsa_}));
  Settings settings = on_demand();
  settings.refresh = 1ms;
  const JwksSource source(settings, log_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(log_.next(), "key set fetched");
}

TEST_F(Jwks, TheLastGoodSetIsKeptAfterABadAnswer) {
  issuer_.answer("200 OK", jwk_set({rsa_}));
  JwksSource source(on_demand(), log_);
  log_.next();
  const auto expect_kept = [&](std::string_view why) {
    source.want("e");
    EXPECT_THAT(log_.next(), testing::AllOf(HasSubstr(why), Not(HasSubstr("pa55")), Not(HasSubstr("127.0.0.1"))));
    EXPECT_EQ(source.keys()->front().id(), "r");
  };
  issuer_.answer("500 Internal Server Error", jwk_set({ec_}));
  expect_kept("not 200");
  issuer_.answer("302 Found", "", "Location: " + issuer_.url() + "\r\n");
  expect_kept("not 200");
  issuer_.answer("200 OK", "<html>");
  expect_kept("cannot be read");
  issuer_.answer("200 OK", std::string(64 * 1024 + 1, ' '));
  expect_kept("too large");
  issuer_.answer("200 OK", jwk_set({ec_}));
  source.want("e");
  EXPECT_EQ(log_.next(), "key set fetched");
}

TEST_F(Jwks, FetchFromAnIssuerThatNeverAnswersTimesOut) {
  Settings settings = on_demand();
  settings.limits.total = 20ms;
  const JwksSource source(settings, log_);
  EXPECT_THAT(log_.next(), HasSubstr("Timeout"));
  EXPECT_TRUE(source.keys()->empty());
}

TEST_F(Jwks, FetchIsRetriedUntilTheIssuerAnswers) {
  issuer_.answer("503 Service Unavailable", "");
  Settings settings = on_demand();
  settings.retry = 1ms;
  const JwksSource source(settings, log_);
  EXPECT_THAT(log_.next(), HasSubstr("not 200"));
  issuer_.answer("200 OK", jwk_set({rsa_}));
  while (log_.next() != "key set fetched") continue;
  EXPECT_EQ(source.keys()->size(), 1U);
}

TEST_F(Jwks, OtherSchemesThanHttpAreRefused) {
  Settings settings = on_demand();
  settings.url = "file:///etc/passwd";
  const JwksSource source(settings, log_);
  EXPECT_THAT(log_.next(), HasSubstr("protocol"));
}

}  // namespace
}  // namespace belfry::jwks
