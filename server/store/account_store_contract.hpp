// The contract of AccountStore, one suite for every adapter (store_contract.hpp explains World).
#pragma once

#include <gtest/gtest.h>

#include <set>

#include "store/store_contract.hpp"

namespace belfry::store::testing {

using account::UserStatus;

template <class World>
class AccountStoreContract : public StoreContract<World> {
 protected:
  using Guest = Expected<User, GuestFault>;
  Guest guest(const std::string& name, std::uint32_t number) {
    return this->template answer_of<Guest>(
        [&](auto done) { this->world_.accounts().ensure_guest(name, user_id(number), at(0), done); });
  }
  User external(const NewUser& wished) { return external_account(wished).user; }
  Account external_account(const NewUser& wished) {
    return this->template found<Account>([&](auto done) { this->world_.accounts().ensure_external(wished, done); });
  }
  std::optional<Account> find_account(const std::string& name) {
    return this->template found<std::optional<Account>>([&](auto done) { this->world_.accounts().find_account(name, done); });
  }
  std::vector<std::string> search(const std::string& text, std::optional<UserId> except = {}, Page page = {}) {
    std::vector<std::string> names;
    for (const auto& user :
         this->template found<std::vector<User>>([&](auto done) { this->world_.accounts().search(text, except, page, done); }))
      names.push_back(user.username);
    return names;
  }
  Expected<User, CreateFault> update(UserId id, const ProfileChange& change, WallTime now = at(9)) {
    return this->template answer_of<Expected<User, CreateFault>>(
        [&](auto done) { this->world_.accounts().update(id, change, now, done); });
  }
  void add_login(std::uint32_t number, UserId user, WallTime created = at(0), WallTime expires = at(1'000'000)) {
    const Login login{.id = login_id(number), .user = user, .created = created, .expires = expires, .user_agent = "Firefox"};
    this->template found<void>([&](auto done) { this->world_.accounts().add_login(login, done); });
  }
  void revoke(std::uint32_t number, WallTime now = at(5)) {
    this->template found<void>([&](auto done) { this->world_.accounts().revoke(login_id(number), now, done); });
  }
  bool admit(std::uint32_t number, UserId user, const std::string& hash) {
    const Login login{.id = login_id(number), .user = user, .created = at(0), .expires = at(1'000'000), .user_agent = "Firefox"};
    return this->template found<bool>([&](auto done) { this->world_.accounts().admit(login, hash, done); });
  }
  void add_login_with_refresh(std::uint32_t number, UserId user, const std::string& hash) {
    Login login{.id = login_id(number), .user = user, .created = at(0), .expires = at(1'000'000), .user_agent = "Firefox"};
    login.refresh_hash = hash;
    this->template found<void>([&](auto done) { this->world_.accounts().add_login(login, done); });
  }
  std::optional<RefreshableLogin> find_refresh(const std::string& hash) {
    return this->template found<std::optional<RefreshableLogin>>(
        [&](auto done) { this->world_.accounts().find_refresh(hash, done); });
  }
  std::set<LoginId> revoke_family(LoginId family) {
    std::set<LoginId> ended;
    for (const auto& login :
         this->template found<std::vector<Login>>([&](auto done) { this->world_.accounts().revoke_family(family, at(5), done); }))
      ended.insert(login.id);
    return ended;
  }
  bool replace_login(std::uint32_t old, std::uint32_t next, UserId user, const std::string& refresh_hash = {}) {
    Login login{.id = login_id(next), .user = user, .created = at(4), .expires = at(1'000'000), .user_agent = "Firefox"};
    login.refresh_hash = refresh_hash;
    return this->template found<bool>([&](auto done) { this->world_.accounts().replace_login(login_id(old), login, done); });
  }
  std::set<LoginId> revoke_all(UserId user, LoginId but = {}) {
    std::set<LoginId> ended;
    for (const auto& login :
         this->template found<std::vector<Login>>([&](auto done) { this->world_.accounts().revoke_all(user, at(5), but, done); }))
      ended.insert(login.id);
    return ended;
  }
  std::vector<LoginId> logins(UserId user, WallTime now = at(10)) {
    std::vector<LoginId> ids;
    for (const auto& login :
         this->template found<std::vector<Login>>([&](auto done) { this->world_.accounts().logins(user, now, done); }))
      ids.push_back(login.id);
    return ids;
  }
  std::vector<Change> changes_after(std::uint64_t seq) {
    return this->template found<std::vector<Change>>([&](auto done) { this->world_.accounts().changes_after(seq, done); });
  }
  RevocationSnapshot revocations(WallTime now = at(10)) {
    return this->template found<RevocationSnapshot>([&](auto done) { this->world_.accounts().revocations(now, done); });
  }
  std::optional<KeptAnswer> find_answer(UserId owner, const std::string& key) {
    return this->template found<std::optional<KeptAnswer>>(
        [&](auto done) { this->world_.accounts().find_answer(owner, key, done); });
  }
};

TYPED_TEST_SUITE_P(AccountStoreContract);

// R-004-01
TYPED_TEST_P(AccountStoreContract, UserIsCreatedAndFoundWithAllFields) {
  auto wished = this->a_user(1, "alice");
  wished.email = "alice@example.org";
  wished.display_name = "Alice Á.";
  wished.role = account::Role::admin;
  wished.status = UserStatus::pending;
  const auto made = this->create(wished);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->id, user_id(1));
  EXPECT_EQ(made->username, "alice");
  EXPECT_EQ(made->email, "alice@example.org");
  EXPECT_EQ(made->display_name, "Alice Á.");
  EXPECT_EQ(made->avatar, "");
  EXPECT_EQ(made->role, account::Role::admin);
  EXPECT_EQ(made->status, UserStatus::pending);
  EXPECT_EQ(made->created, at(0));
  EXPECT_EQ(made->updated, at(0));
  EXPECT_FALSE(made->last_active.has_value());
  EXPECT_EQ(this->find(user_id(1)), *made);
  EXPECT_FALSE(this->find(user_id(2)).has_value());
}

