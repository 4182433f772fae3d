// The contract of AccountStore for users: accounts, guests and users of another issuer, search and profiles.

#include "store/account_store_contract.hpp"

namespace belfry::store::testing {
namespace {

class UserContract : public AccountStoreContract {};
INSTANTIATE_TEST_SUITE_P(Stores, UserContract, ::testing::ValuesIn(stores_under_test()), name_of);

// R-004-01
TEST_P(UserContract, UserIsCreatedAndFoundWithAllFields) {
  auto requested = a_user(1, "alice");
  requested.email = "alice@example.org";
  requested.display_name = "Alice Á.";
  requested.role = account::Role::admin;
  requested.status = UserStatus::pending;
  const auto made = create(requested);
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
  EXPECT_EQ(find(user_id(1)), *made);
  EXPECT_FALSE(find(user_id(2)).has_value());
}

TEST_P(UserContract, EachUserHasAMediaUidOfItsOwn) {  // SPEC C-13
  std::set<std::uint32_t> uids;
  for (std::uint32_t number = 1; number <= 5; ++number) {
    made(number, "user" + std::to_string(number));
    uids.insert(find(user_id(number))->media_uid);
  }
  EXPECT_EQ(uids.size(), 5U);
  EXPECT_FALSE(uids.contains(0));
}

// R-004-01
TEST_P(UserContract, NamesAndEmailsAreTakenOnce) {
  auto first = a_user(1, "alice");
  first.email = "alice@example.org";
  ASSERT_TRUE(create(first).has_value());
  auto same_name = create(a_user(2, "alice"));
  ASSERT_FALSE(same_name.has_value());
  EXPECT_EQ(same_name.error(), CreateFault::username_taken);
  auto requested = a_user(2, "bob");
  requested.email = "alice@example.org";
  auto same_email = create(requested);
  ASSERT_FALSE(same_email.has_value());
  EXPECT_EQ(same_email.error(), CreateFault::email_taken);
  EXPECT_FALSE(find(user_id(2)).has_value());
  EXPECT_TRUE(create(a_user(2, "bob")).has_value());
  EXPECT_TRUE(create(a_user(3, "carol")).has_value()) << "many may have no e-mail";
}

TEST_P(UserContract, TwoSignUpsOfOneNameAtOnceMakeOneUser) {
  int made = 0, refused = 0;
  for (std::uint32_t number = 1; number <= 3; ++number)
    world_.accounts().create(a_user(number, "alice"), [&](const auto& result) { result.has_value() ? ++made : ++refused; });
  world_.settle();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(refused, 2);
}

// R-004-04
TEST_P(UserContract, AccountIsFoundByNameOrEmailWithItsPasswordHash) {
  auto requested = a_user(1, "alice");
  requested.email = "alice@example.org";
  ASSERT_TRUE(create(requested).has_value());
  for (const auto* name : {"alice", "alice@example.org"}) {
    const auto account = find_account(name);
    ASSERT_TRUE(account.has_value());
    EXPECT_EQ(account->user.id, user_id(1));
    EXPECT_EQ(account->password_hash, "$argon2id$");
  }
  EXPECT_FALSE(find_account("Alice").has_value());
  EXPECT_FALSE(find_account("").has_value());
}

// SPEC 0: open mode
TEST_P(UserContract, GuestIsMadeOnceAndFoundAgain) {
  const auto made = guest("alice", 1);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->id, user_id(1));
  EXPECT_EQ(made->role, account::Role::guest);
  EXPECT_EQ(made->status, UserStatus::active);
  EXPECT_EQ(made->display_name, "alice");
  EXPECT_EQ(guest("alice", 2)->id, user_id(1));
  EXPECT_FALSE(find(user_id(2)).has_value());
}

TEST_P(UserContract, NameOfAnAccountIsRefusedToAGuest) {
  made(1, "alice");
  const auto refused = guest("alice", 2);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), GuestFault::has_account);
}

TEST_P(UserContract, BlockedGuestIsRefused) {
  ASSERT_TRUE(guest("alice", 1).has_value());
  set_status(user_id(1), UserStatus::blocked);
  const auto refused = guest("alice", 2);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), GuestFault::not_active);
}

TEST_P(UserContract, ExternalUserIsCreatedOnFirstUseAndFoundAfterwards) {
  auto requested = a_user(1, "alice");
  requested.email = "alice@example.org";
  EXPECT_EQ(external(requested).username, "alice");
  requested.username = "renamed";
  EXPECT_EQ(external(requested).username, "alice");
}

// The caller needs the password hash to refuse a token that names an account with a password.
TEST_P(UserContract, ExternalSubjectWithALocalAccountIsReturnedWithItsPasswordHash) {
  auto owner = a_user(1, "alice");
  owner.password_hash = "#hash";
  ASSERT_TRUE(create(owner).has_value());
  EXPECT_EQ(external_account(a_user(1, "mallory")).password_hash, "#hash");
  auto stranger = a_user(2, "bob");
  stranger.password_hash = "";
  EXPECT_EQ(external_account(stranger).password_hash, "");
}

