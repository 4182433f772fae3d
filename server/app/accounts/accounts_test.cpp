#include <thread>

#include "app/accounts/accounts_for_tests.hpp"
#include "store/forwarding_account_store.hpp"

namespace belfry::accounts::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class AccountsTest : public AccountsStage {
 protected:
  Expected<account::User, AccountFault> update(const SignedIn& in, const ProfileUpdate& request) {
    return answer<account::User>([&](auto done) { accounts_.update(identity(in), request, done); });
  }
  std::string stored_hash(const std::string& name) {
    std::string hash;
    stores_.accounts().find_account(name, [&](const auto& found) { hash = (*found)->password_hash; });
    return hash;
  }
};

class SignUp : public AccountsTest {};

// R-004-01
TEST_F(SignUp, LogsInAndStoresThePasswordAsAHash) {
  const auto in = sign_up({.username = "ann", .email = "Ann@Mail.Example", .password = "correct horse"});
  ASSERT_TRUE(in.has_value());
  EXPECT_EQ(in->user.email, "ann@mail.example");
  EXPECT_EQ(identity(*in).user, in->user.id);
  EXPECT_EQ(stored_hash("ann"), "#correct horse");
}

// R-004-02
TEST_F(SignUp, RefusesATakenNameAndATakenAddressDifferently) {
  signed_up("ann");
  EXPECT_EQ(sign_up({.username = "ann", .password = "x"}).error(), AccountFault::username_taken);
  EXPECT_EQ(sign_up({.username = "bob", .email = "ANN@mail.example", .password = "x"}).error(), AccountFault::email_taken);
}

TEST_F(SignUp, DerivedNamesUseTheAlphabetAndAreFree) {
  EXPECT_EQ(username_from("Ann Smith"), "Ann_Smith");
  EXPECT_EQ(username_from("jo.doe+tag@mail.example"), "jo_doetag");
  EXPECT_EQ(username_from("\xC3\xA9\xC3\xA8"), "user");
  EXPECT_TRUE(account::is_username(username_from(std::string(300, 'a'))));
  const auto first = sign_up({.email = "a@x.example", .password = "x", .name = "Ann"});
  const auto second = sign_up({.email = "b@x.example", .password = "x", .name = "Ann"});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->user.username, "Ann");
  EXPECT_TRUE(second->user.username.starts_with("Ann-") && account::is_username(second->user.username));
}

TEST_F(SignUp, AndAChangeOfNameOrPictureAreShownToOthers) {
  const auto in = signed_up("ann");
  EXPECT_THAT(here_.shown, ElementsAre("ann"));
  EXPECT_TRUE(update(in, {.profile = {.display_name = "Ann"}}));
  EXPECT_TRUE(update(in, {.profile = {.avatar = "/avatars/default.svg"}}));
  EXPECT_THAT(here_.shown, ElementsAre("ann", "Ann", "Ann"));
  EXPECT_TRUE(update(in, {.profile = {.bio = "Likes bells"}}));
  EXPECT_FALSE(sign_up({.username = "ann", .password = "x"}));
  EXPECT_EQ(here_.shown.size(), 3U);
}

class Login : public AccountsTest {};

// R-004-03
TEST_F(Login, HashesForAnUnknownUserAsForAWrongPassword) {
  signed_up("ann");
  EXPECT_EQ(log_in("ann", "guess").error(), AccountFault::wrong_password);
  EXPECT_EQ(log_in("nobody", "guess").error(), AccountFault::wrong_password);
  EXPECT_THAT(hasher_.verified, ElementsAre("#correct horse", hasher_.decoy()));
}

// C-14
TEST_F(Login, GuestCannotLogInWithAnyPassword) {
  stores_.accounts().ensure_guest("ann", account::UserId(Uuid{1}), clock_.wall(), [](const auto&) {});
  for (const std::string password : {"", "(nobody's)", "#"})
    EXPECT_EQ(log_in("ann", password).error(), AccountFault::wrong_password);
}

