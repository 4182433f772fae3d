#include "adapters/postgres/files.hpp"

#include <string>

#include "adapters/sql/file_columns.hpp"

namespace belfry::postgres {
namespace {

std::string select_file(std::string_view rest) {
  return std::string("SELECT ").append(sql::kFileReadColumns).append(R"( FROM files f WHERE f."id" = $1 )").append(rest);
}

std::vector<file::FileId> take_ids(const Rows& rows) {
  std::vector<file::FileId> ids;
  for (int i = 0; i < rows.size(); ++i) ids.emplace_back(rows.at(i).uuid());
  return ids;
}

Params id_param(const Uuid& id) {
  Params params;
  params.uuid(id);
  return params;
}

}  // namespace

std::optional<file::File> take_file(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  auto row = rows.at(0);
  return sql::take_file(row);
}

void insert_file(Connection& connection, const file::File& file) {
  static const std::string text = std::string("INSERT INTO files (")
                                      .append(sql::kFileColumns)
                                      .append(R"(, "unusedSince") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) )")
                                      .append("ON CONFLICT DO NOTHING");
  Params params;
  sql::put_file(params, file);
  params.time(file.created);
  connection.run(text, params);
}

Statement ask_file(const file::FileId& id) {
  static const std::string text = select_file("");
  return {text, id_param(id.value())};
}

std::optional<file::File> find_file(Connection& connection, const file::FileId& id) {
  return take_file(connection.run(ask_file(id)));
}

std::optional<file::File> readable_file(Connection& connection, const file::FileId& id, const account::UserId& reader) {
  static const std::string text =
      select_file(R"(AND (f."ownerId" = $2 OR EXISTS (SELECT 1 FROM)").append(sql::kAttachedTo).append(R"(m."userId" = $2)))");
  Params params;
  params.uuid(id.value());
  params.uuid(reader.value());
  return take_file(connection.run(text, params));
}

void insert_attachment(Connection& connection, const store::MessageId& message, const file::FileId& file) {
  Params params;
  params.uuid(file.value());
  params.uuid(message.value());
  connection.post(R"(INSERT INTO message_attachments ("fileId", "messageId") VALUES ($1, $2) ON CONFLICT DO NOTHING)",
                  std::move(params));
}

std::vector<file::FileId> files_unused_since(Connection& connection, WallTime before, std::uint32_t most) {
  Params params;
  params.time(before);
  params.number(most);
  return take_ids(connection.run(R"(SELECT "id" FROM files WHERE "unusedSince" < $1 ORDER BY "unusedSince" LIMIT $2 )"
                                 "FOR UPDATE SKIP LOCKED",
                                 params));
}

bool is_in_use(Connection& connection, const file::FileId& id) {
  return !connection
              .run(R"(SELECT 1 FROM message_attachments a JOIN messages g ON g."id" = a."messageId" AND g."deletedAt" IS NULL )"
                   R"(WHERE a."fileId" = $1 LIMIT 1)",
                   id_param(id.value()))
              .empty();
}

void keep_file(Connection& connection, const file::FileId& id) {
  connection.run(R"(UPDATE files SET "unusedSince" = NULL WHERE "id" = $1)", id_param(id.value()));
}

void remove_file(Connection& connection, const file::FileId& id) {
  connection.run(R"(INSERT INTO removed_files ("id") VALUES ($1) ON CONFLICT DO NOTHING)", id_param(id.value()));
  connection.run(R"(DELETE FROM files WHERE "id" = $1)", id_param(id.value()));  // message_attachments: ON DELETE CASCADE
}

std::vector<file::FileId> removed_files(Connection& connection, const file::FileId& after, std::uint32_t most) {
  Params params = id_param(after.value());
  params.number(most);
  return take_ids(connection.run(R"(SELECT "id" FROM removed_files WHERE "id" > $1 ORDER BY "id" LIMIT $2)", params));
}

void forget_removed_file(Connection& connection, const file::FileId& id) {
  connection.run(R"(DELETE FROM removed_files WHERE "id" = $1)", id_param(id.value()));
}

void release_files_of(Connection& connection, const store::MessageId& message, WallTime now) {
  Params params = id_param(message.value());
  params.time(now);
  connection.post(R"(UPDATE files SET "unusedSince" = $2 WHERE "id" = ANY (ARRAY)"
                  R"((SELECT "fileId" FROM message_attachments WHERE "messageId" = $1)))",
                  std::move(params));
}

void release_files_in(Connection& connection, const store::ConversationId& conversation, WallTime now) {
  Params params = id_param(conversation.value());
  params.time(now);
  connection.run(R"(UPDATE files SET "unusedSince" = $2 WHERE "id" = ANY (ARRAY(SELECT a."fileId" FROM messages g )"
                 R"(JOIN message_attachments a ON a."messageId" = g."id" WHERE g."conversationId" = $1)))",
                 params);
}

}  // namespace belfry::postgres
