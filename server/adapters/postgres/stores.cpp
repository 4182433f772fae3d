#include "adapters/postgres/stores.hpp"

#include "adapters/postgres/ask.hpp"
#include "adapters/postgres/audit.hpp"
#include "adapters/postgres/call_reads.hpp"
#include "adapters/postgres/call_writes.hpp"
#include "adapters/postgres/conversations.hpp"
#include "adapters/postgres/devices.hpp"
#include "adapters/postgres/files.hpp"
#include "adapters/postgres/history.hpp"
#include "adapters/postgres/locked_reads.hpp"
#include "adapters/postgres/logins.hpp"
#include "adapters/postgres/messages.hpp"
#include "adapters/postgres/outbox_rows.hpp"
#include "adapters/postgres/quality.hpp"
#include "adapters/postgres/search.hpp"
#include "adapters/postgres/users.hpp"
#include "adapters/sql/account_port.hpp"
#include "adapters/sql/call_ports.hpp"
#include "adapters/sql/conversation_port.hpp"
#include "adapters/sql/device_port.hpp"
#include "adapters/sql/file_port.hpp"
#include "adapters/sql/message_port.hpp"
#include "adapters/sql/outbox_ports.hpp"

namespace belfry::postgres {

// The headers above declare the SQL functions that the ports find beside Connection (adapters/sql/port.hpp).
Stores::Stores(Database& database, ShardIndex shard)
    : sql::Stores({.calls = std::make_unique<sql::CallStoreOn<Database>>(database, shard),
                   .archive = std::make_unique<sql::CallArchiveOn<Database>>(database, shard),
                   .accounts = std::make_unique<sql::AccountStoreOn<Database>>(database, shard),
                   .conversations = std::make_unique<sql::ConversationStoreOn<Database>>(database, shard),
                   .messages = std::make_unique<sql::MessageStoreOn<Database>>(database, shard),
                   .files = std::make_unique<sql::FileStoreOn<Database>>(database, shard),
                   .devices = std::make_unique<sql::DeviceStoreOn<Database>>(database, shard),
                   .outbox = std::make_unique<sql::OutboxOn<Database>>(database, shard),
                   .due_entries = std::make_unique<sql::DueEntriesOn<Database>>(database, shard),
                   .nodes = std::make_unique<sql::NodesOn<Database>>(database, shard)}) {}

}  // namespace belfry::postgres