TYPED_TEST_P(AccountStoreContract, EachUserHasAMediaUidOfItsOwn) {  // SPEC C-13
  std::set<std::uint32_t> uids;
  for (std::uint32_t number = 1; number <= 5; ++number) {
    this->made(number, "user" + std::to_string(number));
    uids.insert(this->find(user_id(number))->media_uid);
  }
  EXPECT_EQ(uids.size(), 5U);
  EXPECT_FALSE(uids.contains(0));
}

// R-004-01
TYPED_TEST_P(AccountStoreContract, NamesAndEmailsAreTakenOnce) {
  auto first = this->a_user(1, "alice");
  first.email = "alice@example.org";
  ASSERT_TRUE(this->create(first).has_value());
  auto same_name = this->create(this->a_user(2, "alice"));
  ASSERT_FALSE(same_name.has_value());
  EXPECT_EQ(same_name.error(), CreateFault::username_taken);
  auto wished = this->a_user(2, "bob");
  wished.email = "alice@example.org";
  auto same_email = this->create(wished);
  ASSERT_FALSE(same_email.has_value());
  EXPECT_EQ(same_email.error(), CreateFault::email_taken);
  EXPECT_FALSE(this->find(user_id(2)).has_value());
  EXPECT_TRUE(this->create(this->a_user(2, "bob")).has_value());
  EXPECT_TRUE(this->create(this->a_user(3, "carol")).has_value()) << "many may have no e-mail";
}

TYPED_TEST_P(AccountStoreContract, TwoSignUpsOfOneNameAtOnceMakeOneUser) {
  int made = 0, refused = 0;
  for (std::uint32_t number = 1; number <= 3; ++number)
    this->world_.accounts().create(this->a_user(number, "alice"),
                                   [&](const auto& result) { result.has_value() ? ++made : ++refused; });
  this->world_.settle();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(refused, 2);
}

// R-004-04
TYPED_TEST_P(AccountStoreContract, AccountIsFoundByNameOrEmailWithItsPasswordHash) {
  auto wished = this->a_user(1, "alice");
  wished.email = "alice@example.org";
  ASSERT_TRUE(this->create(wished).has_value());
  for (const auto* name : {"alice", "alice@example.org"}) {
    const auto account = this->find_account(name);
    ASSERT_TRUE(account.has_value());
    EXPECT_EQ(account->user.id, user_id(1));
    EXPECT_EQ(account->password_hash, "$argon2id$");
  }
  EXPECT_FALSE(this->find_account("Alice").has_value());
  EXPECT_FALSE(this->find_account("").has_value());
}

