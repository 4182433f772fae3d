// The contract of AccountStore for logins: their list, revocation, refresh tokens, and the feed of changes that servers follow.

#include "store/account_store_contract.hpp"

namespace belfry::store::testing {
namespace {

class LoginContract : public AccountStoreContract {};
INSTANTIATE_TEST_SUITE_P(Stores, LoginContract, ::testing::ValuesIn(stores_under_test()), name_of);

TEST_P(LoginContract, StatusChangesShowInTheFeedOncePerChange) {
  made(1, "alice");
  EXPECT_FALSE(set_status(user_id(9), UserStatus::blocked)) << "no such user";
  EXPECT_TRUE(set_status(user_id(1), UserStatus::active)) << "as it was";
  EXPECT_TRUE(changes_after(0).empty());
  EXPECT_TRUE(set_status(user_id(1), UserStatus::blocked, at(7)));
  EXPECT_EQ(find(user_id(1))->status, UserStatus::blocked);
  EXPECT_EQ(find(user_id(1))->updated, at(7));
  const auto changes = changes_after(0);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].kind, Change::Kind::user_status);
  EXPECT_EQ(changes[0].user, user_id(1));
  EXPECT_EQ(changes[0].status, UserStatus::blocked);
  EXPECT_TRUE(changes_after(changes[0].seq).empty());
}

TEST_P(LoginContract, FeedIsInOrderAndHasEveryKind) {
  made(1, "alice");
  add_login(1, user_id(1), at(0), at(77'000));
  ASSERT_TRUE(update(user_id(1), {.display_name = "A"}).has_value());
  set_status(user_id(1), UserStatus::inactive);
  revoke(1);
  const auto changes = changes_after(0);
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0].kind, Change::Kind::user_profile);
  EXPECT_EQ(changes[1].kind, Change::Kind::user_status);
  EXPECT_EQ(changes[2].kind, Change::Kind::login_revoked);
  EXPECT_EQ(changes[2].login, login_id(1));
  EXPECT_EQ(changes[2].user, user_id(1));
  EXPECT_EQ(changes[2].expires, at(77'000));
  EXPECT_LT(changes[0].seq, changes[1].seq);
  EXPECT_LT(changes[1].seq, changes[2].seq);
  EXPECT_EQ(changes_after(changes[0].seq).size(), 2U);
  EXPECT_EQ(revocations().seq, changes[2].seq);
}

// R-002-06
TEST_P(LoginContract, LoginsAreListedNewestFirstUntilTheyEnd) {
  made(1, "alice");
  made(2, "bob");
  add_login(1, user_id(1), at(0));
  add_login(2, user_id(1), at(1));
  add_login(3, user_id(1), at(2), at(8));
  add_login(4, user_id(2));
  EXPECT_EQ(logins(user_id(1), at(3)), (std::vector{login_id(3), login_id(2), login_id(1)}));
  EXPECT_EQ(logins(user_id(1), at(8)), (std::vector{login_id(2), login_id(1)})) << "one has expired";
  revoke(2);
  EXPECT_EQ(logins(user_id(1)), std::vector{login_id(1)});
  const auto listed = found<std::vector<Login>>([&](auto done) { world_.accounts().logins(user_id(2), at(0), done); });
  const Login whole{.id = login_id(4), .user = user_id(2), .created = at(0), .expires = at(1'000'000), .user_agent = "Firefox"};
  EXPECT_EQ(listed, std::vector{whole});
  EXPECT_EQ(find(user_id(1))->last_active, at(2));
}

// R-002-06
TEST_P(LoginContract, RevocationIsInTheFeedOnce) {
  made(1, "alice");
  add_login(1, user_id(1));
  revoke(1);
  revoke(1);
  revoke(9);
  EXPECT_EQ(changes_after(0).size(), 1U);
}

// R-002-06
TEST_P(LoginContract, RevokingAllEndsEveryLoginOfThatUser) {
  made(1, "alice");
  made(2, "bob");
  for (std::uint32_t number = 1; number <= 3; ++number) add_login(number, user_id(1));
  add_login(4, user_id(2));
  EXPECT_EQ(revoke_all(user_id(1)), (std::set{login_id(1), login_id(2), login_id(3)}));
  EXPECT_TRUE(logins(user_id(1)).empty());
  EXPECT_EQ(logins(user_id(2)).size(), 1U);
  EXPECT_EQ(changes_after(0).size(), 4U);
  EXPECT_TRUE(revoke_all(user_id(1)).empty());
}

// Tokens of other issuers and tools have no row here; a time limit for the user ends them.
TEST_P(LoginContract, RevokingAllVoidsTokensThatAreInNoTable) {
  made(1, "alice");
  made(2, "bob");
  EXPECT_TRUE(revocations().limits.empty());
  add_login(1, user_id(1));
  EXPECT_EQ(revoke_all(user_id(1)), std::set{login_id(1)});
  const TokenLimit limit{.from = at(5)};
  EXPECT_EQ(revocations().limits, (std::vector{std::pair(user_id(1), limit)}));
  const auto changes = changes_after(0);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].kind, Change::Kind::user_status);
  EXPECT_EQ(changes[0].user, user_id(1));
  EXPECT_EQ(changes[0].status, UserStatus::active);
  EXPECT_EQ(changes[0].limit, limit);
}

