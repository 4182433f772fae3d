#include "adapters/sql/older_login_for_tests.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/world_for_tests.hpp"

namespace belfry::sqlite {
namespace {

constexpr std::size_t kBeforeRefreshTokens = 7;

// R-002-18, W-001-06
TEST(RefreshTokenUpgrade, LoginOfAnOlderReleaseCanBeRefreshedAndBeginsAFamily) {
  testing::ScratchFolder folder;
  {
    Connection old(folder.file(), Access::read_write, std::chrono::seconds(1));
    old.run(std::string(sql::kMigrationTable));
    for (const auto& step : migrations().first(kBeforeRefreshTokens)) {
      old.run(std::string(step.sql));
      old.run("INSERT INTO schema_migrations VALUES (" + std::to_string(step.version) + ", 'old', 1)");
    }
    old.run(sql::testing::older_login_inserts());
  }
  testing::Server server(1, folder.file());
  sql::testing::expect_older_login_can_be_refreshed(server);
}

}  // namespace
}  // namespace belfry::sqlite
