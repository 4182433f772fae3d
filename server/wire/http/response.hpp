// HTTP/1.1 answers: status line, headers and body appended to an output buffer. A header whose name or value holds CR, LF or NUL
// is left out rather than split into two (RFC 9112 11.1): a peer's text may be in it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "wire/http/request.hpp"

namespace belfry::http {

/// "Not Found" for 404; "Unknown" for what we never send.
[[nodiscard]] std::string_view reason_phrase(int status);

enum class KeepAlive : bool { no, yes };
/// A HEAD request gets the headers of the GET, Content-Length included, and no body.
enum class WithBody : bool { no, yes };

struct Response {
  int status = 200;
  std::string_view content_type;  // empty: none sent
  std::string_view body;
  std::span<const Header> extra_headers{};
};

/// Appends the whole response with Content-Length and, when the connection will close, `Connection: close`.
void append_response(std::string& out, const Response& response, KeepAlive keep_alive, WithBody with_body = WithBody::yes);

}  // namespace belfry::http