// R-002-06: in the transaction of the new password, so that no failure leaves a thief's login valid.
TEST_P(LoginContract, NewPasswordEndsAllLoginsButTheOneThatSetIt) {
  made(1, "alice");
  made(2, "bob");
  for (std::uint32_t number = 1; number <= 3; ++number) add_login(number, user_id(1));
  add_login(4, user_id(2));
  const auto renamed = update(user_id(1), {.display_name = "A", .keep_login = login_id(2)});
  ASSERT_TRUE(renamed.has_value());
  EXPECT_TRUE(renamed->ended.empty()) << "the password is the old one";
  EXPECT_EQ(logins(user_id(1)).size(), 3U);
  const auto before = changes_after(0).size();
  const auto changed = update(user_id(1), {.password_hash = "#new", .keep_login = login_id(2)}, at(3));
  ASSERT_TRUE(changed.has_value());
  std::set<LoginId> ended;
  for (const auto& login : changed->ended) ended.insert(login.id);
  EXPECT_EQ(ended, (std::set{login_id(1), login_id(3)}));
  EXPECT_EQ(logins(user_id(1)), std::vector{login_id(2)});
  EXPECT_EQ(logins(user_id(2)), std::vector{login_id(4)});
  const TokenLimit limit{.from = at(3), .but = login_id(2)};
  EXPECT_EQ(revocations().limits, (std::vector{std::pair(user_id(1), limit)})) << "tokens without a row";
  const auto changes = changes_after(0);
  ASSERT_EQ(changes.size(), before + 4) << "the profile, the limit, and the two logins";
  EXPECT_EQ(changes[before].kind, Change::Kind::user_profile);
  EXPECT_EQ(changes[before + 1].kind, Change::Kind::user_status);
  EXPECT_EQ(changes[before + 1].limit, limit);
  EXPECT_EQ(revoke_all(user_id(1)), std::set{login_id(2)});
  EXPECT_EQ(revocations().limits, (std::vector{std::pair(user_id(1), TokenLimit{.from = at(5)})})) << "and keeps none";
}

TEST_P(LoginContract, RefusedChangeOfTheProfileEndsNoLogin) {
  auto alice = a_user(1, "alice");
  alice.email = "alice@example.org";
  ASSERT_TRUE(create(alice).has_value());
  made(2, "bob");
  add_login(1, user_id(2));
  EXPECT_FALSE(update(user_id(2), {.email = "alice@example.org", .password_hash = "#new"}).has_value());
  EXPECT_EQ(logins(user_id(2)), std::vector{login_id(1)});
  EXPECT_TRUE(revocations().limits.empty());
}

