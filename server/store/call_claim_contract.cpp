// The contract of CallStore for the claims of Idempotency-Keys, which are stored with a transition (SPEC X-26).

#include <gtest/gtest.h>

#include "store/contract_suite.hpp"

namespace belfry::store::testing {
namespace {

class CallClaimContract : public FourUsersContract {
 protected:
  static IdempotencyClaim a_claim(UserId owner) {
    return {.owner = owner, .key = "k-1", .fingerprint = "f", .answer = {.status = 200, .body = R"({"glare":true,"é":"'"})"}};
  }
  std::vector<AuditEntry> audit(const CallId& call) {
    return found<std::vector<AuditEntry>>([&](auto done) { world_.archive().audit({.call = call}, done); });
  }
  std::optional<KeptAnswer> find_answer(UserId owner, const std::string& key) {
    return found<std::optional<KeptAnswer>>([&](auto done) { world_.accounts().find_answer(owner, key, done); });
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, CallClaimContract, ::testing::ValuesIn(stores_under_test()), name_of);

// X-26
TEST_P(CallClaimContract, KeyOfACreationIsStoredWithIt) {
  auto made = a_call(1, alice, bob);
  made.claim = IdempotencyClaim{.owner = alice, .key = "k-1", .fingerprint = "POST /api/calls #1"};
  ASSERT_TRUE(commits(made));
  const auto kept = find_answer(alice, "k-1");
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->call, call_id(1));
  EXPECT_EQ(kept->fingerprint, "POST /api/calls #1");
  EXPECT_EQ(kept->status, 0);
  EXPECT_FALSE(find_answer(bob, "k-1").has_value()) << "keys are their owner's";
}

// X-26
TEST_P(CallClaimContract, RefusedCreationKeepsNoKey) {
  ASSERT_TRUE(commits(a_call(1, alice, bob)));
  auto busy = a_call(2, carol, bob);
  busy.claim = IdempotencyClaim{.owner = carol, .key = "k-1", .fingerprint = "f"};
  EXPECT_FALSE(commits(busy));
  EXPECT_FALSE(find_answer(carol, "k-1").has_value());
}

// X-26
TEST_P(CallClaimContract, UsedKeyCreatesNoSecondCall) {
  auto made = a_call(1, alice, bob);
  made.claim = IdempotencyClaim{.owner = alice, .key = "k-1", .fingerprint = "f"};
  ASSERT_TRUE(commits(made) && commits(missed(made)));
  auto again = a_call(2, alice, bob);
  again.claim = made.claim;
  EXPECT_TRUE(std::holds_alternative<ClaimTaken>(commit(again)));
  EXPECT_FALSE(load(call_id(2)).has_value());
  EXPECT_EQ(find_answer(alice, "k-1")->call, call_id(1));
  EXPECT_TRUE(commits(a_call(3, alice, bob))) << "the refused creation took no slot";
}

// X-05, X-26
TEST_P(CallClaimContract, KeyAndAnswerOfAnyStepAreStoredWithIt) {
  auto made = a_call(1, alice, bob);
  made.claim = a_claim(alice);
  made.claim->answer.status = 201;
  auto accepted = answered(made);
  accepted.claim = a_claim(bob);
  ASSERT_TRUE(commits(made) && commits(accepted));
  for (const auto& claim : {*made.claim, *accepted.claim}) {
    const auto kept = find_answer(claim.owner, "k-1");
    ASSERT_TRUE(kept.has_value());
    EXPECT_EQ(kept->call, call_id(1));
    EXPECT_EQ(kept->fingerprint, "f");
    EXPECT_EQ(kept->status, claim.answer.status);
    EXPECT_EQ(kept->body, claim.answer.body);
  }
  EXPECT_EQ(load(call_id(1))->row, accepted.row);
}

// X-05, X-26
TEST_P(CallClaimContract, UsedKeyChangesNoCall) {
  auto first = a_call(1, bob, carol);
  first.claim = a_claim(bob);
  const auto made = a_call(2, alice, bob);
  ASSERT_TRUE(commits(first) && commits(missed(first)) && commits(made));
  auto accepted = answered(made);
  accepted.claim = a_claim(bob);
  for (const auto* const print : {"f", "of another request"}) {
    accepted.claim->fingerprint = print;
    EXPECT_TRUE(std::holds_alternative<ClaimTaken>(commit(accepted)));
    EXPECT_EQ(load(call_id(2))->row, made.row);
    EXPECT_EQ(audit(call_id(2)).size(), 1U);
    EXPECT_EQ(find_answer(bob, "k-1")->call, call_id(1));
  }
  EXPECT_TRUE(commits(answered(made)));
}

// X-05, X-26: two servers got the same request; who lost need not look what has become of the call.
TEST_P(CallClaimContract, UsedKeyIsReportedBeforeAConflict) {
  const auto made = a_call(1, alice, bob);
  auto accepted = answered(made);
  accepted.claim = a_claim(bob);
  ASSERT_TRUE(commits(made) && commits(accepted));
  EXPECT_TRUE(std::holds_alternative<ClaimTaken>(commit(accepted)));
}

// X-05, X-26
TEST_P(CallClaimContract, RefusedChangeKeepsNoKey) {
  const auto made = a_call(1, alice, bob);
  ASSERT_TRUE(commits(made) && commits(missed(made)));
  auto late = answered(made);
  late.claim = a_claim(bob);
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(commit(late)));
  EXPECT_FALSE(find_answer(bob, "k-1").has_value());
}

}  // namespace
}  // namespace belfry::store::testing
