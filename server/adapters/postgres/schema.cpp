#include "adapters/postgres/schema.hpp"

#include <array>

#include "adapters/postgres/commit_and_keep_sql.hpp"
#include "adapters/postgres/commit_and_put_sql.hpp"
#include "adapters/postgres/commit_sql.hpp"
#include "adapters/postgres/commit_with_entries_sql.hpp"
#include "adapters/postgres/migrations/m10_commit.hpp"
#include "adapters/postgres/migrations/m10_conversation_calls.hpp"
#include "adapters/postgres/migrations/m11_devices.hpp"
#include "adapters/postgres/migrations/m12_provider.hpp"
#include "adapters/postgres/migrations/m14_delivery_indexes.hpp"
#include "adapters/postgres/migrations/m15_claims_and_ring_mode.hpp"
#include "adapters/postgres/migrations/m15_commit.hpp"
#include "adapters/postgres/migrations/m16_messages.hpp"
#include "adapters/postgres/migrations/m17_call_entries.hpp"
#include "adapters/postgres/migrations/m18_bio.hpp"
#include "adapters/postgres/migrations/m19_files.hpp"
#include "adapters/postgres/migrations/m1_people.hpp"
#include "adapters/postgres/migrations/m20_blocked_by.hpp"
#include "adapters/postgres/migrations/m21_sent_text.hpp"
#include "adapters/postgres/migrations/m22_unused_files.hpp"
#include "adapters/postgres/migrations/m23_users_by_name.hpp"
#include "adapters/postgres/migrations/m24_muted_until.hpp"
#include "adapters/postgres/migrations/m25_search_list.hpp"
#include "adapters/postgres/migrations/m2_calls.hpp"
#include "adapters/postgres/migrations/m2_commit.hpp"
#include "adapters/postgres/migrations/m2_row_security.hpp"
#include "adapters/postgres/migrations/m3_commit.hpp"
#include "adapters/postgres/migrations/m3_nodes.hpp"
#include "adapters/postgres/migrations/m4_token_limit.hpp"
#include "adapters/postgres/migrations/m5_commit.hpp"
#include "adapters/postgres/migrations/m5_group_calls.hpp"
#include "adapters/postgres/migrations/m6_outbox_kinds.hpp"
#include "adapters/postgres/migrations/m7_refresh_tokens.hpp"
#include "adapters/postgres/migrations/m8_conversations.hpp"
#include "adapters/postgres/migrations/m9_refused_strangers.hpp"
#include "adapters/postgres/start_external_sql.hpp"
#include "adapters/postgres/start_group_sql.hpp"
#include "adapters/postgres/start_online_sql.hpp"

