// The contract of AccountStore for logins: their list, revocation, refresh tokens, and the feed of changes that servers follow.
#pragma once

#include "store/account_store_contract.hpp"

namespace belfry::store::testing {

template <class World>
class LoginContract : public AccountStoreContract<World> {};
TYPED_TEST_SUITE_P(LoginContract);

TYPED_TEST_P(LoginContract, StatusChangesShowInTheFeedOncePerChange) {
  this->made(1, "alice");
  EXPECT_FALSE(this->set_status(user_id(9), UserStatus::blocked)) << "no such user";
  EXPECT_TRUE(this->set_status(user_id(1), UserStatus::active)) << "as it was";
  EXPECT_TRUE(this->changes_after(0).empty());
  EXPECT_TRUE(this->set_status(user_id(1), UserStatus::blocked, at(7)));
  EXPECT_EQ(this->find(user_id(1))->status, UserStatus::blocked);
  EXPECT_EQ(this->find(user_id(1))->updated, at(7));
  const auto changes = this->changes_after(0);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].kind, Change::Kind::user_status);
  EXPECT_EQ(changes[0].user, user_id(1));
  EXPECT_EQ(changes[0].status, UserStatus::blocked);
  EXPECT_TRUE(this->changes_after(changes[0].seq).empty());
}

TYPED_TEST_P(LoginContract, FeedIsInOrderAndHasEveryKind) {
  this->made(1, "alice");
  this->add_login(1, user_id(1), at(0), at(77'000));
  ASSERT_TRUE(this->update(user_id(1), {.display_name = "A"}).has_value());
  this->set_status(user_id(1), UserStatus::inactive);
  this->revoke(1);
  const auto changes = this->changes_after(0);
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0].kind, Change::Kind::user_profile);
  EXPECT_EQ(changes[1].kind, Change::Kind::user_status);
  EXPECT_EQ(changes[2].kind, Change::Kind::login_revoked);
  EXPECT_EQ(changes[2].login, login_id(1));
  EXPECT_EQ(changes[2].user, user_id(1));
  EXPECT_EQ(changes[2].expires, at(77'000));
  EXPECT_LT(changes[0].seq, changes[1].seq);
  EXPECT_LT(changes[1].seq, changes[2].seq);
  EXPECT_EQ(this->changes_after(changes[0].seq).size(), 2U);
  EXPECT_EQ(this->revocations().seq, changes[2].seq);
}

// R-002-06
TYPED_TEST_P(LoginContract, LoginsAreListedNewestFirstUntilTheyEnd) {
  this->made(1, "alice");
  this->made(2, "bob");
  this->add_login(1, user_id(1), at(0));
  this->add_login(2, user_id(1), at(1));
  this->add_login(3, user_id(1), at(2), at(8));
  this->add_login(4, user_id(2));
  EXPECT_EQ(this->logins(user_id(1), at(3)), (std::vector{login_id(3), login_id(2), login_id(1)}));
  EXPECT_EQ(this->logins(user_id(1), at(8)), (std::vector{login_id(2), login_id(1)})) << "one has expired";
  this->revoke(2);
  EXPECT_EQ(this->logins(user_id(1)), std::vector{login_id(1)});
  const auto listed =
      this->template found<std::vector<Login>>([&](auto done) { this->world_.accounts().logins(user_id(2), at(0), done); });
  const Login whole{.id = login_id(4), .user = user_id(2), .created = at(0), .expires = at(1'000'000), .user_agent = "Firefox"};
  EXPECT_EQ(listed, std::vector{whole});
  EXPECT_EQ(this->find(user_id(1))->last_active, at(2));
}

// R-002-06
TYPED_TEST_P(LoginContract, RevocationIsInTheFeedOnce) {
  this->made(1, "alice");
  this->add_login(1, user_id(1));
  this->revoke(1);
  this->revoke(1);
  this->revoke(9);
  EXPECT_EQ(this->changes_after(0).size(), 1U);
}

// R-002-06
TYPED_TEST_P(LoginContract, RevokingAllEndsEveryLoginOfThatUser) {
  this->made(1, "alice");
  this->made(2, "bob");
  for (std::uint32_t number = 1; number <= 3; ++number) this->add_login(number, user_id(1));
  this->add_login(4, user_id(2));
  EXPECT_EQ(this->revoke_all(user_id(1)), (std::set{login_id(1), login_id(2), login_id(3)}));
  EXPECT_TRUE(this->logins(user_id(1)).empty());
  EXPECT_EQ(this->logins(user_id(2)).size(), 1U);
  EXPECT_EQ(this->changes_after(0).size(), 4U);
  EXPECT_TRUE(this->revoke_all(user_id(1)).empty());
}

// Tokens of other issuers and tools have no row here; a time limit for the user ends them.
TYPED_TEST_P(LoginContract, RevokingAllVoidsTokensThatAreInNoTable) {
  this->made(1, "alice");
  this->made(2, "bob");
  EXPECT_TRUE(this->revocations().limits.empty());
  this->add_login(1, user_id(1));
  this->add_login(2, user_id(1));
  EXPECT_EQ(this->revoke_all(user_id(1), login_id(2)), std::set{login_id(1)});
  EXPECT_EQ(this->logins(user_id(1)), std::vector{login_id(2)});
  const TokenLimit limit{.from = at(5), .but = login_id(2)};
  EXPECT_EQ(this->revocations().limits, (std::vector{std::pair(user_id(1), limit)}));
  const auto changes = this->changes_after(0);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].kind, Change::Kind::user_status);
  EXPECT_EQ(changes[0].user, user_id(1));
  EXPECT_EQ(changes[0].status, UserStatus::active);
  EXPECT_EQ(changes[0].limit, limit);
  this->revoke_all(user_id(1));
  EXPECT_EQ(this->revocations().limits, (std::vector{std::pair(user_id(1), TokenLimit{.from = at(5)})}));
}

