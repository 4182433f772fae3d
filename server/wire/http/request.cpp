#include "wire/http/request.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "wire/http/text.hpp"

namespace belfry::http {

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Header& header : all_headers())
    if (equals_ignoring_case(header.name, name)) return header.value;
  return std::nullopt;
}

bool Request::has_token(std::string_view name, std::string_view token) const {
  for (const Header& header : all_headers()) {
    if (!equals_ignoring_case(header.name, name)) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const std::size_t comma = rest.find(',');
      if (equals_ignoring_case(trimmed(rest.substr(0, comma)), token)) return true;
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    }
  }
  return false;
}

std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    const std::string_view pair = trimmed(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') return pair.substr(name.size() + 1);
  }
  return std::nullopt;
}

int status(Refusal refusal) {
  switch (refusal) {
    case Refusal::bad_request_line:
    case Refusal::bad_target:
    case Refusal::bad_header:
    case Refusal::missing_host:
    case Refusal::ambiguous_length:
    case Refusal::bad_chunk:
      return 400;
    case Refusal::body_too_large:
      return 413;
    case Refusal::target_too_long:
      return 414;
    case Refusal::head_too_large:
    case Refusal::too_many_headers:
      return 431;
    case Refusal::unsupported_transfer_coding:
      return 501;
    case Refusal::bad_version:
      return 505;
  }
  CHECK(false, "a refusal without its status");
}

std::string_view explain(Refusal refusal) {
  switch (refusal) {
    case Refusal::bad_request_line:
      return "The first line is no HTTP request line: METHOD target HTTP/1.1";
    case Refusal::bad_version:
      return "Only HTTP/1.1 and HTTP/1.0 are spoken here";
    case Refusal::bad_target:
      return "The request target must be a path such as /users";
    case Refusal::bad_header:
      return "A header line is malformed; each is one line, Name: value";
    case Refusal::missing_host:
      return "An HTTP/1.1 request needs exactly one Host header, which names a host";
    case Refusal::ambiguous_length:
      return "The body's length must be given once, by Content-Length or by chunked coding";
    case Refusal::unsupported_transfer_coding:
      return "The only transfer coding known here is chunked";
    case Refusal::target_too_long:
      return "The request target is too long";
    case Refusal::head_too_large:
      return "The request head is too large";
    case Refusal::too_many_headers:
      return "The request has too many headers";
    case Refusal::body_too_large:
      return "The request body is too large";
    case Refusal::bad_chunk:
      return "The chunked body is malformed";
  }
  CHECK(false, "a refusal without its words");
}

}  // namespace belfry::http
