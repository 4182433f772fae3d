#include "app/accounts/change_follower.hpp"

#include "app/accounts/accounts_for_tests.hpp"
#include "app/accounts/logins_left.hpp"

namespace belfry::accounts::testing {
namespace {

using ::testing::ElementsAre;

/// Accounts write at one server; another one on the same store follows.
class ChangeFollowing : public AccountsStage {
 protected:
  void follow() {
    clock_.passed += kFollowEvery;
    follower_.on_time(clock_.now());
  }
  Memory there_;
  ChangeFollower follower_{stores_.accounts(), there_.revocations, there_.consequences, 0};
};

// R-002-06
TEST_F(ChangeFollowing, LogoutOnOneServerTakesEffectOnTheOther) {
  const auto ann = signed_up("ann");
  EXPECT_EQ(fault(there_, ann.token), std::nullopt);
  accounts_.log_out(identity(ann), [](const auto&) {});
  follow();
  EXPECT_EQ(fault(there_, ann.token), CredentialFault::revoked);
  EXPECT_THAT(there_.ended, ElementsAre(ann.login));
  EXPECT_THAT(there_.elsewhere, ElementsAre(ann.login)) << "it could also have been refreshed";
  follow();
  EXPECT_EQ(there_.ended.size(), 1U) << "once";
}

// SPEC 2.8.7, X-28
TEST_F(ChangeFollowing, StatusSetByAnOperatorTakesEffectAndCanBeRevertedButEndsTheLogins) {
  const auto ann = signed_up("ann");
  stores_.accounts().set_status(ann.user.id, account::UserStatus::blocked, clock_.wall(), [](const auto&) {});
  follow();
  EXPECT_EQ(fault(there_, ann.token), CredentialFault::not_active);
  EXPECT_THAT(there_.statuses, ElementsAre(std::pair(ann.user.id, account::UserStatus::blocked)));
  stores_.accounts().set_status(ann.user.id, account::UserStatus::active, clock_.wall(), [](const auto&) {});
  follow();
  EXPECT_EQ(fault(there_, ann.token), CredentialFault::revoked);
  EXPECT_EQ(fault(there_, log_in("ann", "correct horse")->token), std::nullopt);
}

// R-002-06
TEST_F(ChangeFollowing, LogoutEverywhereEndsTokensThatAreInNoTable) {
  const auto ann = signed_up("ann");
  const std::string minted =
      jwt::sign_hs256(R"({"sub":")" + to_text(ann.user.id.value()) +
                          R"(","jti":"018f3c1e-7b2a-4cde-9abc-0123456789ac","iat":1795262400,"exp":1795266000})",
                      "a secret of thirty-two bytes or so");
  const auto who = identity(there_, minted);
  clock_.passed += std::chrono::milliseconds{300};
  EXPECT_TRUE(answer<void>([&](auto done) { accounts_.log_out_everywhere(identity(ann), done); }));
  follow();
  EXPECT_EQ(fault(there_, minted), CredentialFault::revoked);
  EXPECT_THAT(there_.ended, ::testing::UnorderedElementsAre(ann.login, who.login));
  follow();
  EXPECT_EQ(there_.ended.size(), 2U) << "once";
}

// T-22: to the other server a refresh looks like a revocation. Which of them it was shows in whether a login is left.
TEST_F(ChangeFollowing, LoginRefreshedElsewhereIsNotTheLastOfItsUser) {
  const auto old = signed_up("ann");
  const auto last = [&] {
    bool none_left = false;
    if_no_login_is_left(stores_.accounts(), there_.revocations, clock_, old.user.id, [&] { none_left = true; });
    return none_left;
  };
  const auto next = answer<SignedIn>([&](auto done) { accounts_.refresh(identity(old), "", done); });
  follow();
  EXPECT_THAT(there_.elsewhere, ElementsAre(old.login));
  EXPECT_FALSE(last());
  accounts_.log_out(identity(*next), [](const auto&) {});
  follow();
  EXPECT_THAT(there_.elsewhere, ElementsAre(old.login, next->login));
  EXPECT_TRUE(last());
  Identity minted;
  minted.user = old.user.id;
  minted.login = account::LoginId(Uuid{7});
  minted.issued = minted.expires = clock_.wall();
  EXPECT_TRUE(there_.revocations.meet(minted));
  EXPECT_FALSE(last()) << "a token of another issuer is still good";
}

// R-002-06: the feed may bring an older limit after this server has written a later one.
TEST(RevocationCacheLimits, OlderLimitDoesNotReplaceALaterOne) {
  RevocationCache book;
  const account::UserId ann(Uuid{1});
  static_cast<void>(book.note_limit(ann, {.from = {2'000}, .but = {}}));
  EXPECT_TRUE(book.note_limit(ann, {.from = {1'000}, .but = {}}).empty());
  Identity who;
  who.user = ann;
  who.login = account::LoginId(Uuid{2});
  who.issued = {1'500};
  who.expires = {9'000};
  EXPECT_FALSE(book.meet(who));
}

TEST_F(ChangeFollowing, StoreIsReadAtMostFourTimesASecond) {
  follow();
  EXPECT_EQ(follower_.next_deadline(), clock_.now() + kFollowEvery);
  const auto ann = signed_up("ann");
  accounts_.log_out(identity(ann), [](const auto&) {});
  follower_.on_time(clock_.now());
  EXPECT_EQ(fault(there_, ann.token), std::nullopt);
}

TEST_F(ChangeFollowing, OwnRefreshThatIsReadBeforeItsAnswerClosesNoSocket) {
  const auto old = signed_up("ann");
  const account::LoginId next(Uuid{9});
  there_.revocations.note_refreshed(old.login, next, old.expires);
  stores_.accounts().revoke_family(old.login, clock_.wall(), [](const auto&) {});
  follow();
  EXPECT_EQ(fault(there_, old.token), CredentialFault::revoked);
  EXPECT_THAT(there_.ended, ElementsAre());
}

}  // namespace
}  // namespace belfry::accounts::testing