// SPEC 0: open mode
TYPED_TEST_P(AccountStoreContract, GuestIsMadeOnceAndFoundAgain) {
  const auto made = this->guest("alice", 1);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->id, user_id(1));
  EXPECT_EQ(made->role, account::Role::guest);
  EXPECT_EQ(made->status, UserStatus::active);
  EXPECT_EQ(made->display_name, "alice");
  EXPECT_EQ(this->guest("alice", 2)->id, user_id(1));
  EXPECT_FALSE(this->find(user_id(2)).has_value());
}

TYPED_TEST_P(AccountStoreContract, NameOfAnAccountIsRefusedToAGuest) {
  this->made(1, "alice");
  const auto refused = this->guest("alice", 2);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), GuestFault::has_account);
}

TYPED_TEST_P(AccountStoreContract, BlockedGuestIsRefused) {
  ASSERT_TRUE(this->guest("alice", 1).has_value());
  this->set_status(user_id(1), UserStatus::blocked);
  const auto refused = this->guest("alice", 2);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), GuestFault::not_active);
}

TYPED_TEST_P(AccountStoreContract, ExternalUserIsCreatedOnFirstUseAndFoundAfterwards) {
  auto wished = this->a_user(1, "alice");
  wished.email = "alice@example.org";
  EXPECT_EQ(this->external(wished).username, "alice");
  wished.username = "renamed";
  EXPECT_EQ(this->external(wished).username, "alice");
}

// The caller needs the password hash to refuse a token that names an account with a password.
TYPED_TEST_P(AccountStoreContract, ExternalSubjectWithALocalAccountIsReturnedWithItsPasswordHash) {
  auto owner = this->a_user(1, "alice");
  owner.password_hash = "#hash";
  ASSERT_TRUE(this->create(owner).has_value());
  EXPECT_EQ(this->external_account(this->a_user(1, "mallory")).password_hash, "#hash");
  auto stranger = this->a_user(2, "bob");
  stranger.password_hash = "";
  EXPECT_EQ(this->external_account(stranger).password_hash, "");
}

TYPED_TEST_P(AccountStoreContract, ExternalUserWhoseNameIsTakenGetsASimilarName) {
  auto first = this->a_user(1, "alice");
  first.email = "alice@example.org";
  ASSERT_TRUE(this->create(first).has_value());
  auto wished = this->a_user(2, "alice");
  wished.email = "alice@example.org";
  const auto second = this->external(wished);
  EXPECT_EQ(second.id, user_id(2));
  EXPECT_EQ(second.username, "alice-2");
  EXPECT_FALSE(second.email.has_value()) << "an address belongs to the first who has it";
  EXPECT_EQ(this->external(this->a_user(3, "alice")).username, "alice-3");
}

TYPED_TEST_P(AccountStoreContract, SearchFindsActiveUsersByPartOfEitherName) {
  for (const auto& [number, name, shown] : {std::tuple{1U, "zed", "Anna Zed"},
                                            {2U, "anna_b", "B"},
                                            {3U, "bob", "Bob"},
                                            {4U, "gone", "Anna Gone"},
                                            {5U, "under_score", "x"},
                                            {6U, "underXscore", "x"}}) {
    auto user = this->a_user(number, name);
    user.display_name = shown;
    ASSERT_TRUE(this->create(user).has_value());
  }
  this->set_status(user_id(4), UserStatus::inactive);
  EXPECT_EQ(this->search("anna"), (std::vector<std::string>{"anna_b", "zed"}));
  EXPECT_EQ(this->search("ANNA", user_id(1)), std::vector<std::string>{"anna_b"});
  EXPECT_EQ(this->search("r_s"), std::vector<std::string>{"under_score"}) << "what people type is no pattern";
  EXPECT_EQ(this->search("%"), std::vector<std::string>{});
  EXPECT_EQ(this->search("").size(), 5U);
  EXPECT_EQ(this->search("", {}, {.number = 1, .limit = 2}), (std::vector<std::string>{"anna_b", "bob"}));
  EXPECT_EQ(this->search("", {}, {.number = 3, .limit = 2}).size(), 1U);
  EXPECT_TRUE(this->search("", {}, {.number = 4, .limit = 2}).empty());
}

