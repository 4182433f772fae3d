#include "adapters/sql/attachments_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

namespace belfry::sql {
namespace {

constexpr std::size_t kFields = 7;

template <class Number>
bool read(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

std::optional<file::FileInfo> parse_line(std::string_view line) {
  std::array<std::string_view, kFields> fields;
  for (std::size_t i = 0; i + 1 < kFields; ++i) {
    const std::size_t end = line.find('\t');
    if (end == std::string_view::npos) return std::nullopt;
    fields[i] = line.substr(0, end);
    line.remove_prefix(end + 1);
  }
  const auto id = parse_uuid(fields[0]);
  file::FileInfo info{.name = std::string(line), .mime = std::string(fields[1]), .has_thumbnail = fields[5] == "1"};
  if (!id || !read(fields[2], info.size) || !read(fields[3], info.width) || !read(fields[4], info.height)) return std::nullopt;
  info.id = file::FileId(*id);
  return info;
}

}  // namespace

std::string attachments_text(const std::vector<file::FileInfo>& attachments) {
  std::string text;
  for (const file::FileInfo& each : attachments) {
    text.append(belfry::to_text(each.id.value())).append("\t").append(each.mime).append("\t");
    text.append(std::to_string(each.size)).append("\t").append(std::to_string(each.width)).append("\t");
    text.append(std::to_string(each.height)).append(each.has_thumbnail ? "\t1\t" : "\t0\t").append(each.name).append("\n");
  }
  return text;
}

std::vector<file::FileInfo> parse_attachments(std::string_view text) {
  std::vector<file::FileInfo> attachments;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (auto info = parse_line(text.substr(0, end))) attachments.push_back(*std::move(info));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return attachments;
}

}  // namespace belfry::sql