TEST_P(LoginContract, LoginIsAdmittedUnderThePasswordThatWasChecked) {
  auto alice = a_user(1, "alice");
  alice.password_hash = "#old";
  ASSERT_TRUE(create(alice).has_value());
  EXPECT_TRUE(admit(1, user_id(1), "#old", at(1)));
  ASSERT_TRUE(update(user_id(1), {.password_hash = "#new", .keep_login = login_id(1)}).has_value());
  EXPECT_FALSE(admit(2, user_id(1), "#old", at(2)));
  EXPECT_FALSE(admit(3, user_id(9), ""));
  EXPECT_EQ(logins(user_id(1)), std::vector{login_id(1)});
  const auto account = found<std::optional<Account>>([&](auto done) { world_.accounts().account_of(user_id(1), done); });
  ASSERT_TRUE(account.has_value());
  EXPECT_EQ(account->password_hash, "#new");
  EXPECT_EQ(account->user.username, "alice");
  EXPECT_EQ(account->user.last_active, at(1)) << "when the login that was admitted began";
}

TEST_P(LoginContract, LoginIsReplacedUnlessItWasRevoked) {
  made(1, "alice");
  add_login(1, user_id(1));
  EXPECT_TRUE(replace_login(1, 2, user_id(1)));
  EXPECT_EQ(logins(user_id(1)), std::vector{login_id(2)});
  EXPECT_EQ(find(user_id(1))->last_active, at(4));
  EXPECT_FALSE(replace_login(1, 3, user_id(1), {}, at(6))) << "a token is refreshed once";
  EXPECT_EQ(find(user_id(1))->last_active, at(4)) << "who was refused may be a thief";
  EXPECT_TRUE(replace_login(9, 4, user_id(1))) << "one that another tool signed is in no table";
  revoke_all(user_id(1));
  EXPECT_FALSE(replace_login(2, 5, user_id(1)));
  EXPECT_TRUE(logins(user_id(1)).empty());
}

// W-001-06
TEST_P(LoginContract, RefreshTokenIsFoundByItsHashAlsoAfterItsUse) {
  made(1, "alice");
  add_login_with_refresh(1, user_id(1), "hash-1");
  const auto fresh = find_refresh("hash-1");
  ASSERT_TRUE(fresh.has_value());
  EXPECT_EQ(fresh->login.id, login_id(1));
  EXPECT_EQ(fresh->login.user, user_id(1));
  EXPECT_EQ(fresh->login.family, login_id(1));
  EXPECT_EQ(fresh->login.expires, at(1'000'000));
  EXPECT_FALSE(fresh->revoked);
  EXPECT_FALSE(find_refresh("hash-2").has_value());
  EXPECT_TRUE(replace_login(1, 2, user_id(1), "hash-2"));
  EXPECT_TRUE(find_refresh("hash-1")->revoked);
  EXPECT_EQ(find_refresh("hash-2")->login.family, login_id(1));
}

// W-001-06
TEST_P(LoginContract, LoginsWithoutARefreshTokenAreNotFoundByTheEmptyHash) {
  made(1, "alice");
  add_login(1, user_id(1));
  add_login(2, user_id(1));
  EXPECT_FALSE(find_refresh("").has_value());
  EXPECT_EQ(logins(user_id(1)).size(), 2U);
}

// W-001-06
TEST_P(LoginContract, RevokingAFamilyEndsAllItsLoginsAndNoOthers) {
  made(1, "alice");
  add_login_with_refresh(1, user_id(1), "hash-1");
  add_login_with_refresh(4, user_id(1), "hash-4");
  EXPECT_TRUE(replace_login(1, 2, user_id(1), "hash-2"));
  EXPECT_TRUE(replace_login(2, 3, user_id(1))) << "by its access token, in the same family";
  const auto before = changes_after(0).size();
  EXPECT_EQ(revoke_family(login_id(1)), std::set{login_id(3)});
  EXPECT_EQ(changes_after(0).size(), before + 1);
  EXPECT_EQ(logins(user_id(1)), std::vector{login_id(4)});
  EXPECT_TRUE(revoke_family(login_id(1)).empty());
  EXPECT_FALSE(replace_login(3, 5, user_id(1), "hash-5"));
}

