#include "adapters/postgres/schema.hpp"
#include "adapters/postgres/world_for_tests.hpp"
#include "adapters/sql/older_users_for_tests.hpp"

namespace belfry::postgres {
namespace {

using testing::Cluster;
using testing::Psql;

constexpr std::size_t kBeforeConversations = 7;

// R-002-18, J-1.1
TEST(PostgresConversationsUpgrade, UsersOfAnOlderReleaseCanConverse) {
  Psql{}("DROP DATABASE IF EXISTS before_conversations WITH (FORCE)");
  Psql{}("CREATE DATABASE before_conversations");
  const std::string url = Cluster::shared().url("postgres", "before_conversations");
  {
    Psql psql(url);
    psql(sql::kMigrationTable);
    for (const auto& step : migrations().first(kBeforeConversations)) {
      psql(step.sql);
      psql("INSERT INTO schema_migrations VALUES (" + std::to_string(step.version) + ", 'old', 1)");
    }
    psql(sql::testing::older_user_inserts());
    testing::Server server(1, url);
    sql::testing::expect_older_users_can_converse(server);
  }
  Psql{}("DROP DATABASE before_conversations WITH (FORCE)");
}

}  // namespace
}  // namespace belfry::postgres
