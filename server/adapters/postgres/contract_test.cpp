#include "adapters/postgres/world_for_tests.hpp"
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

using postgres::testing::PostgresWorld;

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, CallStoreContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, CallArchiveContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, QualityContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ViolationsContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, UserContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, LoginContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, KeptAnswerContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, GroupCallContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ConversationContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, DeviceContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, OutboxContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, DueEntriesContract, PostgresWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, SuccessionContract, PostgresWorld);

}  // namespace
}  // namespace belfry::store::testing
