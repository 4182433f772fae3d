// The contract suites of the ports (store/*_contract.cpp), on PostgreSQL.
#include "adapters/postgres/world_for_tests.hpp"
#include "store/contract_suite.hpp"

namespace belfry::store::testing {

std::vector<StoreUnderTest> stores_under_test() { return {store_under_test<postgres::testing::PostgresWorld>("Postgres")}; }

}  // namespace belfry::store::testing
