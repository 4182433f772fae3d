#include "app/accounts/accounts_for_tests.hpp"

namespace belfry::accounts::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class AccountsTest : public AccountsStage {
 protected:
  std::string stored_hash(const std::string& name) {
    std::string hash;
    stores_.accounts().find_account(name, [&](const auto& found) { hash = (*found)->password_hash; });
    return hash;
  }
};

// R-004-01
TEST_F(AccountsTest, WhoSignsUpIsLoggedInAndTheirPasswordIsKeptAsAHash) {
  const auto in = sign_up({.username = "ann", .email = "Ann@Mail.Example", .password = "correct horse"});
  ASSERT_TRUE(in.has_value());
  EXPECT_EQ(in->user.email, "ann@mail.example");
  EXPECT_EQ(identity(*in).user, in->user.id);
  EXPECT_EQ(stored_hash("ann"), "#correct horse");
}

// R-004-02
TEST_F(AccountsTest, TakenNamesAndAddressesAreToldApart) {
  signed_up("ann");
  EXPECT_EQ(sign_up({.username = "ann", .password = "x"}).error(), AccountFault::username_taken);
  EXPECT_EQ(sign_up({.username = "bob", .email = "ANN@mail.example", .password = "x"}).error(), AccountFault::email_taken);
}

TEST_F(AccountsTest, NamesMadeOfRealNamesAreInTheAlphabetAndFree) {
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

// R-004-03
TEST_F(AccountsTest, UnknownUserCostsTheSameHashAsAWrongPassword) {
  signed_up("ann");
  EXPECT_EQ(log_in("ann", "guess").error(), AccountFault::wrong_password);
  EXPECT_EQ(log_in("nobody", "guess").error(), AccountFault::wrong_password);
  EXPECT_THAT(hasher_.verified, ElementsAre("#correct horse", hasher_.decoy()));
}

// C-14
TEST_F(AccountsTest, GuestCannotLogInWithAnyPassword) {
  stores_.accounts().ensure_guest("ann", account::UserId(Uuid{1}), clock_.wall(), [](const auto&) {});
  for (const std::string password : {"", "(nobody's)", "#"})
    EXPECT_EQ(log_in("ann", password).error(), AccountFault::wrong_password);
}

TEST_F(AccountsTest, WhoIsNotActiveLearnsItByTheRightPasswordOnly) {
  const auto ann = signed_up("ann");
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.set_status(ann.user.id, account::UserStatus::blocked, done); }));
  EXPECT_EQ(log_in("ann", "guess").error(), AccountFault::wrong_password);
  EXPECT_EQ(log_in("ann", "correct horse").error(), AccountFault::not_active);
  EXPECT_EQ(fault(here_, ann.token), CredentialFault::not_active);
  EXPECT_THAT(here_.statuses, ElementsAre(std::pair(ann.user.id, account::UserStatus::blocked)));
}

TEST_F(AccountsTest, TooManyPasswordsAtOnceIsToldSo) {
  signed_up("ann");
  hasher_.overloaded = true;
  EXPECT_EQ(log_in("ann", "correct horse").error(), AccountFault::overloaded);
  EXPECT_EQ(sign_up({.username = "bob", .password = "x"}).error(), AccountFault::overloaded);
}

// R-004-04
TEST_F(AccountsTest, LoggingOutEndsThatLoginAndNoOther) {
  const auto phone = signed_up("ann");
  const auto laptop = *log_in("ann", "correct horse");
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out(identity(phone), done); }));
  EXPECT_EQ(fault(here_, phone.token), CredentialFault::revoked);
  EXPECT_EQ(fault(here_, laptop.token), std::nullopt);
  EXPECT_THAT(here_.ended, ElementsAre(phone.login));
}

// R-002-06
TEST_F(AccountsTest, LoggingOutEverywhereEndsAllOfThem) {
  const auto phone = signed_up("ann"), bob = signed_up("bob");
  const auto laptop = *log_in("ann", "correct horse");
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out_everywhere(identity(phone), done); }));
  for (const auto& in : {phone, laptop}) EXPECT_EQ(fault(here_, in.token), CredentialFault::revoked);
  EXPECT_EQ(fault(here_, bob.token), std::nullopt);
  EXPECT_THAT(here_.ended, UnorderedElementsAre(phone.login, laptop.login));
}

// R-002-06
TEST_F(AccountsTest, LogoutOfAnotherIssuersTokenOutlivesARestart) {
  Identity who{.user = account::UserId(Uuid{7}), .username = "ann", .login = account::LoginId(Uuid{8}), .external = true};
  who.expires = WallTime{kStart + 60'000};
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out(who, done); }));
  StandingBook restarted;
  stores_.accounts().standing(clock_.wall(), [&](const auto& standing) { restarted.fill(*standing); });
  EXPECT_TRUE(restarted.is_revoked(who.login));
}

TEST_F(AccountsTest, RefreshingEndsTheOldTokenButNotItsSockets) {
  const auto old = signed_up("ann");
  const auto fresh = answer<SignedIn>([&](auto done) { accounts_.refresh(identity(old), "test", done); });
  ASSERT_TRUE(fresh.has_value());
  EXPECT_EQ(fault(here_, old.token), CredentialFault::revoked);
  EXPECT_EQ(identity(*fresh).user, old.user.id);
  EXPECT_THAT(here_.ended, ElementsAre());
}

TEST_F(AccountsTest, LogoutAfterRefreshesEndsTheSocketsOfTheFirstLoginToo) {
  const auto first = signed_up("ann");
  const auto second = *answer<SignedIn>([&](auto done) { accounts_.refresh(identity(first), "test", done); });
  const auto third = *answer<SignedIn>([&](auto done) { accounts_.refresh(identity(second), "test", done); });
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out(identity(third), done); }));
  EXPECT_THAT(here_.ended, ElementsAre(third.login, second.login, first.login));
}

TEST_F(AccountsTest, NewPasswordEndsTheOtherLogins) {
  const auto phone = signed_up("ann");
  const auto laptop = *log_in("ann", "correct horse");
  EXPECT_TRUE(answer<account::User>([&](auto done) { accounts_.update(identity(phone), {}, "battery staple", done); }));
  EXPECT_EQ(fault(here_, phone.token), std::nullopt);
  EXPECT_EQ(fault(here_, laptop.token), CredentialFault::revoked);
  EXPECT_EQ(stored_hash("ann"), "#battery staple");
}

}  // namespace
}  // namespace belfry::accounts::testing
