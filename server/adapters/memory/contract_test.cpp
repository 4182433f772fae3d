// The contract suites of the ports (store/*_contract.cpp), on the memory store, and what is its own.
#include <variant>

#include "adapters/memory/stores.hpp"
#include "store/contract_suite.hpp"

namespace belfry::store::testing {
namespace {

class MemoryWorld {
 public:
  store::CallStore& calls() { return stores_.calls(); }
  store::CallArchive& archive() { return stores_.archive(); }
  store::AccountStore& accounts() { return stores_.accounts(); }
  store::ConversationStore& conversations() { return stores_.conversations(); }
  store::MessageStore& messages() { return stores_.messages(); }
  store::FileStore& files() { return stores_.files(); }
  store::DeviceStore& devices() { return stores_.devices(); }
  store::Outbox& outbox() { return stores_.outbox(); }
  store::DueEntries& due_entries() { return stores_.due_entries(); }
  store::Nodes& nodes() { return stores_.nodes(); }
  void settle() {}

 private:
  memory::Tables tables_;
  memory::Stores stores_{tables_};
};
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

std::vector<StoreUnderTest> stores_under_test() { return {store_under_test<MemoryWorld>("Memory")}; }

}  // namespace belfry::store::testing
