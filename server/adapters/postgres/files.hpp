// The rows of files, and the messages to which they are attached: each inside the caller's transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "adapters/postgres/connection.hpp"
#include "store/file_store.hpp"
#include "store/message_store.hpp"

namespace belfry::postgres {

/// Does nothing if it is there: the question may run twice.
void insert_file(Connection& connection, const file::File& file);
[[nodiscard]] std::optional<file::File> find_file(Connection& connection, const file::FileId& id);
/// Its two halves, for those who ask several things in one round trip.
[[nodiscard]] Statement ask_file(const file::FileId& id);
[[nodiscard]] std::optional<file::File> take_file(const Rows& rows);
[[nodiscard]] std::optional<file::File> readable_file(Connection& connection, const file::FileId& id,
                                                      const account::UserId& reader);
void insert_attachment(Connection& connection, const store::MessageId& message, const file::FileId& file);

/// Of removal, in the order of adapters/sql/file_port.hpp. Locked until the transaction ends; some that others lock are left out.
[[nodiscard]] std::vector<file::FileId> files_unused_since(Connection& connection, WallTime before, std::uint32_t most);
/// A message that is not deleted has it.
[[nodiscard]] bool is_in_use(Connection& connection, const file::FileId& id);
void keep_file(Connection& connection, const file::FileId& id);
/// Notes that its bytes are still there.
void remove_file(Connection& connection, const file::FileId& id);
[[nodiscard]] std::vector<file::FileId> removed_files(Connection& connection, const file::FileId& after, std::uint32_t most);
void forget_removed_file(Connection& connection, const file::FileId& id);
/// The message, or every message of the conversation, is deleted now: its files may be unused.
void release_files_of(Connection& connection, const store::MessageId& message, WallTime now);
void release_files_in(Connection& connection, const store::ConversationId& conversation, WallTime now);

}  // namespace belfry::postgres