// W-001-06, R-004-04: a logout by an access token that a refresh is just replacing.
TEST_P(LoginContract, RevokingAFamilyByAnyOfItsLoginsEndsTheNewest) {
  made(1, "alice");
  add_login_with_refresh(1, user_id(1), "hash-1");
  EXPECT_TRUE(replace_login(1, 2, user_id(1), "hash-2"));
  EXPECT_TRUE(replace_login(2, 3, user_id(1), "hash-3"));
  EXPECT_EQ(revoke_family(login_id(2)), std::set{login_id(3)});
  EXPECT_FALSE(replace_login(3, 4, user_id(1), "hash-4"));
  EXPECT_TRUE(revoke_family(login_id(9)).empty()) << "no such login";
}

// also after the user is active again.
TEST_P(LoginContract, BlockingAUserEndsTheLoginsForGood) {
  auto alice = a_user(1, "alice");
  alice.password_hash = "#hash";
  ASSERT_TRUE(create(alice).has_value());
  made(2, "bob");
  add_login_with_refresh(1, user_id(1), "hash-1");
  add_login(2, user_id(2));
  const auto ended = status_set(user_id(1), UserStatus::inactive, at(7));
  ASSERT_TRUE(ended && ended->size() == 1);
  EXPECT_EQ((*ended)[0].id, login_id(1));
  EXPECT_FALSE(admit(3, user_id(1), "#hash")) << "the password was checked before";
  add_login(4, user_id(1));
  EXPECT_FALSE(replace_login(4, 5, user_id(1), "hash-5")) << "the token was checked before";
  EXPECT_TRUE(set_status(user_id(1), UserStatus::active, at(8)));
  EXPECT_TRUE(find_refresh("hash-1")->revoked);
  EXPECT_FALSE(replace_login(1, 6, user_id(1), "hash-6"));
  EXPECT_EQ(logins(user_id(1)), std::vector{login_id(4)});
  EXPECT_EQ(logins(user_id(2)), std::vector{login_id(2)});
  EXPECT_EQ(revocations().limits, (std::vector{std::pair(user_id(1), TokenLimit{.from = at(7)})})) << "tokens without a row";
  EXPECT_TRUE(admit(7, user_id(1), "#hash"));
}

TEST_P(LoginContract, OldChangesAreDeletedAndNumbersAreNotReused) {
  made(1, "alice");
  set_status(user_id(1), UserStatus::blocked, at(100));
  set_status(user_id(1), UserStatus::active, at(200));
  const auto before = changes_after(0);
  ASSERT_EQ(before.size(), 2U);
  world_.accounts().forget_before(at(150), at(0));
  world_.settle();
  ASSERT_EQ(changes_after(0).size(), 1U);
  world_.accounts().forget_before(at(300), at(0));
  world_.settle();
  EXPECT_TRUE(changes_after(0).empty());
  set_status(user_id(1), UserStatus::blocked, at(400));
  EXPECT_EQ(changes_after(before[1].seq).size(), 1U);
}

// R-002-06
TEST_P(LoginContract, RevocationsListInactiveUsersAndRevokedLogins) {
  for (std::uint32_t number = 1; number <= 3; ++number) made(number, "user" + std::to_string(number));
  add_login(1, user_id(1), at(0), at(100));
  add_login(2, user_id(1), at(0), at(50));
  add_login(3, user_id(1), at(0), at(100));
  revoke(1);
  revoke(2);
  set_status(user_id(2), UserStatus::blocked);
  const auto revocations = this->revocations(at(60));
  ASSERT_EQ(revocations.not_active.size(), 1U);
  EXPECT_EQ(revocations.not_active[0], std::pair(user_id(2), UserStatus::blocked));
  ASSERT_EQ(revocations.revoked.size(), 1U) << "what has expired anyway need not be known";
  EXPECT_EQ(revocations.revoked[0], std::pair(login_id(1), at(100)));
}

}  // namespace
}  // namespace belfry::store::testing