TEST_P(UserContract, ExternalUserWhoseNameIsTakenGetsASimilarName) {
  auto first = a_user(1, "alice");
  first.email = "alice@example.org";
  ASSERT_TRUE(create(first).has_value());
  auto requested = a_user(2, "alice");
  requested.email = "alice@example.org";
  const auto second = external(requested);
  EXPECT_EQ(second.id, user_id(2));
  EXPECT_EQ(second.username, "alice-2");
  EXPECT_FALSE(second.email.has_value()) << "an address belongs to the first who has it";
  EXPECT_EQ(external(a_user(3, "alice")).username, "alice-3");
}

TEST_P(UserContract, SearchFindsActiveUsersByPartOfEitherName) {
  for (const auto& [number, name, shown] : {std::tuple{1U, "zed", "Anna Zed"},
                                            {2U, "anna_b", "B"},
                                            {3U, "bob", "Bob"},
                                            {4U, "gone", "Anna Gone"},
                                            {5U, "under_score", "x"},
                                            {6U, "underXscore", "x"}}) {
    auto user = a_user(number, name);
    user.display_name = shown;
    ASSERT_TRUE(create(user).has_value());
  }
  set_status(user_id(4), UserStatus::inactive);
  EXPECT_EQ(search("anna"), (std::vector<std::string>{"anna_b", "zed"}));
  EXPECT_EQ(search("ANNA", user_id(1)), std::vector<std::string>{"anna_b"});
  EXPECT_EQ(search("r_s"), std::vector<std::string>{"under_score"}) << "what people type is no pattern";
  EXPECT_EQ(search("%"), std::vector<std::string>{});
  EXPECT_EQ(search("").size(), 5U);
  EXPECT_EQ(search("", {}, {.number = 1, .limit = 2}), (std::vector<std::string>{"anna_b", "bob"}));
  EXPECT_EQ(search("", {}, {.number = 3, .limit = 2}).size(), 1U);
  EXPECT_TRUE(search("", {}, {.number = 4, .limit = 2}).empty());
}

TEST_P(UserContract, SearchIgnoresTheCaseOfAsciiLettersOnly) {
  auto user = a_user(1, "elodie");
  user.display_name = "Élodie Ångström";
  ASSERT_TRUE(create(user).has_value());
  EXPECT_EQ(search("ÉLODIE"), std::vector<std::string>{"elodie"});
  EXPECT_EQ(search("ångström"), std::vector<std::string>{}) << "the same in every database, whatever its locale";
  EXPECT_EQ(search("ÅNGSTRÖM"), std::vector<std::string>{});
  EXPECT_EQ(search("ÅNGSTRöm"), std::vector<std::string>{"elodie"});
}

// K4, K6, W-004-03
TEST_P(UserContract, BioBeginsAsBusyAndIsChanged) {
  const auto alice = made(1, "alice");
  EXPECT_EQ(find(alice)->bio, "Busy");
  EXPECT_EQ(update(alice, {.bio = "Out <b>sailing</b>"})->user.bio, "Out <b>sailing</b>");
  EXPECT_EQ(update(alice, {.display_name = "Alice"})->user.bio, "Out <b>sailing</b>");
  EXPECT_EQ(update(alice, {.bio = ""})->user.bio, "");
  EXPECT_EQ(find(alice)->bio, "");
}

// K6
TEST_P(UserContract, UsernameIsChangedUnlessAnotherHasIt) {
  const auto alice = made(1, "alice"), bob = made(2, "bob");
  const auto refused = update(bob, {.display_name = "B", .username = "alice"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), CreateFault::username_taken);
  EXPECT_EQ(find(bob)->display_name, "Somebody") << "and nothing else changed";
  EXPECT_EQ(update(bob, {.username = "robert"})->user.username, "robert");
  EXPECT_EQ(update(bob, {.username = "robert"})->user.username, "robert") << "one's own is not taken";
  EXPECT_FALSE(find_account("bob").has_value());
  EXPECT_EQ(find_account("robert")->user.id, bob);
  EXPECT_TRUE(create(a_user(3, "bob")).has_value()) << "the old one is free";
  EXPECT_EQ(find_account("alice")->user.id, alice);
}

TEST_P(UserContract, UpdateChangesOnlyTheGivenFields) {
  made(1, "alice");
  const auto changed = update(user_id(1), {.display_name = "Alice", .avatar = "/a.webp", .email = "a@example.org"});
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(changed->user.display_name, "Alice");
  EXPECT_EQ(changed->user.avatar, "/a.webp");
  EXPECT_EQ(changed->user.email, "a@example.org");
  EXPECT_EQ(changed->user.updated, at(9));
  EXPECT_EQ(changed->user.created, at(0));
  EXPECT_EQ(find_account("alice")->password_hash, "$argon2id$");
  ASSERT_TRUE(update(user_id(1), {.password_hash = "new"}).has_value());
  EXPECT_EQ(find_account("alice")->password_hash, "new");
  EXPECT_EQ(find(user_id(1))->avatar, "/a.webp");
}

TEST_P(UserContract, UpdateToATakenEmailIsRefusedAndToTheUsersOwnIsNot) {
  auto first = a_user(1, "alice");
  first.email = "a@example.org";
  ASSERT_TRUE(create(first).has_value());
  made(2, "bob");
  const auto refused = update(user_id(2), {.display_name = "B", .email = "a@example.org"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), CreateFault::email_taken);
  EXPECT_EQ(find(user_id(2))->display_name, "Somebody");
  EXPECT_TRUE(update(user_id(1), {.email = "a@example.org"}).has_value());
}

}  // namespace
}  // namespace belfry::store::testing
