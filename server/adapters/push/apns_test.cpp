// SPEC J-6.4, J-6.6: what APNs is sent, and what is made of its answers.
#include "adapters/push/apns.hpp"

#include "adapters/push/providers_for_tests.hpp"
#include "wire/jwt/jws.hpp"

namespace belfry::push::testing {
namespace {

class ApnsProvider : public Providers {
 protected:
  ApnsProvider() {
    apns_.emplace(ApnsSettings{.key = jwt::SigningKey::from_pem(pem("EC", "P-256"), "KEY1").value(),
                               .team = "TEAM1",
                               .topic = "com.example.app",
                               .endpoint = "https://apns"},
                  http(), clock(), 10s);
  }
  void push(const std::string& voip = {}) {
    auto one = message(store::PushProvider::apns);
    one.device.address.voip_token = voip;
    apns_->send(one, done());
  }
  std::optional<Apns> apns_;
};

// R-002-20, R-002-24
TEST_F(ApnsProvider, RingIsAVoipPushToTheVoipTokenIfThereIsOne) {
  push("beef");
  EXPECT_EQ(request().url, "https://apns/3/device/beef");
  EXPECT_EQ(request().version, HttpVersion::http2);
  EXPECT_EQ(request().body, R"({"aps":{},"type":"ring","callId":"c"})");
  EXPECT_EQ(header("apns-push-type"), "voip");
  EXPECT_EQ(header("apns-topic"), "com.example.app.voip");
  EXPECT_EQ(header("apns-priority"), "10");
  EXPECT_EQ(header("apns-expiration"), std::to_string((kNow + 30'500) / 1000));
  answer(200);
  last<PushAccepted>();
  push();
  EXPECT_EQ(request().url, "https://apns/3/device/token-1");
}

// J-7.7: Apple judges by the real time, whatever the domain's clock reads.
TEST_F(ApnsProvider, ExpirationIsInRealTimeAndNotInThePast) {
  passed_ = 1h;
  push();
  EXPECT_EQ(header("apns-expiration"), std::to_string((kNow + 3'600'000 + 30'500) / 1000));
  open_.clear();
  auto late = message(store::PushProvider::apns);
  late.left = -9s;
  apns_->send(late, done());
  EXPECT_EQ(header("apns-expiration"), std::to_string((kNow + 3'600'000) / 1000));
}

TEST_F(ApnsProvider, ProviderTokenIsReusedForFortyMinutes) {
  push();
  const std::string first = header("Authorization");
  ASSERT_TRUE(first.starts_with("bearer "));
  EXPECT_EQ(jwt::key_id_of(first.substr(7)), "KEY1");
  answer(200);
  passed_ = 39min;
  push();
  EXPECT_EQ(header("Authorization"), first);
  answer(200);
  passed_ = 40min;
  push();
  EXPECT_NE(header("Authorization"), first);
}

// J-6.6
TEST_F(ApnsProvider, BothRequestsOfATryHaveOneTimeoutTogether) {
  push();
  EXPECT_EQ(request().left, 10s);
  passed_ = 9s;
  answer(403, R"({"reason":"ExpiredProviderToken"})");
  EXPECT_EQ(request().left, 1s);
}

// J-6.6
TEST_F(ApnsProvider, ExpiredProviderTokenIsReplacedOnce) {
  push();
  const std::string first = header("Authorization");
  passed_ = 1s;
  answer(403, R"({"reason":"ExpiredProviderToken"})");
  EXPECT_NE(header("Authorization"), first);
  answer(403, R"({"reason":"ExpiredProviderToken"})");
  EXPECT_EQ(last<PushRefused>().error, "403 ExpiredProviderToken");
  push();
  answer(403, R"({"reason":"InvalidProviderToken"})");
  EXPECT_EQ(last<PushRefused>().error, "403 InvalidProviderToken");
}

// R-000-48, J-6.6
TEST_F(ApnsProvider, AnswersAreToldApart) {
  push("beef");
  answer(410, R"({"reason":"Unregistered","timestamp":1})");
  EXPECT_EQ(last<PushUnregistered>().token, "beef");
  push();
  answer(400, R"({"reason":"BadDeviceToken"})");
  EXPECT_EQ(last<PushUnregistered>().error, "400 BadDeviceToken");
  push();
  answer(400, R"({"reason":"BadTopic"})");
  EXPECT_EQ(last<PushRefused>().error, "400 BadTopic");
  push();
  answer(429, R"({"reason":"TooManyRequests"})");
  EXPECT_EQ(last<PushPostponed>().error, "429 TooManyRequests");
  push();
  fail(HttpFault::timeout);
  EXPECT_EQ(last<PushPostponed>().error, "timeout");
}

}  // namespace
}  // namespace belfry::push::testing
