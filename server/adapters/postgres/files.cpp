#include "adapters/postgres/files.hpp"

#include <string>

#include "adapters/sql/file_columns.hpp"

namespace belfry::postgres {
namespace {

std::string select_file(std::string_view rest) {
  return std::string("SELECT ").append(sql::kFileReadColumns).append(R"( FROM files f WHERE f."id" = $1 )").append(rest);
}

std::optional<file::File> take_one(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  auto row = rows.at(0);
  return sql::take_file(row);
}

}  // namespace

void insert_file(Connection& connection, const file::File& file) {
  static const std::string text = std::string("INSERT INTO files (")
                                      .append(sql::kFileColumns)
                                      .append(") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING");
  Params params;
  sql::put_file(params, file);
  connection.run(text, params);
}

std::optional<file::File> find_file(Connection& connection, const file::FileId& id) {
  static const std::string text = select_file("");
  Params params;
  params.uuid(id.value());
  return take_one(connection.run(text, params));
}

std::optional<file::File> readable_file(Connection& connection, const file::FileId& id, const account::UserId& reader) {
  static const std::string text =
      select_file(R"(AND (f."ownerId" = $2 OR EXISTS (SELECT 1 FROM)").append(sql::kAttachedTo).append(R"(m."userId" = $2)))");
  Params params;
  params.uuid(id.value());
  params.uuid(reader.value());
  return take_one(connection.run(text, params));
}

void insert_attachment(Connection& connection, const store::MessageId& message, const file::FileId& file) {
  Params params;
  params.uuid(file.value());
  params.uuid(message.value());
  connection.run(R"(INSERT INTO message_attachments ("fileId", "messageId") VALUES ($1, $2) ON CONFLICT DO NOTHING)", params);
}

}  // namespace belfry::postgres