TEST_F(Login, RevealsThatAUserIsInactiveOnlyAfterTheRightPassword) {
  const auto ann = signed_up("ann");
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.set_status(ann.user.id, account::UserStatus::blocked, done); }));
  EXPECT_EQ(log_in("ann", "guess").error(), AccountFault::wrong_password);
  EXPECT_EQ(log_in("ann", "correct horse").error(), AccountFault::not_active);
  EXPECT_EQ(fault(here_, ann.token), CredentialFault::not_active);
  EXPECT_THAT(here_.statuses, ElementsAre(std::pair(ann.user.id, account::UserStatus::blocked)));
}

TEST_F(Login, ReportsThatTooManyPasswordsAreBeingChecked) {
  signed_up("ann");
  hasher_.overloaded = true;
  EXPECT_EQ(log_in("ann", "correct horse").error(), AccountFault::overloaded);
  EXPECT_EQ(sign_up({.username = "bob", .password = "x"}).error(), AccountFault::overloaded);
}

TEST_F(Login, IsRefusedIfThePasswordChangesMeanwhile) {
  const auto ann = signed_up("ann");
  hasher_.before_answer = [&] {
    hasher_.before_answer = nullptr;
    stores_.accounts().update(ann.user.id, {.password_hash = "#battery staple"}, clock_.wall(), [](const auto&) {});
  };
  EXPECT_EQ(log_in("ann", "correct horse").error(), AccountFault::wrong_password);
}

class Logout : public AccountsTest {};

// R-004-04
TEST_F(Logout, EndsThatLoginAndNoOther) {
  const auto phone = signed_up("ann");
  const auto laptop = *log_in("ann", "correct horse");
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out(identity(phone), done); }));
  EXPECT_EQ(fault(here_, phone.token), CredentialFault::revoked);
  EXPECT_EQ(fault(here_, laptop.token), std::nullopt);
  EXPECT_THAT(here_.ended, ElementsAre(phone.login));
  EXPECT_THAT(here_.revoked, ElementsAre()) << "2.8.11: its person has left";
}

// T-22
TEST_F(Logout, OfAnotherLoginIsARevocationOfThatOne) {
  const auto phone = signed_up("ann");
  const auto laptop = *log_in("ann", "correct horse"), tablet = *log_in("ann", "correct horse");
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.end_login(identity(phone), laptop.login, done); }));
  EXPECT_THAT(here_.revoked, ElementsAre(laptop.login));
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out_everywhere(identity(phone), done); }));
  EXPECT_THAT(here_.revoked, ElementsAre(laptop.login, tablet.login));
  EXPECT_THAT(here_.ended, UnorderedElementsAre(laptop.login, tablet.login, phone.login));
}

// R-002-06
TEST_F(Logout, EverywhereEndsAllLogins) {
  const auto phone = signed_up("ann"), bob = signed_up("bob");
  const auto laptop = *log_in("ann", "correct horse");
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out_everywhere(identity(phone), done); }));
  for (const auto& in : {phone, laptop}) EXPECT_EQ(fault(here_, in.token), CredentialFault::revoked);
  EXPECT_EQ(fault(here_, bob.token), std::nullopt);
  EXPECT_THAT(here_.ended, UnorderedElementsAre(phone.login, laptop.login));
}

// R-002-06
TEST_F(Logout, OfAnotherIssuersTokenOutlivesARestart) {
  Identity who{.user = account::UserId(Uuid{7}), .username = "ann", .login = account::LoginId(Uuid{8}), .external = true};
  who.expires = WallTime{kStart + 60'000};
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out(who, done); }));
  RevocationCache restarted;
  stores_.accounts().revocations(clock_.wall(), [&](const auto& revocations) { restarted.fill(*revocations); });
  EXPECT_TRUE(restarted.is_revoked(who.login));
}

TEST_F(Logout, AfterRefreshesEndsTheSocketsOfTheFirstLoginToo) {
  const auto first = signed_up("ann");
  const auto second = *answer<SignedIn>([&](auto done) { accounts_.refresh(identity(first), "test", done); });
  const auto third = *answer<SignedIn>([&](auto done) { accounts_.refresh(identity(second), "test", done); });
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out(identity(third), done); }));
  EXPECT_THAT(here_.ended, ElementsAre(third.login, second.login, first.login));
}

