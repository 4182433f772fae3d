#include "wire/webpush/message.hpp"

#include <gtest/gtest.h>

#include <set>

#include "wire/base64/base64.hpp"

namespace belfry::webpush {
namespace {

constexpr std::string_view kP256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
constexpr std::string_view kAuth = "BTBZMqHH6r4Tts7J_aSIgg";

std::string bytes(std::string_view url) { return base64::decode(url, base64::Form::url).value(); }

class CountingRandom final : public Random {
 public:
  void fill(MutableBytes out) override {
    for (auto& byte : out) byte = static_cast<std::byte>(next_++);
  }

 private:
  unsigned char next_ = 1;
};

TEST(WebPushMessage, VectorOfRfc8291Section5) {
  const auto keys = read_keys(kP256dh, kAuth);
  ASSERT_TRUE(keys.has_value());
  const auto body =
      encrypt("When I grow up, I want to be a watermelon", *keys,
              {.number = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), .salt = bytes("DGv6ra1nlYgDCS1FRnbzlw")});
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(base64::encode(*body, base64::Form::url),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
            "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");
}

TEST(WebPushMessage, KeysAreReadWithAndWithoutPadding) {
  EXPECT_TRUE(read_keys(std::string(kP256dh) + "=", std::string(kAuth) + "=="));
}

TEST(WebPushMessage, KeysThatAreNoneAreRefused) {
  std::string off_the_curve = bytes(kP256dh);
  off_the_curve.back() ^= 1;
  const auto url = [](std::string_view text) { return base64::encode(text, base64::Form::url); };
  EXPECT_FALSE(read_keys(url(off_the_curve), kAuth));
  EXPECT_FALSE(read_keys(url(bytes(kP256dh).substr(1)), kAuth));
  EXPECT_FALSE(read_keys(url(std::string(65, '\0')), kAuth));
  EXPECT_FALSE(read_keys("", kAuth));
  EXPECT_FALSE(read_keys("not base64!", kAuth));
  EXPECT_FALSE(read_keys(kP256dh, url(bytes(kAuth).substr(1))));
  EXPECT_FALSE(read_keys(kP256dh, ""));
}

TEST(WebPushMessage, EachMessageHasAKeyAndASaltOfItsOwnAndFitsThePushService) {
  const auto keys = read_keys(kP256dh, kAuth);
  CountingRandom random;
  std::set<std::string> heads;
  for (int i = 0; i < 3; ++i) {
    const auto body = encrypt(std::string(kMaxPlaintext, 'x'), *keys, random);
    EXPECT_EQ(body.size(), 4096U);
    heads.insert(body.substr(0, 86));
  }
  EXPECT_EQ(heads.size(), 3U);
}

TEST(WebPushMessage, NumberThatIsNoPrivateKeyMakesNoMessage) {
  const auto keys = read_keys(kP256dh, kAuth);
  for (const auto& number : {std::string(32, '\0'), std::string(32, '\xFF')})
    EXPECT_FALSE(encrypt("x", *keys, Ephemeral{.number = number, .salt = std::string(16, 's')}));
}

}  // namespace
}  // namespace belfry::webpush
