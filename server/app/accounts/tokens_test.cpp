#include "app/accounts/tokens.hpp"

#include "app/accounts/accounts_for_tests.hpp"
#include "wire/jwt/key_set.hpp"

namespace belfry::accounts::testing {
namespace {

const std::string kSecret = "a secret of thirty-two bytes or so", kNewSecret = "another secret, of thirty-two bytes";
const std::string kIssuerSecret = "what the issuer signs with: 32 bytes";
constexpr WallTime kNow{kStart};

account::User ann() {
  account::User user;
  user.id = account::UserId(*parse_uuid("018f3c1e-7b2a-7cde-9abc-0123456789ab"));
  user.username = "ann";
  user.role = account::Role::admin;
  return user;
}
const account::LoginId kLogin(Uuid{5});

Tokens with(const TokenSettings& settings, const RevocationCache& revocations) { return Tokens(settings, {}, revocations); }

TEST(Tokens, OwnTokenIdentifiesItsBearer) {
  const RevocationCache revocations;
  const Tokens tokens = with({.secret = kSecret}, revocations);
  const auto issued = tokens.issue(ann(), kLogin, kNow);
  const auto who = tokens.verify(issued.token, kNow);
  ASSERT_TRUE(who.has_value());
  EXPECT_EQ(who->user, ann().id);
  EXPECT_EQ(who->username, "ann");
  EXPECT_EQ(who->role, account::Role::admin);
  EXPECT_EQ(who->login, kLogin);
  EXPECT_EQ(who->expires.unix_ms, kStart + 604'800'000);
  EXPECT_FALSE(who->external);
  EXPECT_TRUE(who->listed);
}

// R-002-04
TEST(Tokens, EachBadTokenHasItsOwnFault) {
  RevocationCache revocations;
  const Tokens tokens = with({.secret = kSecret, .lifetime = std::chrono::hours{1}}, revocations);
  const auto issued = tokens.issue(ann(), kLogin, kNow);
  EXPECT_EQ(tokens.verify("", kNow).error(), CredentialFault::invalid);
  EXPECT_EQ(tokens.verify("a.b.c", kNow).error(), CredentialFault::invalid);
  EXPECT_EQ(tokens.verify(issued.token + "x", kNow).error(), CredentialFault::invalid);
  EXPECT_EQ(with({.secret = kNewSecret}, revocations).verify(issued.token, kNow).error(), CredentialFault::invalid);
  EXPECT_TRUE(tokens.verify(issued.token, {kStart + 3'599'000}).has_value());
  EXPECT_EQ(tokens.verify(issued.token, {kStart + 3'600'000}).error(), CredentialFault::expired);
  revocations.note_revoked(kLogin, issued.expires);
  EXPECT_EQ(tokens.verify(issued.token, kNow).error(), CredentialFault::revoked);
}

// R-004-52
TEST(Tokens, OldSecretStaysValidUntilItIsRemoved) {
  const RevocationCache revocations;
  const auto old = with({.secret = kSecret}, revocations).issue(ann(), kLogin, kNow);
  const Tokens overlap = with({.secret = kNewSecret, .previous_secrets = {kSecret}}, revocations);
  EXPECT_TRUE(overlap.verify(old.token, kNow).has_value());
  const Tokens rotated = with({.secret = kNewSecret}, revocations);
  EXPECT_TRUE(rotated.verify(overlap.issue(ann(), kLogin, kNow).token, kNow).has_value());
  EXPECT_EQ(rotated.verify(old.token, kNow).error(), CredentialFault::invalid);
}

// SPEC 0, 2.8.5: found by black-box acceptance.
TEST(Tokens, TokenThatAnotherToolSignedWithOurSecretIsValid) {
  RevocationCache revocations;
  const Tokens tokens = with({.secret = kSecret}, revocations);
  const auto minted = jwt::sign_hs256(
      R"({"sub":"018f3c1e-7b2a-7cde-9abc-0123456789ab","jti":"018f3c1e-7b2a-7cde-9abc-0123456789ac","exp":1795266000})", kSecret);
  const auto who = tokens.verify(minted, kNow);
  ASSERT_TRUE(who.has_value());
  EXPECT_EQ(who->user, ann().id);
  EXPECT_TRUE(who->external) << "the store has to say who that is";
  revocations.note_status(ann().id, account::UserStatus::blocked);
  EXPECT_EQ(tokens.verify(minted, kNow).error(), CredentialFault::not_active);
}

// W-002-03: as Supabase signs them with a shared secret.
TEST(Tokens, TokenOfOurSecretWithoutAnIdIsOneLoginOfItsOwn) {
  const RevocationCache revocations;
  const Tokens tokens = with({.secret = kSecret}, revocations);
  const auto minted = [](const std::string& expires) {
    return jwt::sign_hs256(R"({"sub":"018f3c1e-7b2a-7cde-9abc-0123456789ab","aud":"authenticated","exp":)" + expires + "}",
                           kSecret);
  };
  const auto one = tokens.verify(minted("1795266000"), kNow), other = tokens.verify(minted("1795266001"), kNow);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->user, ann().id);
  EXPECT_TRUE(one->external);
  EXPECT_EQ(one->login, tokens.verify(minted("1795266000"), kNow)->login);
  EXPECT_NE(one->login, other->login);
}

// J-8.8, R-002-04
TEST(Tokens, TokenOfOurSecretForAnotherAudienceIsRefused) {
  const RevocationCache revocations;
  TokenSettings settings{.secret = kSecret};
  settings.external.audience = "belfry";
  const Tokens tokens = with(settings, revocations);
  const auto minted = [](const std::string& audience) {
    return jwt::sign_hs256(R"({"sub":"018f3c1e-7b2a-7cde-9abc-0123456789ab",)" + audience + R"("exp":1795266000})", kSecret);
  };
  EXPECT_TRUE(tokens.verify(minted(R"("aud":"belfry",)"), kNow).has_value());
  EXPECT_TRUE(tokens.verify(minted(R"("aud":["other","belfry"],)"), kNow).has_value());
  EXPECT_TRUE(tokens.verify(minted(""), kNow).has_value()) << "our own name none";
  EXPECT_EQ(tokens.verify(minted(R"("aud":"other",)"), kNow).error(), CredentialFault::invalid);
}

class ExternalTokens : public ::testing::Test {
 protected:
  static std::string token(const std::string& claims) {
    return jwt::sign_hs256("{" + claims + R"(,"exp":1795266000})", kIssuerSecret);
  }
  static TokenSettings settings() {
    TokenSettings settings{.secret = kSecret, .external_secret = kIssuerSecret};
    settings.external.issuer = "https://id.example";
    settings.external.audience = "authenticated";
    return settings;
  }
  RevocationCache revocations_;
  Tokens tokens_{settings(), {}, revocations_};
};
const std::string kIssued = R"("iss":"https://id.example","aud":"authenticated",)";

// R-002-05
TEST_F(ExternalTokens, SubjectThatIsAUuidIsTheUser) {
  const auto who = tokens_.verify(
      token(kIssued + R"("sub":"018f3c1e-7b2a-7cde-9abc-0123456789ab","role":"admin","email":"jo.doe@mail.example")"), kNow);
  ASSERT_TRUE(who.has_value());
  EXPECT_TRUE(who->external);
  EXPECT_EQ(who->user, ann().id);
  EXPECT_EQ(who->username, "jodoe");
  EXPECT_EQ(who->role, account::Role::user) << "another issuer's roles are not ours";
}

// R-002-05
TEST_F(ExternalTokens, SubjectOfAnotherShapeBecomesTheSameUuidEachTime) {
  const auto one = tokens_.verify(token(kIssued + R"("sub":"auth0|42","jti":"a")"), kNow);
  const auto again = tokens_.verify(token(kIssued + R"("sub":"auth0|42","jti":"b")"), kNow);
  const auto other = tokens_.verify(token(kIssued + R"("sub":"auth0|43","jti":"a")"), kNow);
  ASSERT_TRUE(one && again && other);
  EXPECT_EQ(one->user, again->user);
  EXPECT_NE(one->user, other->user);
  EXPECT_NE(one->login, again->login);
  EXPECT_EQ(one->username, "auth042");
}

// R-002-04, R-002-05
TEST_F(ExternalTokens, WrongIssuerAudienceOrTimeIsRefused) {
  EXPECT_EQ(tokens_.verify(token(R"("iss":"https://evil.example","aud":"authenticated","sub":"x")"), kNow).error(),
            CredentialFault::invalid);
  EXPECT_EQ(tokens_.verify(token(R"("iss":"https://id.example","aud":"others","sub":"x")"), kNow).error(),
            CredentialFault::invalid);
  const auto good = token(kIssued + R"("sub":"x")");
  EXPECT_TRUE(tokens_.verify(good, {1'795'266'030'000}).has_value()) << "clocks differ";
  EXPECT_EQ(tokens_.verify(good, {1'795'266'090'000}).error(), CredentialFault::expired);
}

// R-002-06
TEST_F(ExternalTokens, BlockedUserIsRefusedWhateverTheIssuerSays) {
  const auto good = token(kIssued + R"("sub":"x")");
  revocations_.note_status(tokens_.verify(good, kNow)->user, account::UserStatus::blocked);
  EXPECT_EQ(tokens_.verify(good, kNow).error(), CredentialFault::not_active);
}

// R-002-05
TEST(Tokens, UnknownKeyIsRequestedFromTheIssuer) {
  const RevocationCache revocations;
  std::vector<std::string> wanted;
  const Tokens tokens(
      {.secret = kSecret},
      {[] { return std::make_shared<const std::vector<jwt::Key>>(); }, [&](const std::string& id) { wanted.push_back(id); }},
      revocations);
  const auto stranger = jwt::sign_hs256(R"({"sub":"x","exp":1795266000})", kIssuerSecret, jwt::Key::Id("2026-11"));
  EXPECT_EQ(tokens.verify(stranger, kNow).error(), CredentialFault::invalid);
  EXPECT_THAT(wanted, ::testing::ElementsAre("2026-11"));
}

TEST(RevocationCache, LoginsWhoseTokensHaveEndedAreForgotten) {
  RevocationCache revocations;
  revocations.note_revoked(kLogin, kNow);
  revocations.note_refreshed(account::LoginId(Uuid{4}), kLogin, kNow);
  revocations.sweep({kStart + 1});
  EXPECT_FALSE(revocations.is_revoked(kLogin));
  EXPECT_THAT(revocations.refresh_chain_of(kLogin), ::testing::ElementsAre(kLogin));
}

}  // namespace
}  // namespace belfry::accounts::testing
