// SPEC J-6.4, J-6.6: what a push service of Web Push is sent, and what is made of its answers.
#include "adapters/push/web_push.hpp"

#include <algorithm>
#include <cstddef>

#include "adapters/push/providers_for_tests.hpp"
#include "wire/base64/base64.hpp"

namespace belfry::push::testing {
namespace {

std::string bytes(std::string_view url) { return base64::decode(url, base64::Form::url).value(); }

class Zeros final : public Random {
 public:
  void fill(MutableBytes out) override { std::fill(out.begin(), out.end(), std::byte{7}); }
};

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
}  // namespace belfry::push::testing