TYPED_TEST_P(AccountStoreContract, UpdateChangesOnlyTheGivenFields) {
  this->made(1, "alice");
  const auto changed = this->update(user_id(1), {.display_name = "Alice", .avatar = "/a.webp", .email = "a@example.org"});
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(changed->display_name, "Alice");
  EXPECT_EQ(changed->avatar, "/a.webp");
  EXPECT_EQ(changed->email, "a@example.org");
  EXPECT_EQ(changed->updated, at(9));
  EXPECT_EQ(changed->created, at(0));
  EXPECT_EQ(this->find_account("alice")->password_hash, "$argon2id$");
  ASSERT_TRUE(this->update(user_id(1), {.password_hash = "new"}).has_value());
  EXPECT_EQ(this->find_account("alice")->password_hash, "new");
  EXPECT_EQ(this->find(user_id(1))->avatar, "/a.webp");
}

TYPED_TEST_P(AccountStoreContract, UpdateToATakenEmailIsRefusedAndToTheUsersOwnIsNot) {
  auto first = this->a_user(1, "alice");
  first.email = "a@example.org";
  ASSERT_TRUE(this->create(first).has_value());
  this->made(2, "bob");
  const auto refused = this->update(user_id(2), {.display_name = "B", .email = "a@example.org"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), CreateFault::email_taken);
  EXPECT_EQ(this->find(user_id(2))->display_name, "Somebody");
  EXPECT_TRUE(this->update(user_id(1), {.email = "a@example.org"}).has_value());
}

