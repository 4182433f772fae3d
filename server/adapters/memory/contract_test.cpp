#include "adapters/memory/stores.hpp"
#include "store/call_archive_contract.hpp"
#include "store/call_store_contract.hpp"
#include "store/conversation_contract.hpp"
#include "store/device_contract.hpp"
#include "store/due_entries_contract.hpp"
#include "store/group_call_contract.hpp"
#include "store/kept_answer_contract.hpp"
#include "store/login_contract.hpp"
#include "store/outbox_contract.hpp"
#include "store/quality_contract.hpp"
#include "store/user_contract.hpp"
#include "store/violations_contract.hpp"

namespace belfry::store::testing {
namespace {

class MemoryWorld {
 public:
  store::CallStore& calls() { return stores_.calls(); }
  store::CallArchive& archive() { return stores_.archive(); }
  store::AccountStore& accounts() { return stores_.accounts(); }
  store::ConversationStore& conversations() { return stores_.conversations(); }
  store::DeviceStore& devices() { return stores_.devices(); }
  store::Outbox& outbox() { return stores_.outbox(); }
  store::DueEntries& due_entries() { return stores_.due_entries(); }
  store::Nodes& nodes() { return stores_.nodes(); }
  void settle() {}

 private:
  memory::Tables tables_;
  memory::Stores stores_{tables_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, CallStoreContract, MemoryWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, CallArchiveContract, MemoryWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, QualityContract, MemoryWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ViolationsContract, MemoryWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, UserContract, MemoryWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, LoginContract, MemoryWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, KeptAnswerContract, MemoryWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, GroupCallContract, MemoryWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ConversationContract, MemoryWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, DeviceContract, MemoryWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, OutboxContract, MemoryWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, DueEntriesContract, MemoryWorld);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SuccessionContract);  // it goes with its process

TEST(MemoryTables, TheOldestEndedCallsAreDroppedAndActiveOnesNever) {
  memory::Tables tables(2);
  memory::Stores stores(tables);
  for (std::uint32_t number = 1; number <= 4; ++number)
    stores.accounts().create({.id = user_id(number), .username = "u" + std::to_string(number)}, [](const auto&) {});
  const auto ignore = [](const CommitResult& result) { EXPECT_TRUE(std::holds_alternative<Committed>(result)); };
  stores.calls().commit(a_call(100, user_id(3), user_id(4)), ignore);
  for (std::uint32_t number = 1; number <= 5; ++number) {
    const auto start = a_call(number, user_id(1), user_id(2));
    stores.calls().commit(start, ignore);
    stores.calls().commit(missed(start), ignore);
  }
  const auto known = [&](std::uint32_t number) {
    bool found = false;
    stores.calls().load(call_id(number), [&](const auto& call) { found = call.has_value() && call->has_value(); });
    return found;
  };
  EXPECT_FALSE(known(3));
  EXPECT_TRUE(known(4));
  EXPECT_TRUE(known(5));
  EXPECT_TRUE(known(100));
  stores.archive().history({.user = user_id(1)}, [](const auto& page) { EXPECT_EQ(page->total, 2U); });
}

}  // namespace
}  // namespace belfry::store::testing