TYPED_TEST_P(LoginContract, LoginIsAdmittedUnderThePasswordThatWasChecked) {
  auto alice = this->a_user(1, "alice");
  alice.password_hash = "#old";
  ASSERT_TRUE(this->create(alice).has_value());
  EXPECT_TRUE(this->admit(1, user_id(1), "#old"));
  ASSERT_TRUE(this->update(user_id(1), {.password_hash = "#new"}).has_value());
  EXPECT_FALSE(this->admit(2, user_id(1), "#old"));
  EXPECT_FALSE(this->admit(3, user_id(9), ""));
  EXPECT_EQ(this->logins(user_id(1)), std::vector{login_id(1)});
  const auto account =
      this->template found<std::optional<Account>>([&](auto done) { this->world_.accounts().account_of(user_id(1), done); });
  ASSERT_TRUE(account.has_value());
  EXPECT_EQ(account->password_hash, "#new");
  EXPECT_EQ(account->user.username, "alice");
}

TYPED_TEST_P(LoginContract, LoginIsReplacedUnlessItWasRevoked) {
  this->made(1, "alice");
  this->add_login(1, user_id(1));
  EXPECT_TRUE(this->replace_login(1, 2, user_id(1)));
  EXPECT_EQ(this->logins(user_id(1)), std::vector{login_id(2)});
  EXPECT_FALSE(this->replace_login(1, 3, user_id(1))) << "a token is refreshed once";
  EXPECT_TRUE(this->replace_login(9, 4, user_id(1))) << "one that another tool signed is in no table";
  this->revoke_all(user_id(1));
  EXPECT_FALSE(this->replace_login(2, 5, user_id(1)));
  EXPECT_TRUE(this->logins(user_id(1)).empty());
}

// W-001-06
TYPED_TEST_P(LoginContract, RefreshTokenIsFoundByItsHashAlsoAfterItsUse) {
  this->made(1, "alice");
  this->add_login_with_refresh(1, user_id(1), "hash-1");
  const auto fresh = this->find_refresh("hash-1");
  ASSERT_TRUE(fresh.has_value());
  EXPECT_EQ(fresh->login.id, login_id(1));
  EXPECT_EQ(fresh->login.user, user_id(1));
  EXPECT_EQ(fresh->login.family, login_id(1));
  EXPECT_EQ(fresh->login.expires, at(1'000'000));
  EXPECT_FALSE(fresh->revoked);
  EXPECT_FALSE(this->find_refresh("hash-2").has_value());
  EXPECT_TRUE(this->replace_login(1, 2, user_id(1), "hash-2"));
  EXPECT_TRUE(this->find_refresh("hash-1")->revoked);
  EXPECT_EQ(this->find_refresh("hash-2")->login.family, login_id(1));
}

// W-001-06
TYPED_TEST_P(LoginContract, LoginsWithoutARefreshTokenAreNotFoundByTheEmptyHash) {
  this->made(1, "alice");
  this->add_login(1, user_id(1));
  this->add_login(2, user_id(1));
  EXPECT_FALSE(this->find_refresh("").has_value());
  EXPECT_EQ(this->logins(user_id(1)).size(), 2U);
}

// W-001-06
TYPED_TEST_P(LoginContract, RevokingAFamilyEndsAllItsLoginsAndNoOthers) {
  this->made(1, "alice");
  this->add_login_with_refresh(1, user_id(1), "hash-1");
  this->add_login_with_refresh(4, user_id(1), "hash-4");
  EXPECT_TRUE(this->replace_login(1, 2, user_id(1), "hash-2"));
  EXPECT_TRUE(this->replace_login(2, 3, user_id(1))) << "by its access token, in the same family";
  const auto before = this->changes_after(0).size();
  EXPECT_EQ(this->revoke_family(login_id(1)), std::set{login_id(3)});
  EXPECT_EQ(this->changes_after(0).size(), before + 1);
  EXPECT_EQ(this->logins(user_id(1)), std::vector{login_id(4)});
  EXPECT_TRUE(this->revoke_family(login_id(1)).empty());
  EXPECT_FALSE(this->replace_login(3, 5, user_id(1), "hash-5"));
}