namespace belfry::postgres {
namespace {

constexpr std::string_view kHasTable = "SELECT to_regclass('schema_migrations') IS NOT NULL";
constexpr std::string_view kApplied = R"(SELECT "version"::bigint, "appliedAt" FROM schema_migrations ORDER BY "version")";
constexpr std::string_view kNote =
    R"(INSERT INTO schema_migrations ("version", "name", "appliedAt") VALUES ($1::bigint::integer, $2, $3))";
constexpr std::string_view kHasRole = "SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'belfry_reader')";

// A number that nothing else on this database uses; it is "belfry" in ASCII.
constexpr std::string_view kLock = "SELECT pg_advisory_xact_lock(108170603754105)";

const std::array<sql::Migration, 25>& steps() {
  static const std::string calls = std::string(kCalls) + std::string(kCommitSqlV2) + std::string(kRowSecurity);
  static const std::string nodes = std::string(kNodes) + std::string(kCommitSqlV3);
  static const std::string group_calls = std::string(kGroupCalls) + std::string(kCommitSqlV5);
  static const std::string outbox_kinds = std::string(kOutboxKinds) + std::string(kCommitAndPutSql);
  static const std::string conversation_calls =
      std::string(kConversationCalls) + std::string(kCommitSqlV10) + std::string(kStartGroupSql);
  static const std::string provider = std::string(kProvider) + std::string(kStartExternalSql);
  static const std::string claims_and_ring_mode =
      std::string(kClaimsAndRingMode) + std::string(kCommitSqlV15) + std::string(kStartOnlineSql);
  static const std::string call_entries =
      std::string(kCallEntries) + std::string(kCommitSql) + std::string(kCommitWithEntriesSql);
  static const std::array<sql::Migration, 25> all = {
      sql::Migration{.version = 1, .name = "people", .sql = kPeople},
      sql::Migration{.version = 2, .name = "calls", .sql = calls},
      sql::Migration{.version = 3, .name = "nodes_and_outbox", .sql = nodes},
      sql::Migration{.version = 4, .name = "token_limit", .sql = kTokenLimit},
      sql::Migration{.version = 5, .name = "group_calls", .sql = group_calls},
      sql::Migration{.version = 6, .name = "outbox_kinds", .sql = outbox_kinds},
      sql::Migration{.version = 7, .name = "refresh_tokens", .sql = kRefreshTokens},
      sql::Migration{.version = 8, .name = "conversations", .sql = kConversations},
      sql::Migration{.version = 9, .name = "refused_strangers", .sql = kRefusedStrangers},
      sql::Migration{.version = 10, .name = "conversation_calls", .sql = conversation_calls},
      sql::Migration{.version = 11, .name = "devices", .sql = kDevices},
      sql::Migration{.version = 12, .name = "provider", .sql = provider},
      sql::Migration{.version = 13, .name = "kept_answers", .sql = kCommitAndKeepSql},
      sql::Migration{.version = 14, .name = "delivery_indexes", .sql = kDeliveryIndexes},
      sql::Migration{.version = 15, .name = "claims_and_ring_mode", .sql = claims_and_ring_mode},
      sql::Migration{.version = 16, .name = "messages", .sql = kMessages},
      sql::Migration{.version = 17, .name = "call_entries", .sql = call_entries},
      sql::Migration{.version = 18, .name = "bio", .sql = kBio},
      sql::Migration{.version = 19, .name = "files", .sql = kFiles},
      sql::Migration{.version = 20, .name = "blocked_by", .sql = kBlockedBy},
      sql::Migration{.version = 21, .name = "sent_text", .sql = kSentText},
      sql::Migration{.version = 22, .name = "unused_files", .sql = kUnusedFiles},
      sql::Migration{.version = 23, .name = "users_by_name", .sql = kUsersByName},
      sql::Migration{.version = 24, .name = "muted_until", .sql = kMutedUntil},
      sql::Migration{.version = 25, .name = "search_list", .sql = kSearchList}};
  return all;
}

void apply_missing(Connection& connection, WallTime now) {
  connection.script(std::string(sql::kMigrationTable));
  for (const auto& step : sql::migration_status(migrations(), applied_migrations(connection))) {
    if (step.applied) continue;
    connection.script(std::string(migrations()[static_cast<std::size_t>(step.version - 1)].sql));
    Params note;
    note.number(step.version);
    note.text(step.name);
    note.time(now);
    connection.run(kNote, note);
  }
}

}  // namespace

std::span<const sql::Migration> migrations() { return steps(); }

std::vector<sql::AppliedMigration> applied_migrations(Connection& connection) {
  std::vector<sql::AppliedMigration> applied;
  if (!connection.run(kHasTable).at(0).flag()) return applied;
  const auto rows = connection.run(kApplied);
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const auto version = static_cast<int>(row.number());
    applied.push_back({.version = version, .at = row.time()});
  }
  return applied;
}

Expected<void, std::string> migrate(Connection& connection, WallTime now) {
  connection.script("BEGIN");
  try {
    connection.script(std::string(kLock));
    if (auto known = sql::refuse_newer(migrations(), applied_migrations(connection)); !known) {
      connection.script("ROLLBACK");
      return known;
    }
    apply_missing(connection, now);
    connection.script("COMMIT");
  } catch (const Failure& failure) {
    if (failure.fault() == Fault::refused) connection.script("ROLLBACK");
    throw;
  }
  return {};
}

bool has_reader_role(Connection& connection) { return connection.run(kHasRole).at(0).flag(); }

}  // namespace belfry::postgres
