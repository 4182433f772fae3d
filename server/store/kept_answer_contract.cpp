// The contract of AccountStore for the answers that are kept for an Idempotency-Key, and for what is deleted with age.

#include "store/account_store_contract.hpp"

namespace belfry::store::testing {
namespace {

class KeptAnswerContract : public AccountStoreContract {};
INSTANTIATE_TEST_SUITE_P(Stores, KeptAnswerContract, ::testing::ValuesIn(stores_under_test()), name_of);

// SPEC 2.1: Idempotency-Key
TEST_P(KeptAnswerContract, AnswerIsKeptForItsOwnerAndKey) {
  EXPECT_FALSE(find_answer(user_id(1), "k").has_value());
  const KeptAnswer kept{.fingerprint = "f", .status = 201, .body = R"({"success":true})"};
  world_.accounts().keep_answer(user_id(1), "k", kept, at(0));
  world_.settle();
  const auto found = find_answer(user_id(1), "k");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->fingerprint, "f");
  EXPECT_EQ(found->status, 201);
  EXPECT_EQ(found->body, R"({"success":true})");
  EXPECT_FALSE(found->call.has_value());
  EXPECT_FALSE(find_answer(user_id(2), "k").has_value());
  EXPECT_FALSE(find_answer(user_id(1), "l").has_value());
}

// X-26
TEST_P(KeptAnswerContract, AnswerIsStoredWithTheClaimOfItsCall) {
  made(1, "alice");
  made(2, "bob");
  auto start = a_call(1, user_id(1), user_id(2));
  start.claim = IdempotencyClaim{.owner = user_id(1), .key = "k", .fingerprint = "f"};
  ASSERT_TRUE(commits(start));
  world_.accounts().keep_answer(user_id(1), "k", {.fingerprint = "f", .status = 201, .body = "b"}, at(1));
  world_.settle();
  const auto found = find_answer(user_id(1), "k");
  EXPECT_EQ(found->call, call_id(1));
  EXPECT_EQ(found->status, 201);
}

// X-26: the same request on another server may have been refused, because this one was carried out.
TEST_P(KeptAnswerContract, FirstAnswerStays) {
  made(1, "alice");
  made(2, "bob");
  auto start = a_call(1, user_id(1), user_id(2));
  start.claim = IdempotencyClaim{.owner = user_id(1), .key = "k", .fingerprint = "f", .answer = {.status = 201, .body = "b"}};
  ASSERT_TRUE(commits(start));
  world_.accounts().keep_answer(user_id(1), "k", {.fingerprint = "f", .status = 400, .body = "busy"}, at(1));
  world_.settle();
  const auto found = find_answer(user_id(1), "k");
  EXPECT_EQ(found->call, call_id(1));
  EXPECT_EQ(found->status, 201);
  EXPECT_EQ(found->body, "b");
}

TEST_P(KeptAnswerContract, OldAnswersAndExpiredLoginsAreDeleted) {
  made(1, "alice");
  add_login(1, user_id(1), at(0), at(100));
  add_login(2, user_id(1), at(0), at(200));
  world_.accounts().keep_answer(user_id(1), "old", {.fingerprint = "f"}, at(100));
  world_.accounts().keep_answer(user_id(1), "new", {.fingerprint = "f"}, at(200));
  world_.accounts().forget_before(at(150), at(150));
  world_.settle();
  EXPECT_FALSE(find_answer(user_id(1), "old").has_value());
  EXPECT_TRUE(find_answer(user_id(1), "new").has_value());
  EXPECT_EQ(logins(user_id(1), at(0)), std::vector{login_id(2)});
}

}  // namespace
}  // namespace belfry::store::testing
