#include "adapters/sqlite/world_for_tests.hpp"
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

using sqlite::testing::SqliteWorld;

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, CallStoreContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, CallArchiveContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, QualityContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ViolationsContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, UserContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LoginContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, KeptAnswerContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, GroupCallContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ConversationContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, DeviceContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, OutboxContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, DueEntriesContract, SqliteWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SuccessionContract, SqliteWorld);

}  // namespace
}  // namespace belfry::store::testing
