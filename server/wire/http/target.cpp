// Percent-decoding of paths (RFC 3986 2.1) and of queries (url.spec.whatwg.org, "URL Standard", 5.1).
#include <algorithm>

#include "wire/http/request.hpp"

namespace belfry::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// URL Standard 5.1: in a query "+" is a blank, as forms and URLSearchParams write it. RFC 3986 3.3: in a path it is itself.
enum class Plus { is_plus, is_blank };

std::optional<std::string> decode(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      decoded.push_back(text[i] == '+' && plus == Plus::is_blank ? ' ' : text[i]);
    }
  }
  return decoded;
}

}  // namespace

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    // Departure from URL Standard 5.1, which decodes names too: ours are plain ASCII, and no client escapes them.
    if (pair.substr(0, equals) == name)
      return decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), Plus::is_blank);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
  }
  return std::nullopt;
}

std::optional<std::string> decode_path(std::string_view path) {
  auto decoded = decode(path, Plus::is_plus);
  if (!decoded) return std::nullopt;
  // An encoded slash or NUL means one thing to us and another to a file system.
  if (decoded->find('\0') != std::string::npos) return std::nullopt;
  if (std::ranges::count(*decoded, '/') != std::ranges::count(path, '/')) return std::nullopt;
  return decoded;
}

}  // namespace belfry::http
