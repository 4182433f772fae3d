// HTTP/1.1 requests (RFC 9112), read strictly from the caller's buffer: what two readers could understand differently
// (obs-fold, bare CR or LF, blanks before a colon, both Content-Length and Transfer-Encoding, several lengths) is refused, since
// such requests are how one connection smuggles a second. Pure; views into the buffer. Not here: routes (gateway/), time-outs
// (session/).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/expected.hpp"

namespace belfry::http {

struct Limits {
  std::size_t max_head = 16 * 1024;  // request line and headers; 431 beyond (414 when the target alone is longer)
  std::size_t max_target = 8 * 1024;
  std::size_t max_headers = 64;
  std::size_t max_body = 1'000'000;  // after de-chunking; 413 beyond
};

enum class Method : std::uint8_t { get, head, post, put, del, patch, options, other };

struct Header {
  std::string_view name;   // as sent
  std::string_view value;  // blanks at both ends removed
};

/// Views into the input buffer.
struct Request {
  Method method = Method::other;
  std::string_view method_text;
  std::string_view target;  // as sent: origin-form, or `*` for OPTIONS. absolute-form is reduced to its origin-form
  std::string_view path;    // target up to `?`, not percent-decoded
  std::string_view query;   // behind `?`, may be empty
  int minor_version = 1;    // HTTP/1.0 or 1.1
  std::array<Header, 64> headers{};
  std::size_t header_count = 0;
  std::optional<std::size_t> content_length;
  bool chunked = false;
  bool keep_alive = true;  // from version and Connection
  bool expects_continue = false;
  std::size_t head_size = 0;  // bytes of the head, with its empty line

  /// First header of that name (ASCII case-insensitive), or nullopt.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// Does a comma-separated header hold this token (case-insensitive)? e.g. Connection: keep-alive, Upgrade
  [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const;
  [[nodiscard]] std::span<const Header> all_headers() const { return {headers.data(), header_count}; }
};

/// The answer is `status(refusal)` and then the connection closes.
enum class Refusal : std::uint8_t {
  bad_request_line,
  bad_version,
  bad_target,
  bad_header,
  missing_host,
  ambiguous_length,
  unsupported_transfer_coding,
  target_too_long,
  head_too_large,
  too_many_headers,
  body_too_large,
  bad_chunk,
};
[[nodiscard]] int status(Refusal refusal);
/// A sentence that tells the sender what to mend.
[[nodiscard]] std::string_view explain(Refusal refusal);

/// nullopt: the head is not complete yet. Fills `request` only on success. CRLFs before the request line are skipped (9112 2.2)
/// and counted in head_size.
[[nodiscard]] Expected<bool, Refusal> read_head(Bytes input, const Limits& limits, Request& request);

/// What stands behind the head. `complete` false: more bytes are needed. For a body by length, `body` views the input; a
/// chunked one is joined into `scratch`. Trailers are read and dropped, and count against max_head.
struct Body {
  bool complete = false;
  Bytes body;
  std::size_t consumed = 0;  // bytes behind the head that belong to this request, when complete
};
[[nodiscard]] Expected<Body, Refusal> read_body(const Request& request, Bytes behind_head, const Limits& limits,
                                                std::string& scratch);

/// The percent-decoded value of `name` in a query string; `+` is a blank. nullopt when absent or badly encoded.
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);
/// Percent-decoding of a path; nullopt on a bad escape or an encoded NUL or slash.
[[nodiscard]] std::optional<std::string> decode_path(std::string_view path);

}  // namespace belfry::http