TYPED_TEST_P(AccountStoreContract, StatusChangesShowInTheFeedOncePerChange) {
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

TYPED_TEST_P(AccountStoreContract, FeedIsInOrderAndHasEveryKind) {
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
TYPED_TEST_P(AccountStoreContract, LoginsAreListedNewestFirstUntilTheyEnd) {
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
TYPED_TEST_P(AccountStoreContract, RevocationIsInTheFeedOnce) {
  this->made(1, "alice");
  this->add_login(1, user_id(1));
  this->revoke(1);
  this->revoke(1);
  this->revoke(9);
  EXPECT_EQ(this->changes_after(0).size(), 1U);
}

// R-002-06
TYPED_TEST_P(AccountStoreContract, RevokingAllEndsEveryLoginOfThatUser) {
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
TYPED_TEST_P(AccountStoreContract, RevokingAllVoidsTokensThatAreInNoTable) {
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

TYPED_TEST_P(AccountStoreContract, LoginIsAdmittedUnderThePasswordThatWasChecked) {
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

TYPED_TEST_P(AccountStoreContract, LoginIsReplacedUnlessItWasRevoked) {
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
TYPED_TEST_P(AccountStoreContract, RefreshTokenIsFoundByItsHashAlsoAfterItsUse) {
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
TYPED_TEST_P(AccountStoreContract, LoginsWithoutARefreshTokenAreNotFoundByTheEmptyHash) {
  this->made(1, "alice");
  this->add_login(1, user_id(1));
  this->add_login(2, user_id(1));
  EXPECT_FALSE(this->find_refresh("").has_value());
  EXPECT_EQ(this->logins(user_id(1)).size(), 2U);
}

// W-001-06
TYPED_TEST_P(AccountStoreContract, RevokingAFamilyEndsAllItsLoginsAndNoOthers) {
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

TYPED_TEST_P(AccountStoreContract, OldChangesAreDeletedAndNumbersAreNotReused) {
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
TYPED_TEST_P(AccountStoreContract, RevocationsListInactiveUsersAndRevokedLogins) {
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

// SPEC 2.1: Idempotency-Key
TYPED_TEST_P(AccountStoreContract, AnswerIsKeptForItsOwnerAndKey) {
  EXPECT_FALSE(this->find_answer(user_id(1), "k").has_value());
  const KeptAnswer kept{.fingerprint = "f", .status = 201, .body = R"({"success":true})"};
  this->world_.accounts().keep_answer(user_id(1), "k", kept, at(0));
  this->world_.settle();
  const auto found = this->find_answer(user_id(1), "k");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->fingerprint, "f");
  EXPECT_EQ(found->status, 201);
  EXPECT_EQ(found->body, R"({"success":true})");
  EXPECT_FALSE(found->call.has_value());
  EXPECT_FALSE(this->find_answer(user_id(2), "k").has_value());
  EXPECT_FALSE(this->find_answer(user_id(1), "l").has_value());
}

// X-26
TYPED_TEST_P(AccountStoreContract, AnswerIsStoredWithTheClaimOfItsCall) {
  this->made(1, "alice");
  this->made(2, "bob");
  auto start = a_call(1, user_id(1), user_id(2));
  start.claim = IdempotencyClaim{.owner = user_id(1), .key = "k", .fingerprint = "f"};
  ASSERT_TRUE(this->commits(start));
  this->world_.accounts().keep_answer(user_id(1), "k", {.fingerprint = "f", .status = 201, .body = "b"}, at(1));
  this->world_.settle();
  const auto found = this->find_answer(user_id(1), "k");
  EXPECT_EQ(found->call, call_id(1));
  EXPECT_EQ(found->status, 201);
}

TYPED_TEST_P(AccountStoreContract, OldAnswersAndExpiredLoginsAreDeleted) {
  this->made(1, "alice");
  this->add_login(1, user_id(1), at(0), at(100));
  this->add_login(2, user_id(1), at(0), at(200));
  this->world_.accounts().keep_answer(user_id(1), "old", {.fingerprint = "f"}, at(100));
  this->world_.accounts().keep_answer(user_id(1), "new", {.fingerprint = "f"}, at(200));
  this->world_.accounts().forget_before(at(150), at(150));
  this->world_.settle();
  EXPECT_FALSE(this->find_answer(user_id(1), "old").has_value());
  EXPECT_TRUE(this->find_answer(user_id(1), "new").has_value());
  EXPECT_EQ(this->logins(user_id(1), at(0)), std::vector{login_id(2)});
}

REGISTER_TYPED_TEST_SUITE_P(
    AccountStoreContract, UserIsCreatedAndFoundWithAllFields, EachUserHasAMediaUidOfItsOwn, NamesAndEmailsAreTakenOnce,
    TwoSignUpsOfOneNameAtOnceMakeOneUser, AccountIsFoundByNameOrEmailWithItsPasswordHash, GuestIsMadeOnceAndFoundAgain,
    NameOfAnAccountIsRefusedToAGuest, BlockedGuestIsRefused, ExternalUserIsCreatedOnFirstUseAndFoundAfterwards,
    ExternalSubjectWithALocalAccountIsReturnedWithItsPasswordHash, ExternalUserWhoseNameIsTakenGetsASimilarName,
    SearchFindsActiveUsersByPartOfEitherName, UpdateChangesOnlyTheGivenFields, UpdateToATakenEmailIsRefusedAndToTheUsersOwnIsNot,
    StatusChangesShowInTheFeedOncePerChange, FeedIsInOrderAndHasEveryKind, LoginsAreListedNewestFirstUntilTheyEnd,
    RevocationIsInTheFeedOnce, RevokingAllEndsEveryLoginOfThatUser, RevokingAllVoidsTokensThatAreInNoTable,
    LoginIsAdmittedUnderThePasswordThatWasChecked, LoginIsReplacedUnlessItWasRevoked, RefreshTokenIsFoundByItsHashAlsoAfterItsUse,
    LoginsWithoutARefreshTokenAreNotFoundByTheEmptyHash, RevokingAFamilyEndsAllItsLoginsAndNoOthers,
    OldChangesAreDeletedAndNumbersAreNotReused, RevocationsListInactiveUsersAndRevokedLogins, AnswerIsKeptForItsOwnerAndKey,
    AnswerIsStoredWithTheClaimOfItsCall, OldAnswersAndExpiredLoginsAreDeleted);

}  // namespace belfry::store::testing
