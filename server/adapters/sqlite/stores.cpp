#include "adapters/sqlite/stores.hpp"

#include "adapters/sql/account_port.hpp"
#include "adapters/sql/call_ports.hpp"
#include "adapters/sql/conversation_port.hpp"
#include "adapters/sql/device_port.hpp"
#include "adapters/sql/file_port.hpp"
#include "adapters/sql/message_port.hpp"
#include "adapters/sql/outbox_ports.hpp"
#include "adapters/sqlite/ask.hpp"
#include "adapters/sqlite/audit.hpp"
#include "adapters/sqlite/call_reads.hpp"
#include "adapters/sqlite/call_writes.hpp"
#include "adapters/sqlite/conversations.hpp"
#include "adapters/sqlite/devices.hpp"
#include "adapters/sqlite/files.hpp"
#include "adapters/sqlite/history.hpp"
#include "adapters/sqlite/locked_reads.hpp"
#include "adapters/sqlite/logins.hpp"
#include "adapters/sqlite/messages.hpp"
#include "adapters/sqlite/outbox_rows.hpp"
#include "adapters/sqlite/quality.hpp"
#include "adapters/sqlite/search.hpp"
#include "adapters/sqlite/users.hpp"
#include "adapters/sqlite/wipe.hpp"

namespace belfry::sqlite {

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

}  // namespace belfry::sqlite
