#include "gateway/api/file_answer.hpp"

#include <array>
#include <cstdio>

#include "wire/http/range.hpp"
#include "wire/media/sniff.hpp"

namespace belfry::gateway {
namespace {

/// RFC 8187 3.2.1: attr-char.
bool is_plain(char c) {
  constexpr std::string_view kMarks = "!#$&+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
}

}  // namespace

std::string disposition(std::string_view kind, std::string_view name) {
  std::string value(kind);
  if (name.empty()) return value;
  std::string plain, encoded;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    plain.push_back(byte < 0x20 || byte >= 0x7F || c == '"' || c == '\\' ? '_' : c);
    if (is_plain(c)) {
      encoded.push_back(c);
      continue;
    }
    std::array<char, 4> escape{};
    std::snprintf(escape.data(), escape.size(), "%%%02X", static_cast<unsigned>(byte));
    encoded += escape.data();
  }
  return value.append("; filename=\"").append(plain).append("\"; filename*=UTF-8''").append(encoded);
}

bool has_it_already(std::string_view if_none_match, std::string_view etag) {
  return if_none_match == "*" || (!if_none_match.empty() && if_none_match.find(etag) != std::string_view::npos);
}

protocol::HttpAnswer answer_file(const ServedFile& file, const Conditions& asked) {
  const bool shown = media::is_shown_inline(file.mime);
  protocol::HttpAnswer answer{.content_type = std::string(shown ? file.mime : "application/octet-stream")};
  answer.headers = {{"ETag", file.etag},
                    {"Cache-Control", std::string(file.caching)},
                    {"Accept-Ranges", "bytes"},
                    {"Content-Disposition", disposition(shown ? "inline" : "attachment", file.name)},
                    {"Content-Security-Policy", "default-src 'none'; sandbox"}};
  if (has_it_already(asked.if_none_match, file.etag)) {
    answer.status = 304;
    return answer;
  }
  const std::size_t size = file.bytes->size();
  const bool of_this = asked.if_range.empty() || asked.if_range == file.etag;  // RFC 9110 13.1.5
  const http::Range range = http::range_of(of_this ? asked.range : std::string_view{}, size);
  switch (range.kind) {
    case http::Range::Kind::whole:
      answer.shared = {.bytes = file.bytes, .from = 0, .size = size};
      break;
    case http::Range::Kind::part:
      answer.status = 206;
      answer.headers.emplace_back("Content-Range", http::content_range(range, size));
      answer.shared = {.bytes = file.bytes, .from = range.from, .size = range.size};
      break;
    case http::Range::Kind::none:
      answer.status = 416;
      answer.headers.emplace_back("Content-Range", http::content_range(range, size));
      break;
  }
  return answer;
}

}  // namespace belfry::gateway
