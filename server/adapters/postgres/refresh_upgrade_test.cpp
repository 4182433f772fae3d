#include "adapters/postgres/schema.hpp"
#include "adapters/postgres/world_for_tests.hpp"
#include "adapters/sql/older_login_for_tests.hpp"

namespace belfry::postgres {
namespace {

using testing::Cluster;
using testing::Psql;
using testing::Server;

constexpr std::size_t kBeforeRefreshTokens = 6;

class DatabaseBeforeRefreshTokens : public ::testing::Test {
 protected:
  DatabaseBeforeRefreshTokens() {
    Psql{}("DROP DATABASE IF EXISTS before_refresh WITH (FORCE)");
    Psql{}("CREATE DATABASE before_refresh");
    Psql psql(url_);
    psql(sql::kMigrationTable);
    for (const auto& step : migrations().first(kBeforeRefreshTokens)) {
      psql(step.sql);
      psql("INSERT INTO schema_migrations VALUES (" + std::to_string(step.version) + ", 'old', 1)");
    }
    psql(sql::testing::older_login_inserts());
  }
  ~DatabaseBeforeRefreshTokens() override { Psql{}("DROP DATABASE before_refresh WITH (FORCE)"); }

  const std::string url_ = Cluster::shared().url("postgres", "before_refresh");
};

// R-002-18, W-001-06
TEST_F(DatabaseBeforeRefreshTokens, LoginOfAnOlderReleaseCanBeRefreshedAndBeginsAFamily) {
  Server server(1, url_);
  sql::testing::expect_older_login_can_be_refreshed(server);
}

// While several servers are upgraded, one of the older release runs beside a newer one.
TEST_F(DatabaseBeforeRefreshTokens, ServerOfTheOlderReleaseStillWritesLogins) {
  Server server(1, url_);
  Psql{url_}(R"(INSERT INTO logins ("id", "userId", "createdAt", "expiresAt", "userAgent") VALUES )"
             "('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002', 1, 2, '')");
  EXPECT_EQ(Psql{url_}.count(R"(SELECT count(*) FROM logins WHERE "refreshHash" IS NULL)"), 2);
}

}  // namespace
}  // namespace belfry::postgres
