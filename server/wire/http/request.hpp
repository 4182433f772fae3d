// HTTP/1.1 requests (RFC 9112), read strictly from the caller's buffer: what two readers could understand differently
// (obs-fold, bare CR or LF, blanks before a colon, both Content-Length and Transfer-Encoding, several lengths) is refused, since
// such requests are how one connection smuggles a second. Pure; views into the buffer. Not here: routes (gateway/), time-outs
// (protocol/).
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

// Ours: more than a browser behind proxies sends; each is a slot in Request.
constexpr std::size_t kMaxHeaders = 64;

struct Limits {
  std::size_t max_head = 16 * 1024;   // request line and headers; 431 beyond (414 when the target alone is longer)
  std::size_t max_target = 8 * 1024;  // RFC 9112 3 recommends at least 8000 bytes of request line
  std::size_t max_headers = kMaxHeaders;
  std::size_t max_body = 1'000'000;  // after de-chunking; 413 beyond. As long as a WebSocket message may be
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
  std::array<Header, kMaxHeaders> headers{};
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

/// The rule that a request breaks, by its section of RFC 9112 where no other is named. The answer is `status(refusal)`, and then
/// the connection closes: after a head that was read wrong, the next one cannot be found for certain.
enum class Refusal : std::uint8_t {
  bad_request_line,             // 3: three parts, one blank between each; 3.1: the method is a token
  bad_version,                  // 2.3: HTTP/1.0 and HTTP/1.1 only
  bad_target,                   // 3.2
  bad_header,                   // 5.1: no blank before the colon; 5.2: no folding; RFC 9110 5.5: no control characters
  missing_host,                 // 3.2: none, several, or one that is no host
  ambiguous_length,             // 6.1, 6.3: stricter than these, which let one of two lengths win
  unsupported_transfer_coding,  // 6.1
  target_too_long,              // 3
  head_too_large,               // RFC 6585 5
  too_many_headers,             // RFC 6585 5
  body_too_large,               // RFC 9110 15.5.14
  bad_chunk,                    // 7.1
};
[[nodiscard]] int status(Refusal refusal);
/// What the sender must correct, in a sentence.
[[nodiscard]] std::string_view explain(Refusal refusal);

/// Where reading of a chunked body stands, from its first byte.
struct ChunkProgress {
  enum class Part : std::uint8_t { chunks, trailers, done };
  Part part = Part::chunks;
  std::size_t at = 0;        // what has not been read yet starts here: a chunk's size line, or a trailer
  std::size_t searched = 0;  // of the trailer: it does not end before here
  std::size_t payload = 0;   // bytes of all chunks so far
  std::size_t framing = 0;   // bytes around them
  std::size_t trailers = 0;  // bytes
};

/// Where reading stands in one request that comes in pieces, so that no byte is looked at again for each piece: a client that
/// sends single bytes would else pay for one and let us read all. Fresh for each request. The pieces are shown together, from the
/// request's first byte.
struct Progress {
  std::size_t skipped = 0;   // CRLFs before the request line
  std::size_t searched = 0;  // behind them: the head does not end before here
  bool past_request_line = false;
  std::size_t head_size = 0;  // 0: the head is not complete
  std::size_t length = 0;     // of a body by length
  bool chunked = false;
  ChunkProgress chunks;
};

/// False: the head is not complete yet. Fills `request` only on success. CRLFs before the request line are skipped (9112 2.2)
/// and counted in head_size.
[[nodiscard]] Expected<bool, Refusal> read_head(Bytes input, const Limits& limits, Request& request, Progress& progress);
[[nodiscard]] inline Expected<bool, Refusal> read_head(Bytes input, const Limits& limits, Request& request) {
  Progress progress;
  return read_head(input, limits, request, progress);
}

/// Behind a head that is complete: is the body? `input` starts at the request's first byte.
[[nodiscard]] Expected<bool, Refusal> body_is_complete(Bytes input, const Limits& limits, Progress& progress);

/// What stands behind the head. `complete` false: more bytes are needed. For a body by length, `body` views the input; a
/// chunked one is joined into `scratch`. Trailers are read and dropped, and count against max_head.
struct Body {
  bool complete = false;
  Bytes body;
  std::size_t consumed = 0;  // bytes behind the head that belong to this request, when complete
};
[[nodiscard]] Expected<Body, Refusal> read_body(Bytes input, const Limits& limits, std::string& scratch, Progress& progress);

/// The value of `name` in a query string, by the URL Standard (url.spec.whatwg.org): 5.1, `+` is a blank and the rest is
/// percent-decoded; 6.2 "get()", of several with that name the first counts. nullopt when absent or, stricter than 5.1, badly
/// encoded.
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);
/// The value of a cookie in a Cookie header (RFC 6265 4.2.1), of several with that name the first.
[[nodiscard]] std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name);
/// Percent-decoding of a path; nullopt on a bad escape or an encoded NUL or slash.
[[nodiscard]] std::optional<std::string> decode_path(std::string_view path);

}  // namespace belfry::http
