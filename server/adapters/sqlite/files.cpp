#include "adapters/sqlite/files.hpp"

#include <string>

#include "adapters/sql/file_columns.hpp"

namespace belfry::sqlite {
namespace {

std::string select_file(std::string_view rest) {
  return std::string("SELECT ").append(sql::kFileReadColumns).append(R"( FROM files f WHERE f."id" = ? )").append(rest);
}

std::optional<file::File> take_one(Use& use) {
  if (!use.row()) return std::nullopt;
  return sql::take_file(use);
}

}  // namespace

void insert_file(Connection& connection, const file::File& file) {
  static const Sql text(
      std::string("INSERT OR IGNORE INTO files (").append(sql::kFileColumns).append(") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  Use use(connection.prepared(text));
  sql::put_file(use, file);
  use.run();
}

std::optional<file::File> find_file(Connection& connection, const file::FileId& id) {
  static const Sql text(select_file(""));
  Use use(connection.prepared(text));
  use.uuid(id.value());
  return take_one(use);
}

std::optional<file::File> readable_file(Connection& connection, const file::FileId& id, const account::UserId& reader) {
  static const Sql text(
      select_file(R"(AND (f."ownerId" = ? OR EXISTS (SELECT 1 FROM)").append(sql::kAttachedTo).append(R"(m."userId" = ?)))"));
  Use use(connection.prepared(text));
  use.uuid(id.value());
  use.uuid(reader.value());
  use.uuid(reader.value());
  return take_one(use);
}

void insert_attachment(Connection& connection, const store::MessageId& message, const file::FileId& file) {
  static const Sql text(R"(INSERT OR IGNORE INTO message_attachments ("fileId", "messageId") VALUES (?, ?))");
  Use use(connection.prepared(text));
  use.uuid(file.value());
  use.uuid(message.value());
  use.run();
}

}  // namespace belfry::sqlite
