#include "adapters/sqlite/schema.hpp"

#include <array>

#include "adapters/sqlite/migrations/m10_refused_strangers.hpp"
#include "adapters/sqlite/migrations/m11_conversation_calls.hpp"
#include "adapters/sqlite/migrations/m12_devices.hpp"
#include "adapters/sqlite/migrations/m13_provider.hpp"
#include "adapters/sqlite/migrations/m14_delivery_indexes.hpp"
#include "adapters/sqlite/migrations/m15_claims_and_ring_mode.hpp"
#include "adapters/sqlite/migrations/m16_messages.hpp"
#include "adapters/sqlite/migrations/m17_call_entries.hpp"
#include "adapters/sqlite/migrations/m18_bio.hpp"
#include "adapters/sqlite/migrations/m19_files.hpp"
#include "adapters/sqlite/migrations/m1_people.hpp"
#include "adapters/sqlite/migrations/m20_blocked_by.hpp"
#include "adapters/sqlite/migrations/m21_sent_text.hpp"
#include "adapters/sqlite/migrations/m22_unused_files.hpp"
#include "adapters/sqlite/migrations/m23_muted_until.hpp"
#include "adapters/sqlite/migrations/m2_calls.hpp"
#include "adapters/sqlite/migrations/m3_plainer_checks.hpp"
#include "adapters/sqlite/migrations/m4_outbox.hpp"
#include "adapters/sqlite/migrations/m5_token_limit.hpp"
#include "adapters/sqlite/migrations/m6_group_calls.hpp"
#include "adapters/sqlite/migrations/m7_outbox_kinds.hpp"
#include "adapters/sqlite/migrations/m8_refresh_tokens.hpp"
#include "adapters/sqlite/migrations/m9_conversations.hpp"

namespace belfry::sqlite {
namespace {

constexpr std::array kMigrations = {sql::Migration{.version = 1, .name = "people", .sql = kPeople},
                                    sql::Migration{.version = 2, .name = "calls", .sql = kCalls},
                                    sql::Migration{.version = 3, .name = "plainer_checks", .sql = kPlainerChecks},
                                    sql::Migration{.version = 4, .name = "outbox", .sql = kOutbox},
                                    sql::Migration{.version = 5, .name = "token_limit", .sql = kTokenLimit},
                                    sql::Migration{.version = 6, .name = "group_calls", .sql = kGroupCalls},
                                    sql::Migration{.version = 7, .name = "outbox_kinds", .sql = kOutboxKinds},
                                    sql::Migration{.version = 8, .name = "refresh_tokens", .sql = kRefreshTokens},
                                    sql::Migration{.version = 9, .name = "conversations", .sql = kConversations},
                                    sql::Migration{.version = 10, .name = "refused_strangers", .sql = kRefusedStrangers},
                                    sql::Migration{.version = 11, .name = "conversation_calls", .sql = kConversationCalls},
                                    sql::Migration{.version = 12, .name = "devices", .sql = kDevices},
                                    sql::Migration{.version = 13, .name = "provider", .sql = kProvider},
                                    sql::Migration{.version = 14, .name = "delivery_indexes", .sql = kDeliveryIndexes},
                                    sql::Migration{.version = 15, .name = "claims_and_ring_mode", .sql = kClaimsAndRingMode},
                                    sql::Migration{.version = 16, .name = "messages", .sql = kMessages},
                                    sql::Migration{.version = 17, .name = "call_entries", .sql = kCallEntries},
                                    sql::Migration{.version = 18, .name = "bio", .sql = kBio},
                                    sql::Migration{.version = 19, .name = "files", .sql = kFiles},
                                    sql::Migration{.version = 20, .name = "blocked_by", .sql = kBlockedBy},
                                    sql::Migration{.version = 21, .name = "sent_text", .sql = kSentText},
                                    sql::Migration{.version = 22, .name = "unused_files", .sql = kUnusedFiles},
                                    sql::Migration{.version = 23, .name = "muted_until", .sql = kMutedUntil}};

void note(Connection& connection, const sql::Migration& step, WallTime now) {
  Use use(connection.prepared(R"(INSERT INTO schema_migrations ("version", "name", "appliedAt") VALUES (?, ?, ?))"));
  use.number(step.version);
  use.text(step.name);
  use.time(now);
  use.run();
}

bool is_applied(Connection& connection, const sql::Migration& step) {
  Use use(connection.prepared(R"(SELECT 1 FROM schema_migrations WHERE "version" = ?)"));
  use.number(step.version);
  return use.row();
}

void apply(Connection& connection, const sql::Migration& step, WallTime now) {
  connection.begin_to_write();
  try {
    if (!is_applied(connection, step)) {  // another process may have been faster
      connection.run(std::string(step.sql));
      note(connection, step, now);
    }
  } catch (const Failure&) {
    connection.roll_back();
    throw;
  }
  connection.commit();
}

bool has_table(Connection& connection) {
  Use use(connection.prepared("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"));
  return use.row();
}

}  // namespace

std::span<const sql::Migration> migrations() { return kMigrations; }

std::vector<sql::AppliedMigration> applied_migrations(Connection& connection) {
  std::vector<sql::AppliedMigration> applied;
  if (!has_table(connection)) return applied;
  Use use(connection.prepared(R"(SELECT "version", "appliedAt" FROM schema_migrations ORDER BY "version")"));
  while (use.row()) {
    const auto version = static_cast<int>(use.number());
    applied.push_back({.version = version, .at = use.time()});
  }
  return applied;
}

Expected<void, std::string> migrate(Connection& connection, WallTime now) {
  if (auto known = sql::refuse_newer(migrations(), applied_migrations(connection)); !known) return known;
  if (!has_table(connection)) connection.run(std::string(sql::kMigrationTable));
  connection.run("PRAGMA foreign_keys=OFF");  // a table that is created again takes over its rows unchecked
  for (const auto& step : sql::migration_status(migrations(), applied_migrations(connection)))
    if (!step.applied) apply(connection, migrations()[static_cast<std::size_t>(step.version - 1)], now);
  connection.run("PRAGMA foreign_keys=ON");
  return {};
}

}  // namespace belfry::sqlite
