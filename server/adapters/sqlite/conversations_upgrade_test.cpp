#include "adapters/sql/older_users_for_tests.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/world_for_tests.hpp"

namespace belfry::sqlite {
namespace {

constexpr std::size_t kBeforeConversations = 8;

// R-002-18, J-1.1
TEST(ConversationsUpgrade, UsersOfAnOlderReleaseCanConverse) {
  testing::ScratchFolder folder;
  {
    Connection old(folder.file(), Access::read_write, std::chrono::seconds(1));
    old.run(std::string(sql::kMigrationTable));
    for (const auto& step : migrations().first(kBeforeConversations)) {
      old.run(std::string(step.sql));
      old.run("INSERT INTO schema_migrations VALUES (" + std::to_string(step.version) + ", 'old', 1)");
    }
    old.run(sql::testing::older_user_inserts());
  }
  testing::Server server(1, folder.file());
  sql::testing::expect_older_users_can_converse(server);
}

}  // namespace
}  // namespace belfry::sqlite
