// SPEC J-6.4, J-6.6: what FCM is sent, and what is made of its answers.
#include "adapters/push/fcm.hpp"

#include "adapters/push/providers_for_tests.hpp"
#include "wire/json/json.hpp"
#include "wire/jwt/jws.hpp"

namespace belfry::push::testing {
namespace {

class FcmProvider : public Providers {
 protected:
  FcmProvider() {
    std::string json =
        R"({"project_id":"belfry-1","client_email":"push@belfry","private_key_id":"k1","token_uri":"https://oauth/t","private_key":)";
    json::append_quoted(json, pem("RSA", nullptr));
    fcm_.emplace(FcmSettings{.account = read_service_account(json + "}").value(), .endpoint = "https://fcm"}, http(), clock(),
                 10s);
  }
  void push() { fcm_->send(message(store::PushProvider::fcm), done()); }
  void grant(const std::string& token) { answer(200, R"({"access_token":")" + token + R"(","expires_in":3600})"); }
  std::optional<Fcm> fcm_;
};

// R-000-47, R-002-20
TEST_F(FcmProvider, RingIsADataMessageOfHighPriority) {
  push();
  grant("a1");
  EXPECT_EQ(request().url, "https://fcm/v1/projects/belfry-1/messages:send");
  EXPECT_EQ(header("Authorization"), "Bearer a1");
  EXPECT_EQ(request().body, R"({"message":{"token":"token-1","data":{"type":"ring","callId":"c"},"android":{"priority":"HIGH",)"
                            R"("ttl":"30s","collapse_key":"01000000-0000-0000-0000-000000000000"}}})");
  answer(200, R"({"name":"projects/belfry-1/messages/0:1"})");
  EXPECT_EQ(replies_.at(0).took, 40ms);
  last<PushAccepted>();
}

TEST_F(FcmProvider, LateRingHasNoNegativeLife) {
  auto late = message(store::PushProvider::fcm);
  late.left = -1'500ms;
  fcm_->send(late, done());
  grant("a1");
  EXPECT_NE(request().body.find(R"("ttl":"0s")"), std::string::npos) << request().body;
}

TEST_F(FcmProvider, AccessTokenIsFetchedOnceForAllWhoWaitAndKeptUntilItExpires) {
  push(), push();
  ASSERT_EQ(open_.size(), 1U);
  EXPECT_EQ(request().url, "https://oauth/t");
  EXPECT_TRUE(request().body.starts_with("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="));
  EXPECT_EQ(jwt::key_id_of(request().body.substr(request().body.rfind('=') + 1)), "k1");
  grant("a1");
  EXPECT_EQ(open_.size(), 2U);
  passed_ = 58min;
  push();
  EXPECT_EQ(open_.back().request.url, "https://fcm/v1/projects/belfry-1/messages:send");
  passed_ = 60min;
  push();
  EXPECT_EQ(open_.back().request.url, "https://oauth/t");
}

// Found by reading: the answer is of the network, and its number was multiplied unseen.
TEST_F(FcmProvider, AccessTokenIsKeptForAnHourAtMostWhateverLifeItIsGiven) {
  const auto fetches = [this] { return open_.back().request.url == "https://oauth/t"; };
  for (const char* const life : {"31536000", "9223372036854775807", "null", "-9223372036854775808", "0"}) {
    push();
    ASSERT_TRUE(fetches()) << life;
    answer(200, R"({"access_token":"a1","expires_in":)" + std::string(life) + "}");
    answer(200);
    const bool lives = life[0] != '-' && life[0] != '0';
    passed_ += 58min;
    push();
    EXPECT_EQ(fetches(), !lives) << life;
    if (fetches()) grant("a1");
    answer(200);
    passed_ += 2h;
  }
}

// J-6.6
TEST_F(FcmProvider, RefusedAccessTokenIsReplacedOnce) {
  push();
  grant("a1");
  answer(401);
  grant("a2");
  EXPECT_EQ(header("Authorization"), "Bearer a2");
  answer(401);
  EXPECT_EQ(last<PushRefused>().error, "401");
}

// J-6.6
TEST_F(FcmProvider, AllRequestsOfATryHaveOneTimeoutTogether) {
  push();
  EXPECT_EQ(request().left, 10s);
  passed_ = 6s;
  grant("a1");
  EXPECT_EQ(request().left, 4s);
  passed_ = 9s;
  answer(401);
  EXPECT_EQ(request().left, 1s);
  passed_ = 10s;
  grant("a2");
  EXPECT_TRUE(open_.empty());
  EXPECT_EQ(last<PushPostponed>().error, "timeout");
}

TEST_F(FcmProvider, WithoutAnAccessTokenThePushIsTriedAgain) {
  push();
  answer(400, R"({"error":"invalid_grant"})");
  EXPECT_EQ(last<PushPostponed>().error, "oauth 400 invalid_grant");
  push();
  fail(HttpFault::timeout);
  EXPECT_EQ(last<PushPostponed>().error, "oauth unreachable");
}

// Found by reading: the log of pushes had Google's word as it came, and the token went into a header likewise.
TEST_F(FcmProvider, AnswerToTheTokensRequestIsShownShortAndAddsNoHeader) {
  push();
  answer(400, R"({"error":"a\nb)" + std::string(9000, 'c') + R"("})");
  EXPECT_EQ(last<PushPostponed>().error, "oauth 400 a?b" + std::string(61, 'c'));
  push();
  grant(R"(a1\r\nX-Header: 1)");
  EXPECT_EQ(last<PushPostponed>().error, "oauth 200");
  EXPECT_TRUE(open_.empty());
}

// R-000-48, J-6.6
TEST_F(FcmProvider, AnswersAreToldApart) {
  const auto answered = [this](long status, const std::string& body, std::optional<Duration> retry_after = {}) {
    push();
    if (request().url == "https://oauth/t") grant("a1");
    answer(status, body, retry_after);
  };
  answered(404, R"({"error":{"status":"NOT_FOUND","details":[{"errorCode":"UNREGISTERED"}]}})");
  const auto gone = last<PushUnregistered>();
  EXPECT_EQ(gone.token, "token-1");
  EXPECT_EQ(gone.error, "404 UNREGISTERED");
  answered(404, R"({"error":{"status":"NOT_FOUND"}})");
  EXPECT_EQ(last<PushRefused>().error, "404 NOT_FOUND") << "of the project, not of the token";
  answered(429, R"({"error":{"status":"RESOURCE_EXHAUSTED","details":[{"errorCode":"QUOTA_EXCEEDED"}]}})", 7s);
  const auto later = last<PushPostponed>();
  EXPECT_EQ(later.error, "429 QUOTA_EXCEEDED");
  EXPECT_EQ(later.retry_after, 7s);
  answered(503, "<html>");
  EXPECT_EQ(last<PushPostponed>().error, "503");
  answered(400, R"({"error":{"status":"INVALID_ARGUMENT"}})");
  EXPECT_EQ(last<PushRefused>().error, "400 INVALID_ARGUMENT");
}

TEST(ServiceAccount, IncompleteOneIsRefusedWithAReason) {
  EXPECT_FALSE(read_service_account("{}"));
  EXPECT_FALSE(read_service_account("not json"));
  std::string json = R"({"project_id":"p","private_key":)";
  json::append_quoted(json, pem("RSA", nullptr));
  EXPECT_EQ(read_service_account(json + "}").error(), "needs project_id, client_email and token_uri");
}

}  // namespace
}  // namespace belfry::push::testing
