// The attachments of a message as one column: they never change, so a page of messages needs no other table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/file/file.hpp"

namespace belfry::sql {

/// A line for each: id, type, size, width, height, 1 if there is a thumbnail, name; tabs between them. None of these contains a
/// control character (file::clean_name()).
[[nodiscard]] std::string attachments_text(const std::vector<file::FileInfo>& attachments);
/// Lines of another form are left out.
[[nodiscard]] std::vector<file::FileInfo> parse_attachments(std::string_view text);

}  // namespace belfry::sql