// R-004-04: the credential was checked, then a refresh replaced its login, then the logout ran.
TEST_F(Logout, EndsTheLoginThatARefreshHasJustMadeOfThisOne) {
  const auto first = signed_up("ann");
  const Identity who = identity(first);
  const auto second = *answer<SignedIn>([&](auto done) { accounts_.refresh(who, "test", done); });
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out(who, done); }));
  EXPECT_EQ(fault(here_, second.token), CredentialFault::revoked);
  EXPECT_THAT(here_.ended, ElementsAre(second.login, first.login));
}

/// A user who is blocked and made active again.
class Unblocking : public AccountsTest {
 protected:
  void block(const SignedIn& who) { set(who, account::UserStatus::blocked); }
  void unblock(const SignedIn& who) { set(who, account::UserStatus::active); }

 private:
  void set(const SignedIn& who, account::UserStatus status) {
    EXPECT_TRUE(answer<void>([&](auto done) { accounts_.set_status(who.user.id, status, done); }));
  }
};

// X-28
TEST_F(Unblocking, LeavesOldTokensRevoked) {
  const auto ann = signed_up("ann");
  block(ann);
  unblock(ann);
  EXPECT_EQ(fault(here_, ann.token), CredentialFault::revoked) << "before the change feed is read";
  std::optional<store::RefreshableLogin> held;
  stores_.accounts().find_refresh(hash_of_refresh_token(ann.refresh_token), [&](const auto& found) { held = *found; });
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(answer<SignedIn>([&](auto done) { accounts_.refresh_by_token(*held, "test", done); }).error(),
            AccountFault::login_ended);
  EXPECT_EQ(fault(here_, log_in("ann", "correct horse")->token), std::nullopt);
}

TEST_F(Unblocking, LetsInNobodyWhosePasswordWasCheckedBeforeTheBlock) {
  const auto ann = signed_up("ann");
  hasher_.before_answer = [&] { block(ann); };
  EXPECT_FALSE(log_in("ann", "correct horse").has_value());
}

class TokenRefresh : public AccountsTest {};

TEST_F(TokenRefresh, EndsTheOldTokenButNotItsSockets) {
  const auto old = signed_up("ann");
  const auto fresh = answer<SignedIn>([&](auto done) { accounts_.refresh(identity(old), "test", done); });
  ASSERT_TRUE(fresh.has_value());
  EXPECT_EQ(fault(here_, old.token), CredentialFault::revoked);
  EXPECT_EQ(identity(*fresh).user, old.user.id);
  EXPECT_THAT(here_.ended, ElementsAre());
}

TEST_F(TokenRefresh, IsAllowedOnceAndNotAfterTheEndOfTheToken) {
  const auto first = signed_up("ann");
  const Identity who = identity(first);
  const auto refresh = [&] { return answer<SignedIn>([&](auto done) { accounts_.refresh(who, "test", done); }); };
  const auto second = refresh();
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(refresh().error(), AccountFault::login_ended) << "a request that was under way";
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out(identity(*second), done); }));
  EXPECT_THAT(here_.ended, ElementsAre(second->login, first.login));
}

class PasswordChange : public AccountsTest {};

TEST_F(PasswordChange, EndsTheOtherLogins) {
  const auto phone = signed_up("ann");
  const auto laptop = *log_in("ann", "correct horse");
  EXPECT_TRUE(update(phone, {.new_password = "battery staple", .current_password = "correct horse"}));
  EXPECT_EQ(fault(here_, phone.token), std::nullopt);
  EXPECT_EQ(fault(here_, laptop.token), CredentialFault::revoked);
  EXPECT_EQ(stored_hash("ann"), "#battery staple");
  EXPECT_THAT(here_.revoked, ElementsAre(laptop.login));
}

