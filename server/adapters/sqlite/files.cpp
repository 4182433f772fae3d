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

std::vector<file::FileId> take_ids(Use& use) {
  std::vector<file::FileId> ids;
  while (use.row()) ids.emplace_back(use.uuid());
  return ids;
}

void run_with(Connection& connection, const Sql& text, const Uuid& id) {
  Use use(connection.prepared(text));
  use.uuid(id);
  use.run();
}

}  // namespace

void insert_file(Connection& connection, const file::File& file) {
  static const Sql text(std::string("INSERT OR IGNORE INTO files (")
                            .append(sql::kFileColumns)
                            .append(R"(, "unusedSince") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))"));
  Use use(connection.prepared(text));
  sql::put_file(use, file);
  use.time(file.created);
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

std::vector<file::FileId> files_unused_since(Connection& connection, WallTime before, std::uint32_t most) {
  static const Sql text(R"(SELECT "id" FROM files WHERE "unusedSince" < ? ORDER BY "unusedSince" LIMIT ?)");
  Use use(connection.prepared(text));
  use.time(before);
  use.number(most);
  return take_ids(use);
}

bool is_in_use(Connection& connection, const file::FileId& id) {
  static const Sql text(R"(SELECT 1 FROM message_attachments a JOIN messages g ON g."id" = a."messageId" )"
                        R"(AND g."deletedAt" IS NULL WHERE a."fileId" = ? LIMIT 1)");
  Use use(connection.prepared(text));
  use.uuid(id.value());
  return use.row();
}

void keep_file(Connection& connection, const file::FileId& id) {
  static const Sql text(R"(UPDATE files SET "unusedSince" = NULL WHERE "id" = ?)");
  run_with(connection, text, id.value());
}

void remove_file(Connection& connection, const file::FileId& id) {
  static const Sql note(R"(INSERT OR IGNORE INTO removed_files ("id") VALUES (?))");
  static const Sql text(R"(DELETE FROM files WHERE "id" = ?)");  // message_attachments: ON DELETE CASCADE
  run_with(connection, note, id.value());
  run_with(connection, text, id.value());
}

std::vector<file::FileId> removed_files(Connection& connection, const file::FileId& after, std::uint32_t most) {
  static const Sql text(R"(SELECT "id" FROM removed_files WHERE "id" > ? ORDER BY "id" LIMIT ?)");
  Use use(connection.prepared(text));
  use.uuid(after.value());
  use.number(most);
  return take_ids(use);
}

void forget_removed_file(Connection& connection, const file::FileId& id) {
  static const Sql text(R"(DELETE FROM removed_files WHERE "id" = ?)");
  run_with(connection, text, id.value());
}

void release_files_of(Connection& connection, const store::MessageId& message, WallTime now) {
  static const Sql text(R"(UPDATE files SET "unusedSince" = ? WHERE "id" IN )"
                        R"((SELECT "fileId" FROM message_attachments WHERE "messageId" = ?))");
  Use use(connection.prepared(text));
  use.time(now);
  use.uuid(message.value());
  use.run();
}

void release_files_in(Connection& connection, const store::ConversationId& conversation, WallTime now) {
  static const Sql text(R"(UPDATE files SET "unusedSince" = ? WHERE "id" IN (SELECT a."fileId" FROM messages g )"
                        R"(JOIN message_attachments a ON a."messageId" = g."id" WHERE g."conversationId" = ?))");
  Use use(connection.prepared(text));
  use.time(now);
  use.uuid(conversation.value());
  use.run();
}

}  // namespace belfry::sqlite
