#include "adapters/postgres/call_writes.hpp"

namespace belfry::postgres {

void insert_attempt(Connection& connection, const store::Attempt& attempt) {
  Params params;
  params.uuid(attempt.id);
  params.uuid(attempt.caller.value());
  params.uuid(attempt.callee.value());
  params.text(to_text(attempt.media));
  params.text(attempt.reason);
  params.time(attempt.at);
  connection.run(R"(INSERT INTO call_attempts ("id", "callerId", "recipientId", "callType", "reason", "createdAt") )"
                 R"(VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING)",
                 params);
}

void wipe_tables(Connection& connection) {
  // Sequences continue, because servers that follow the change feed remember a number.
  connection.script(
      "TRUNCATE calls, call_participants, user_call_slots, call_audit, call_attempts, quality_samples, idempotency_keys, "
      "outbox, changes, logins, users, nodes, message_attachments, files, removed_files, messages, conversations, "
      "conversation_members, blocks, "
      "devices, push_deliveries");
}

}  // namespace belfry::postgres