/// Refuses the writes of a change of the profile after the first `writes_left`.
class StoreThatFails final : public store::ForwardingAccountStore {
 public:
  using ForwardingAccountStore::ForwardingAccountStore;
  void update(store::UserId id, store::ProfileChange change, WallTime now,
              store::Done<Expected<store::UpdatedUser, store::CreateFault>> done) override {
    if (writes_left-- <= 0) return done(unexpected(store::CreateFault::unavailable));
    ForwardingAccountStore::update(id, std::move(change), now, std::move(done));
  }
  void revoke_all(store::UserId user, WallTime now,
                  store::Done<Expected<std::vector<store::Login>, store::Unavailable>> done) override {
    if (writes_left-- <= 0) return done(unexpected(store::Unavailable{}));
    ForwardingAccountStore::revoke_all(user, now, std::move(done));
  }
  int writes_left = 0;
};

// R-002-06: a store that failed between the two left a thief's login valid, and the retry had the wrong password.
TEST_F(PasswordChange, AndTheEndOfTheOtherLoginsAreOneWriteWhichMayBeRetried) {
  const auto phone = signed_up("ann");
  const auto laptop = *log_in("ann", "correct horse");
  StoreThatFails failing(stores_.accounts());
  Accounts accounts({failing, hasher_, here_.tokens, here_.revocations, here_.consequences, clock_, random_});
  const ProfileUpdate request{.new_password = "battery staple", .current_password = "correct horse"};
  const auto change = [&] { return answer<account::User>([&](auto done) { accounts.update(identity(phone), request, done); }); };
  EXPECT_EQ(change().error(), AccountFault::unavailable);
  EXPECT_EQ(stored_hash("ann"), "#correct horse");
  EXPECT_EQ(fault(here_, laptop.token), std::nullopt);
  EXPECT_THAT(here_.ended, ElementsAre());
  failing.writes_left = 1;
  EXPECT_TRUE(change());
  EXPECT_EQ(stored_hash("ann"), "#battery staple");
  EXPECT_EQ(fault(here_, phone.token), std::nullopt);
  EXPECT_EQ(fault(here_, laptop.token), CredentialFault::revoked);
  EXPECT_THAT(here_.revoked, ElementsAre(laptop.login));
}

// A stolen session was enough to take an account over for good.
TEST_F(PasswordChange, NewPasswordOrAddressNeedsTheCurrentPassword) {
  const auto ann = signed_up("ann");
  EXPECT_EQ(update(ann, {.new_password = "battery staple"}).error(), AccountFault::current_password_missing);
  EXPECT_EQ(update(ann, {.new_password = "battery staple", .current_password = "guess"}).error(),
            AccountFault::current_password_wrong);
  EXPECT_EQ(update(ann, {.profile = {.email = "eve@mail.example"}}).error(), AccountFault::current_password_missing);
  EXPECT_EQ(stored_hash("ann"), "#correct horse");
  EXPECT_TRUE(update(ann, {.profile = {.display_name = "Ann", .email = "Ann@Mail.Example"}})) << "the address there is";
  EXPECT_TRUE(update(ann, {.profile = {.email = "ann@x.example"}, .current_password = "correct horse"}));
}

// A password set with a token of another issuer would open the account without that issuer.
TEST_F(PasswordChange, IsRefusedToUsersWithoutAPasswordHere) {
  stores_.accounts().create({.id = account::UserId(Uuid{7}), .username = "ann"}, [](const auto&) {});
  const Identity who{.user = account::UserId(Uuid{7}), .username = "ann", .external = true, .foreign = true};
  const ProfileUpdate request{.new_password = "battery staple", .current_password = ""};
  EXPECT_EQ(answer<account::User>([&](auto done) { accounts_.update(who, request, done); }).error(), AccountFault::no_password);
}

/// Tokens that another tool signs with our secret: they are in no table.
class MintedTokens : public AccountsTest {
 protected:
  std::string minted(const SignedIn& of, int number, std::int64_t issued_ms) {
    return jwt::sign_hs256(R"({"sub":")" + to_text(of.user.id.value()) + R"(","jti":"018f3c1e-7b2a-4cde-9abc-0123456789a)" +
                               std::to_string(number) + R"(","username":")" + of.user.username + R"(","iat":)" +
                               std::to_string(issued_ms / 1000) + R"(,"exp":1795266000})",
                           "a secret of thirty-two bytes or so");
  }
};

