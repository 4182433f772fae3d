// The rows of files, and the messages to which they are attached: each inside the caller's transaction.
#pragma once

#include <optional>

#include "adapters/postgres/connection.hpp"
#include "store/file_store.hpp"
#include "store/message_store.hpp"

namespace belfry::postgres {

/// Does nothing if it is there: the question may run twice.
void insert_file(Connection& connection, const file::File& file);
[[nodiscard]] std::optional<file::File> find_file(Connection& connection, const file::FileId& id);
[[nodiscard]] std::optional<file::File> readable_file(Connection& connection, const file::FileId& id,
                                                      const account::UserId& reader);
void insert_attachment(Connection& connection, const store::MessageId& message, const file::FileId& file);

}  // namespace belfry::postgres
