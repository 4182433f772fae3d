#include "app/call_tokens/token_mint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/agora/access_token.hpp"
#include "wire/json/json.hpp"
#include "wire/jwt/jws.hpp"
#include "wire/jwt/jwt.hpp"

namespace belfry::call_tokens {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Counting final : public Random {
 public:
  void fill(MutableBytes out) override {
    for (auto& byte : out) byte = static_cast<std::byte>(++next_);
  }

 private:
  unsigned char next_ = 0;
};

constexpr std::string_view kSecret = "a secret of thirty-two bytes or so";
constexpr WallTime kNow{1'795'262'400'123};
const UserId kAnn{*parse_uuid("018f3c1e-7b2a-7cde-9abc-0123456789ab")};
const UserId kBob{*parse_uuid("018f3c1e-7b2a-7cde-9abc-0123456789ac")};
const MediaChannel kRoom{MediaChannel::Kind::conversation, *parse_uuid("018f3c1e-0000-7cde-9abc-0123456789ff")};

WallTime later(std::chrono::milliseconds by) { return kNow + by; }

MintSettings settings() {
  return {.life = 300s,
          .privilege_life = 24h,
          .secret = std::string(kSecret),
          .agora = {.app_id = "970CA35de60c44645bbae8a215061b33", .certificate = "5CFd2fd1755d40ecb72977518be15d3b"},
          .livekit = {.url = "wss://media.example", .key = "APIkey", .secret = "a livekit secret of 32 bytes size"}};
}

class Mint : public testing::Test {
 protected:
  Minted mint(Provider provider, MediaRole role = MediaRole::publisher, std::string uid = to_text(kAnn.value())) {
    return mint_.mint(provider, {kAnn, std::move(uid), kRoom.name(), role, kRoom.kind}, kNow, random_);
  }
  TokenMint mint_{settings()};
  Counting random_;
};

// J-3.4, R-000-52
TEST_F(Mint, GrantSaysForWhomAndWhatItIsUntilItExpires) {
  const Minted minted = mint(Provider::native, MediaRole::subscriber, "17");
  EXPECT_EQ(minted.app_id, "belfry");
  EXPECT_EQ(minted.expires, later(300s));
  EXPECT_EQ(minted.privilege_expires, later(24h));
  const auto grant = mint_.read_grant(minted.token, later(300s - 1ms));
  ASSERT_TRUE(grant.has_value());
  EXPECT_EQ(grant->user, kAnn);
  EXPECT_EQ(grant->uid, "17");
  EXPECT_EQ(grant->channel, kRoom);
  EXPECT_EQ(grant->role, MediaRole::subscriber);
  EXPECT_EQ(mint_.read_grant(minted.token, later(300s)).error(), GrantFault::expired);
}

// J-3.4: neither kind of token stands for the other.
TEST_F(Mint, GrantIsNoSessionTokenAndASessionTokenIsNoGrant) {
  const jwt::Key session = *jwt::Key::hs256(kSecret);
  const Minted minted = mint(Provider::native);
  EXPECT_EQ(jwt::open_jws(minted.token, std::span(&session, 1)).error(), jwt::Fault::bad_signature);
  const std::string claims = R"({"aud":"belfry/media","sub":"018f3c1e-7b2a-7cde-9abc-0123456789ab","exp":9999999999})";
  for (const std::string& text : {jwt::sign_jws(claims, session), std::string("x"), std::string(), minted.token + "A",
                                  mint(Provider::livekit).token, mint(Provider::agora).token})
    EXPECT_EQ(mint_.read_grant(text, kNow).error(), GrantFault::invalid) << text;
}

TEST_F(Mint, GrantOfThePreviousSecretIsGoodUntilThatSecretIsRemoved) {
  const Minted minted = mint(Provider::native);
  MintSettings rotated = settings();
  rotated.secret = "another secret of thirty-two bytes";
  EXPECT_FALSE(TokenMint(rotated).read_grant(minted.token, kNow).has_value());
  rotated.previous_secrets = {std::string(kSecret)};
  EXPECT_TRUE(TokenMint(rotated).read_grant(minted.token, kNow).has_value());
}

// J-3.3, R-000-30
TEST_F(Mint, AgoraTokenNamesTheUserAndTheChannelAndWhatTheRoleMayDo) {
  const auto read = [&](MediaRole role) {
    return agora::read_007(mint(Provider::agora, role).token, settings().agora.certificate);
  };
  const auto publisher = read(MediaRole::publisher), subscriber = read(MediaRole::subscriber);
  ASSERT_TRUE(publisher && subscriber);
  EXPECT_EQ(publisher->app_id, settings().agora.app_id);
  EXPECT_EQ(publisher->channel, kRoom.name());
  EXPECT_EQ(publisher->uid, to_text(kAnn.value()));
  EXPECT_EQ(publisher->issued, kNow.unix_ms / 1000);
  EXPECT_EQ(publisher->life, 300U);
  using agora::Right;
  EXPECT_EQ(
      publisher->privileges,
      (std::vector<agora::Privilege>{
          {Right::join, 86'400}, {Right::publish_audio, 86'400}, {Right::publish_video, 86'400}, {Right::publish_data, 86'400}}));
  EXPECT_EQ(subscriber->privileges, (std::vector<agora::Privilege>{{Right::join, 86'400}}));
  EXPECT_NE(publisher->salt, subscriber->salt);
}

TEST_F(Mint, AgoraTokenOfTheOldFormIsWrittenOnRequest) {
  MintSettings old = settings();
  old.agora.form = AgoraForm::v006;
  const TokenMint mint(old);
  const Order order{kAnn, "17", kRoom.name(), MediaRole::publisher, kRoom.kind};
  EXPECT_TRUE(mint.mint(Provider::agora, order, kNow, random_).token.starts_with("006970CA35de60c44645bbae8a215061b33"));
}

// J-3.3
TEST_F(Mint, LivekitTokenGrantsTheRoomAndASubscriberPublishesNothing) {
  const jwt::Key key = *jwt::Key::hs256(settings().livekit.secret);
  const auto claims = [&](MediaRole role) {
    return jwt::verify(mint(Provider::livekit, role).token, std::span(&key, 1), {.issuer = "APIkey"}, kNow).value();
  };
  const jwt::Claims publisher = claims(MediaRole::publisher), subscriber = claims(MediaRole::subscriber);
  EXPECT_EQ(publisher.subject, to_text(kAnn.value()));
  EXPECT_EQ(publisher.expires.unix_ms, later(300s).unix_ms / 1000 * 1000);
  EXPECT_THAT(publisher.json, HasSubstr(R"("video":{"roomJoin":true,"room":")" + kRoom.name() +
                                        R"(","canPublish":true,"canSubscribe":true,"canPublishData":true})"));
  EXPECT_THAT(subscriber.json, HasSubstr(R"("canPublish":false,"canSubscribe":true,"canPublishData":false)"));
}

// J-3.5, J-8.1
TEST_F(Mint, TokenOfEachProviderVouchesForItsHolderAndChannelUntilItExpires) {
  const MediaChannel other{kRoom.kind, kAnn.value()};
  for (const Provider provider : {Provider::native, Provider::agora, Provider::livekit}) {
    const std::string token = mint(provider).token;
    EXPECT_EQ(mint_.provider_of(token, kAnn, kRoom, kNow), provider);
    EXPECT_FALSE(mint_.provider_of(token, kBob, kRoom, kNow)) << to_text(provider);
    EXPECT_FALSE(mint_.provider_of(token, kAnn, other, kNow)) << to_text(provider);
    EXPECT_FALSE(mint_.provider_of(token, kAnn, kRoom, later(301s))) << to_text(provider);
    EXPECT_FALSE(mint_.provider_of(token + "x", kAnn, kRoom, kNow)) << to_text(provider);
  }
}

// J-3.5
TEST_F(Mint, TokenOfAgorasOldFormVouchesToo) {
  MintSettings old = settings();
  old.agora.form = AgoraForm::v006;
  const TokenMint mint(old);
  for (const std::string& uid : {to_text(kAnn.value()), std::string()}) {
    const std::string token =
        mint.mint(Provider::agora, {kAnn, uid, kRoom.name(), MediaRole::publisher, kRoom.kind}, kNow, random_).token;
    EXPECT_TRUE(mint.provider_of(token, kAnn, kRoom, kNow));
    EXPECT_TRUE(mint_.provider_of(token, kAnn, kRoom, kNow)) << "on a node that writes the new form";
    EXPECT_EQ(mint.provider_of(token, kBob, kRoom, kNow).has_value(), uid.empty());
    EXPECT_FALSE(mint.provider_of(token, kAnn, {kRoom.kind, kAnn.value()}, kNow));
    EXPECT_FALSE(mint.provider_of(token, kAnn, kRoom, later(301s)));
  }
}

TEST_F(Mint, OnlyConfiguredProvidersAreThere) {
  const TokenMint bare({.secret = std::string(kSecret)});
  EXPECT_TRUE(bare.has(Provider::native));
  EXPECT_FALSE(bare.has(Provider::agora));
  EXPECT_FALSE(bare.has(Provider::livekit));
  EXPECT_FALSE(bare.provider_of(mint(Provider::agora).token, kAnn, kRoom, kNow));
}

// J-3.3: never less than the TTL.
TEST_F(Mint, PrivilegesLastAtLeastAsLongAsTheToken) {
  MintSettings short_lived = settings();
  short_lived.privilege_life = 60s;
  const Minted minted = TokenMint(short_lived).mint(Provider::native, {kAnn, "17", kRoom.name()}, kNow, random_);
  EXPECT_EQ(minted.privilege_expires, minted.expires);
}

}  // namespace
}  // namespace belfry::call_tokens