// R-002-06
TEST_F(MintedTokens, LoggingOutEverywhereEndsThemAndTheirSockets) {
  const auto ann = signed_up("ann");
  const std::string one = minted(ann, 1, kStart), other = minted(ann, 2, kStart);
  const auto first = identity(here_, one), second = identity(here_, other);
  clock_.passed += std::chrono::milliseconds{300};
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out_everywhere(first, done); }));
  for (const auto& token : {one, other, ann.token}) EXPECT_EQ(fault(here_, token), CredentialFault::revoked);
  EXPECT_THAT(here_.ended, UnorderedElementsAre(first.login, second.login, ann.login));
  RevocationCache book;
  stores_.accounts().revocations(clock_.wall(), [&](const auto& revocations) { book.fill(*revocations); });
  EXPECT_FALSE(book.meet(second)) << "after a restart too";
  EXPECT_TRUE(book.is_revoked(first.login));
  clock_.passed += std::chrono::seconds{1};
  EXPECT_EQ(fault(here_, minted(ann, 3, clock_.wall().unix_ms)), std::nullopt);
}

// Tokens are ended by `iat`, which has whole seconds; a login of ours in the same second is newer all the same.
TEST_F(MintedTokens, LoginRightAfterLoggingOutEverywhereIsValid) {
  const auto ann = signed_up("ann");
  clock_.passed += std::chrono::milliseconds{300};
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out_everywhere(identity(ann), done); }));
  EXPECT_EQ(fault(here_, log_in("ann", "correct horse")->token), std::nullopt) << "in the same second";
}

// X-28
TEST_F(MintedTokens, DoNotOutliveABlock) {
  const auto ann = signed_up("ann");
  const std::string token = minted(ann, 1, kStart);
  EXPECT_EQ(fault(here_, token), std::nullopt);
  clock_.passed += std::chrono::milliseconds{300};
  for (const auto status : {account::UserStatus::inactive, account::UserStatus::active})
    EXPECT_TRUE(answer<void>([&](auto done) { accounts_.set_status(ann.user.id, status, done); }));
  EXPECT_EQ(fault(here_, token), CredentialFault::revoked);
}

// No table has a row for such a token, so its end needs one of its own.
TEST_F(MintedTokens, LogoutOutlivesARestart) {
  const auto ann = signed_up("ann");
  const auto who = identity(here_, minted(ann, 1, kStart));
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out(who, done); }));
  RevocationCache book;
  stores_.accounts().revocations(clock_.wall(), [&](const auto& revocations) { book.fill(*revocations); });
  EXPECT_TRUE(book.is_revoked(who.login));
}

// These tokens stayed valid after a new password.
TEST_F(MintedTokens, NewPasswordEndsAllButTheTokenThatSetIt) {
  const auto ann = signed_up("ann");
  const std::string mine = minted(ann, 1, kStart), other = minted(ann, 2, kStart);
  clock_.passed += std::chrono::milliseconds{300};
  const ProfileUpdate request{.new_password = "battery staple", .current_password = "correct horse"};
  EXPECT_TRUE(answer<account::User>([&](auto done) { accounts_.update(identity(here_, mine), request, done); }));
  EXPECT_EQ(fault(here_, mine), std::nullopt);
  EXPECT_EQ(fault(here_, other), CredentialFault::revoked);
  EXPECT_EQ(fault(here_, ann.token), CredentialFault::revoked);
}

#ifndef BELFRY_UNCHECKED_THREADS
using AccountsDeathTest = MintedTokens;

TEST_F(AccountsDeathTest, UseByAnotherThreadThanTheShardsAborts) {
  static_cast<void>(accounts_.random_token());
  EXPECT_DEATH(std::thread([&] { static_cast<void>(accounts_.random_token()); }).join(),
               "used by the thread that used it first only");
}
#endif

}  // namespace
}  // namespace belfry::accounts::testing
