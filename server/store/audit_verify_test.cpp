#include "store/audit_verify.hpp"

#include <gtest/gtest.h>

#include "store/store_contract.hpp"

namespace belfry::store::testing {
namespace {

std::vector<AuditEntry> three_records(std::uint32_t number = 1) {
  const auto start = a_call(number, user_id(1), user_id(2));
  const auto accepted = answered(start);
  std::vector<AuditEntry> entries;
  for (const auto& transition : {start, accepted, ended(accepted)})
    entries.push_back(
        {.seq = entries.size() + 1, .call = transition.row.id, .call_seq = transition.row.version, .record = transition.record});
  return entries;
}

/// nullopt: the records hold.
std::optional<AuditFault> fault_of(const std::vector<AuditEntry>& entries, const std::optional<AuditHash>& tip = std::nullopt) {
  const auto holds = verify_audit(entries, tip);
  return holds ? std::nullopt : std::optional(holds.error());
}

// R-001-61, I-6
TEST(AuditVerify, UntouchedChainHolds) {
  const auto entries = three_records();
  EXPECT_EQ(fault_of(entries), std::nullopt);
  EXPECT_EQ(fault_of(entries, entries.back().record.hash), std::nullopt);
  EXPECT_EQ(fault_of({}), std::nullopt);
}

// R-001-61, I-6
TEST(AuditVerify, EachFieldOfARecordIsCovered) {
  const auto changed = [](auto change) {
    auto entries = three_records();
    change(entries[1]);
    return fault_of(entries);
  };
  using Kind = AuditFault::Kind;
  const AuditFault fault{Kind::changed_record, 2};
  EXPECT_EQ(changed([](auto& entry) { entry.record.type = "reject"; }), fault);
  EXPECT_EQ(changed([](auto& entry) { entry.record.actor = user_id(9); }), fault);
  EXPECT_EQ(changed([](auto& entry) { entry.record.actor.reset(); }), fault);
  EXPECT_EQ(changed([](auto& entry) { entry.record.device += "x"; }), fault);
  EXPECT_EQ(changed([](auto& entry) { entry.record.payload = "{ }"; }), fault);
  EXPECT_EQ(changed([](auto& entry) { entry.record.at.unix_ms += 1; }), fault);
  EXPECT_EQ(changed([](auto& entry) { entry.record.hash[0] ^= 1U; }), fault);
  EXPECT_EQ(changed([](auto& entry) { entry.call = call_id(9); }), fault);
  EXPECT_EQ(changed([](auto& entry) { entry.record.previous[0] ^= 1U; }), (AuditFault{Kind::broken_link, 2}));
}

// I-7
TEST(AuditVerify, MissingRecordIsAGapAndAMissingEndIsFoundByTheHashOfTheCall) {
  auto entries = three_records();
  const auto tip = entries.back().record.hash;
  auto without_second = entries;
  without_second.erase(without_second.begin() + 1);
  EXPECT_EQ(fault_of(without_second), (AuditFault{AuditFault::Kind::gap, 2}));
  auto without_first = entries;
  without_first.erase(without_first.begin());
  EXPECT_EQ(fault_of(without_first), (AuditFault{AuditFault::Kind::broken_link, 2}));
  entries.pop_back();
  EXPECT_EQ(fault_of(entries), std::nullopt) << "the records alone cannot know";
  EXPECT_EQ(fault_of(entries, tip), (AuditFault{AuditFault::Kind::cut_off, 3}));
}

TEST(AuditVerify, MixedChainsOfManyCallsAreVerifiedSeparately) {
  const auto first = three_records(1);
  auto second = three_records(2);
  second[1].record.type = "reject";
  AuditVerifier verifier;
  std::vector<AuditFault> faults;
  for (std::size_t i = 0; i < first.size(); ++i)
    for (const auto& entry : {first[i], second[i]})
      if (const auto added = verifier.add(entry); !added) faults.push_back(added.error());
  EXPECT_EQ(faults, (std::vector{AuditFault{AuditFault::Kind::changed_record, 2}}));
  EXPECT_EQ(verifier.calls(), 2U);
  EXPECT_EQ(verifier.tip(call_id(1)), first.back().record.hash);
  EXPECT_EQ(verifier.tip(call_id(3)), std::nullopt);
}

}  // namespace
}  // namespace belfry::store::testing
