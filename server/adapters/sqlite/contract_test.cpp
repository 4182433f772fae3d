// The contract suites of the ports (store/*_contract.cpp), on SQLite.
#include "adapters/sqlite/world_for_tests.hpp"
#include "store/contract_suite.hpp"

namespace belfry::store::testing {

std::vector<StoreUnderTest> stores_under_test() { return {store_under_test<sqlite::testing::SqliteWorld>("Sqlite")}; }

}  // namespace belfry::store::testing