// W-001-06, R-004-04: a logout by an access token that a refresh is just replacing.
TYPED_TEST_P(LoginContract, RevokingAFamilyByAnyOfItsLoginsEndsTheNewest) {
  this->made(1, "alice");
  this->add_login_with_refresh(1, user_id(1), "hash-1");
  EXPECT_TRUE(this->replace_login(1, 2, user_id(1), "hash-2"));
  EXPECT_TRUE(this->replace_login(2, 3, user_id(1), "hash-3"));
  EXPECT_EQ(this->revoke_family(login_id(2)), std::set{login_id(3)});
  EXPECT_FALSE(this->replace_login(3, 4, user_id(1), "hash-4"));
  EXPECT_TRUE(this->revoke_family(login_id(9)).empty()) << "no such login";
}

// also after the user is active again.
TYPED_TEST_P(LoginContract, BlockingAUserEndsTheLoginsForGood) {
  auto alice = this->a_user(1, "alice");
  alice.password_hash = "#hash";
  ASSERT_TRUE(this->create(alice).has_value());
  this->made(2, "bob");
  this->add_login_with_refresh(1, user_id(1), "hash-1");
  this->add_login(2, user_id(2));
  const auto ended = this->status_set(user_id(1), UserStatus::inactive, at(7));
  ASSERT_TRUE(ended && ended->size() == 1);
  EXPECT_EQ((*ended)[0].id, login_id(1));
  EXPECT_FALSE(this->admit(3, user_id(1), "#hash")) << "the password was checked before";
  this->add_login(4, user_id(1));
  EXPECT_FALSE(this->replace_login(4, 5, user_id(1), "hash-5")) << "the token was checked before";
  EXPECT_TRUE(this->set_status(user_id(1), UserStatus::active, at(8)));
  EXPECT_TRUE(this->find_refresh("hash-1")->revoked);
  EXPECT_FALSE(this->replace_login(1, 6, user_id(1), "hash-6"));
  EXPECT_EQ(this->logins(user_id(1)), std::vector{login_id(4)});
  EXPECT_EQ(this->logins(user_id(2)), std::vector{login_id(2)});
  EXPECT_EQ(this->revocations().limits, (std::vector{std::pair(user_id(1), TokenLimit{.from = at(7)})}))
      << "tokens without a row";
  EXPECT_TRUE(this->admit(7, user_id(1), "#hash"));
}

TYPED_TEST_P(LoginContract, OldChangesAreDeletedAndNumbersAreNotReused) {
  this->made(1, "alice");
  this->set_status(user_id(1), UserStatus::blocked, at(100));
  this->set_status(user_id(1), UserStatus::active, at(200));
  const auto before = this->changes_after(0);
  ASSERT_EQ(before.size(), 2U);
  this->world_.accounts().forget_before(at(150), at(0));
  this->world_.settle();
  ASSERT_EQ(this->changes_after(0).size(), 1U);
  this->world_.accounts().forget_before(at(300), at(0));
  this->world_.settle();
  EXPECT_TRUE(this->changes_after(0).empty());
  this->set_status(user_id(1), UserStatus::blocked, at(400));
  EXPECT_EQ(this->changes_after(before[1].seq).size(), 1U);
}

// R-002-06
TYPED_TEST_P(LoginContract, RevocationsListInactiveUsersAndRevokedLogins) {
  for (std::uint32_t number = 1; number <= 3; ++number) this->made(number, "user" + std::to_string(number));
  this->add_login(1, user_id(1), at(0), at(100));
  this->add_login(2, user_id(1), at(0), at(50));
  this->add_login(3, user_id(1), at(0), at(100));
  this->revoke(1);
  this->revoke(2);
  this->set_status(user_id(2), UserStatus::blocked);
  const auto revocations = this->revocations(at(60));
  ASSERT_EQ(revocations.not_active.size(), 1U);
  EXPECT_EQ(revocations.not_active[0], std::pair(user_id(2), UserStatus::blocked));
  ASSERT_EQ(revocations.revoked.size(), 1U) << "what has expired anyway need not be known";
  EXPECT_EQ(revocations.revoked[0], std::pair(login_id(1), at(100)));
}

REGISTER_TYPED_TEST_SUITE_P(LoginContract, StatusChangesShowInTheFeedOncePerChange, FeedIsInOrderAndHasEveryKind,
                            LoginsAreListedNewestFirstUntilTheyEnd, RevocationIsInTheFeedOnce,
                            RevokingAllEndsEveryLoginOfThatUser, RevokingAllVoidsTokensThatAreInNoTable,
                            LoginIsAdmittedUnderThePasswordThatWasChecked, LoginIsReplacedUnlessItWasRevoked,
                            RefreshTokenIsFoundByItsHashAlsoAfterItsUse, LoginsWithoutARefreshTokenAreNotFoundByTheEmptyHash,
                            RevokingAFamilyEndsAllItsLoginsAndNoOthers, RevokingAFamilyByAnyOfItsLoginsEndsTheNewest,
                            BlockingAUserEndsTheLoginsForGood, OldChangesAreDeletedAndNumbersAreNotReused,
                            RevocationsListInactiveUsersAndRevokedLogins);

}  // namespace belfry::store::testing
