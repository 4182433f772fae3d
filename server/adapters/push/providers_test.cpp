// SPEC J-6.4, J-6.6: what each provider is sent, and what is made of its answers. HTTP itself is http_client_test.cpp's.
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <deque>
#include <memory>

#include "adapters/push/apns.hpp"
#include "adapters/push/fcm.hpp"
#include "adapters/push/web_push.hpp"
#include "wire/base64/base64.hpp"
#include "wire/json/json.hpp"
#include "wire/jwt/jws.hpp"

namespace belfry::push {
namespace {

using store::PushAccepted;
using store::PushPostponed;
using store::PushRefused;
using store::PushUnregistered;
using namespace std::chrono_literals;

constexpr std::int64_t kNow = 1'795'262'400'000;

std::string pem(const char* type, const char* curve) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(curve == nullptr
                                                                    ? EVP_PKEY_Q_keygen(nullptr, nullptr, type, std::size_t{2048})
                                                                    : EVP_PKEY_Q_keygen(nullptr, nullptr, type, curve),
                                                                &EVP_PKEY_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}
std::string bytes(std::string_view url) { return base64::decode(url, base64::Form::url).value(); }

class Zeros final : public Random {
 public:
  void fill(MutableBytes out) override { std::fill(out.begin(), out.end(), std::byte{7}); }
};

/// The HTTP side of a provider: keeps the requests, and answers them when the test says so.
class Providers : public ::testing::Test {
 protected:
  struct Open {
    HttpRequest request;
    std::function<void(const HttpResult&)> done;
  };
  HttpSend http() {
    return [this](HttpRequest request, std::function<void(const HttpResult&)> done) {
      open_.push_back({std::move(request), std::move(done)});
    };
  }
  WallClock clock() {
    return [this] { return WallTime{kNow + std::chrono::duration_cast<std::chrono::milliseconds>(passed_).count()}; };
  }
  Done done() {
    return [this](const store::PushReply& reply) { replies_.push_back(reply); };
  }
  void answer(long status, std::string body = {}, std::optional<Duration> retry_after = {}) {
    ASSERT_FALSE(open_.empty()) << "a request";
    const Open first = std::move(open_.front());
    open_.pop_front();
    first.done(HttpAnswer{.status = status, .body = std::move(body), .retry_after = retry_after, .took = 40ms});
  }
  void fail(HttpFault fault) {
    const Open first = std::move(open_.front());
    open_.pop_front();
    first.done(unexpected(fault));
  }
  const HttpRequest& request() { return open_.front().request; }
  std::string header(std::string_view name) {
    for (const auto& each : request().headers)
      if (each.starts_with(std::string(name) + ": ")) return each.substr(name.size() + 2);
    return "none";
  }
  template <class Kind>
  Kind last() {
    EXPECT_FALSE(replies_.empty());
    EXPECT_TRUE(std::holds_alternative<Kind>(replies_.back().outcome)) << replies_.back().outcome.index();
    Kind kind = std::get<Kind>(replies_.back().outcome);
    replies_.clear();
    return kind;
  }
  static store::PushMessage message(store::PushProvider provider) {
    store::PushMessage message{.json = R"({"type":"ring","callId":"c"})", .left = 30'500ms};
    message.device.provider = provider;
    message.device.address = {.token = "token-1"};
    message.call = store::CallId(Uuid{1});
    return message;
  }

  std::deque<Open> open_;
  std::vector<store::PushReply> replies_;
  Duration passed_{};
};

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
// J-6.6
TEST_F(ApnsProvider, BothRequestsOfATryHaveOneTimeoutTogether) {
  push();
  EXPECT_EQ(request().left, 10s);
  passed_ = 9s;
  answer(403, R"({"reason":"ExpiredProviderToken"})");
  EXPECT_EQ(request().left, 1s);
}

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

class WebPushProvider : public Providers {
 protected:
  WebPushProvider() {
    const std::string point = bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
    web_.emplace(
        WebPushSettings{.key = jwt::SigningKey::es256(bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), point).value(),
                        .point = point,
                        .subject = "mailto:ops@example.com"},
        http(), clock(), std::make_unique<Zeros>());
  }
  void push(const std::string& endpoint = "https://push.example/abc") {
    auto one = message(store::PushProvider::webpush);
    one.device.address = {.token = endpoint,
                          .p256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                          .auth = "BTBZMqHH6r4Tts7J_aSIgg"};
    web_->send(one, done());
  }
  std::optional<WebPush> web_;
};

// R-002-24, J-6.4
TEST_F(WebPushProvider, RingIsEncryptedAndSaysHowLongItIsOfUse) {
  push();
  EXPECT_EQ(request().url, "https://push.example/abc");
  EXPECT_EQ(header("TTL"), "30");
  EXPECT_EQ(header("Urgency"), "high");
  EXPECT_EQ(header("Topic"), "01000000000000000000000000000000");
  EXPECT_EQ(header("Content-Encoding"), "aes128gcm");
  EXPECT_EQ(request().body.size(), 86 + message(store::PushProvider::webpush).json.size() + 1 + 16);
  const std::string authorization = header("Authorization");
  answer(201);
  last<PushAccepted>();
  push("https://push.example/other");
  EXPECT_EQ(header("Authorization"), authorization) << "one for each push service";
  answer(201);
  push("https://elsewhere.example/abc");
  EXPECT_NE(header("Authorization"), authorization);
  answer(201);
  passed_ = 12h;
  push();
  EXPECT_NE(header("Authorization"), authorization);
}

// R-000-48, J-6.6, J-6.2
TEST_F(WebPushProvider, AnswersAreToldApart) {
  for (const long status : {404L, 410L}) {
    push();
    answer(status, "gone");
    EXPECT_EQ(last<PushUnregistered>().token, "https://push.example/abc");
  }
  push();
  answer(429, {}, 3s);
  EXPECT_EQ(last<PushPostponed>().retry_after, 3s);
  push();
  answer(302);
  EXPECT_EQ(last<PushRefused>().error, "302");
  push();
  fail(HttpFault::forbidden);
  EXPECT_EQ(last<PushRefused>().error, "private address");
}

TEST_F(WebPushProvider, SubscriptionWithoutItsKeysIsRefused) {
  auto one = message(store::PushProvider::webpush);
  one.device.address.token = "https://push.example/abc";
  web_->send(one, done());
  EXPECT_TRUE(open_.empty());
  last<PushRefused>();
}

}  // namespace
}  // namespace belfry::push
