#include "adapters/sqlite/wipe.hpp"

#include <string>

namespace belfry::sqlite {

void wipe_tables(Connection& connection) {
  for (const auto* table :
       {"call_participants",   "user_call_slots", "call_audit",    "call_attempts",   "quality_samples", "calls",
        "idempotency_keys",    "outbox",          "changes",       "logins",          "users",           "nodes",
        "message_attachments", "files",           "removed_files", "messages_search", "messages",        "conversation_members",
        "conversations",       "blocks",          "devices",       "push_deliveries"})
    connection.run(std::string("DELETE FROM ") + table);
}

}  // namespace belfry::sqlite
