// A file in columns (call_columns.hpp describes `In` and `Out`).
#pragma once

#include <cstdint>
#include <string_view>

#include "domain/file/file.hpp"

namespace belfry::sql {

// Of `files f`; 9 values, in the order of put_file().
inline constexpr std::string_view kFileColumns =
    R"("id", "ownerId", "name", "mime", "size", "width", "height", "hasThumbnail", "createdAt")";
inline constexpr std::string_view kFileReadColumns =
    R"(f."id", f."ownerId", f."name", f."mime", f."size", f."width", f."height", f."hasThumbnail", f."createdAt")";
// The messages to which `files f` is attached and which `conversation_members m` may read; a condition on m follows.
inline constexpr std::string_view kAttachedTo =
    R"( message_attachments a JOIN messages g ON g."id" = a."messageId" AND g."deletedAt" IS NULL )"
    R"(JOIN conversation_members m ON m."conversationId" = g."conversationId" AND m."leftAt" IS NULL )"
    R"(AND m."joinedAfterSeq" < g."seq" WHERE a."fileId" = f."id" AND )";

template <class Out>
void put_file(Out& out, const file::File& file) {
  out.uuid(file.info.id.value());
  out.uuid(file.owner.value());
  out.text(file.info.name);
  out.text(file.info.mime);
  out.number(static_cast<std::int64_t>(file.info.size));
  out.number(file.info.width);
  out.number(file.info.height);
  out.flag(file.info.has_thumbnail);
  out.time(file.created);
}

template <class In>
[[nodiscard]] file::File take_file(In& in) {
  file::File file;
  file.info.id = file::FileId(in.uuid());
  file.owner = file::UserId(in.uuid());
  file.info.name = in.text();
  file.info.mime = in.text();
  file.info.size = static_cast<std::uint64_t>(in.number());
  file.info.width = static_cast<std::uint32_t>(in.number());
  file.info.height = static_cast<std::uint32_t>(in.number());
  file.info.has_thumbnail = in.flag();
  file.created = in.time();
  return file;
}

}  // namespace belfry::sql
