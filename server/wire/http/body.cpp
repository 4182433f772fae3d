// Request bodies: by length, or chunked (RFC 9112 7.1). A chunked body is walked through as it comes, and joined once it is
// whole.
#include <algorithm>
#include <charconv>

#include "base/check.hpp"
#include "wire/http/request.hpp"
#include "wire/http/text.hpp"

namespace belfry::http {
namespace {

using Part = ChunkProgress::Part;

// RFC 9112 7.1.1: chunk extensions are read and ignored, within a limit. No honest client sends more than this.
constexpr std::size_t kMaxChunkLine = 256;
// Size lines and line ends of one body. A client that writes single characters sends five bytes around each; everybody else stays
// far below, and what is kept of a body that is not whole stays near its payload.
constexpr std::size_t kMaxFraming = 256 * 1024;

/// A chunk's size line without its CRLF (RFC 9112 7.1). No blank behind the size, although 7.1.1 allows
/// one before a semicolon ("bad whitespace"): readers differ on it.
Expected<std::size_t, Refusal> chunk_size(std::string_view line) {
  const std::size_t digits = std::min(line.find(';'), line.size());
  // No bare CR, LF or NUL in an extension either: another reader might end the line there.
  if (line.size() > kMaxChunkLine || !std::ranges::all_of(line.substr(digits), is_value_character))
    return unexpected(Refusal::bad_chunk);
  std::size_t size = 0;
  const auto read = std::from_chars(line.data(), line.data() + digits, size, 16);
  if (read.ec == std::errc::result_out_of_range) return unexpected(Refusal::body_too_large);
  if (digits == 0 || read.ptr != line.data() + digits) return unexpected(Refusal::bad_chunk);
  return size;
}

/// RFC 9112 7.1.2: a field line, judged as those of the head are (5.1).
bool is_trailer(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != std::string_view::npos && colon != 0 && std::ranges::all_of(line.substr(0, colon), is_token_character) &&
         std::ranges::all_of(line.substr(colon + 1), is_value_character);
}

/// Goes on through a chunked body as far as it has come. Steps return false where more bytes are needed.
class ChunkWalk {
 public:
  ChunkWalk(std::string_view body, const Limits& limits, ChunkProgress& progress)
      : body_(body),
        limits_(limits),
        progress_(progress) {}

  Expected<bool, Refusal> go_on() {
    Expected<bool, Refusal> stepped = true;
    while (progress_.part != Part::done && stepped && *stepped) stepped = progress_.part == Part::chunks ? chunk() : trailer();
    return stepped;
  }

 private:
  Expected<bool, Refusal> chunk() {
    const std::string_view rest = body_.substr(progress_.at);
    const std::size_t line_end = rest.substr(0, kMaxChunkLine + 2).find("\r\n");
    if (line_end == std::string_view::npos) {
      if (rest.size() > kMaxChunkLine + 1) return unexpected(Refusal::bad_chunk);
      return false;
    }
    const auto size = chunk_size(rest.substr(0, line_end));
    if (!size) return unexpected(size.error());
    if (*size == 0) {
      progress_.part = Part::trailers;
      progress_.at += line_end + 2;
      return true;
    }
    if (*size > limits_.max_body - progress_.payload) return unexpected(Refusal::body_too_large);
    const std::size_t framing = line_end + 4;
    if (framing > kMaxFraming - progress_.framing) return unexpected(Refusal::bad_chunk);
    const std::size_t whole = framing + *size;
    if (rest.size() < whole) return false;
    // RFC 9112 7.1: chunk-data is as long as its size says, and a CRLF stands behind it.
    if (rest.substr(whole - 2, 2) != "\r\n") return unexpected(Refusal::bad_chunk);
    progress_.payload += *size;
    progress_.framing += framing;
    progress_.at += whole;
    return true;
  }

  /// Behind the last chunk: trailer lines, dropped, up to an empty one.
  Expected<bool, Refusal> trailer() {
    const std::string_view rest = body_.substr(progress_.at, limits_.max_head + 2);
    const std::size_t end = rest.find("\r\n", progress_.searched - std::min<std::size_t>(progress_.searched, 1));
    if (progress_.trailers + std::min(end, rest.size()) > limits_.max_head) return unexpected(Refusal::head_too_large);
    if (end == std::string_view::npos) {
      progress_.searched = rest.size();
      return false;
    }
    if (end == 0)
      progress_.part = Part::done;
    else if (!is_trailer(rest.substr(0, end)))
      return unexpected(Refusal::bad_header);
    progress_.searched = 0;
    progress_.trailers += end + 2;
    progress_.at += end + 2;
    return true;
  }

  std::string_view body_;
  const Limits& limits_;
  ChunkProgress& progress_;
};

/// A chunked body that has been walked through to its end.
void join(std::string_view body, std::size_t payload, std::string& joined) {
  joined.clear();
  joined.reserve(payload);
  while (joined.size() < payload) {
    const std::size_t line_end = body.find("\r\n");
    const std::size_t size = chunk_size(body.substr(0, line_end)).value_or(0);
    CHECK(size != 0, "the chunks have been walked through");
    joined.append(body.substr(line_end + 2, size));
    body.remove_prefix(line_end + 2 + size + 2);
  }
}

}  // namespace

Expected<bool, Refusal> body_is_complete(Bytes input, const Limits& limits, Progress& progress) {
  const Bytes behind_head = input.subspan(progress.head_size);
  if (progress.chunked) return ChunkWalk(as_text(behind_head), limits, progress.chunks).go_on();
  if (progress.length > limits.max_body) return unexpected(Refusal::body_too_large);
  return behind_head.size() >= progress.length;
}

Expected<Body, Refusal> read_body(Bytes input, const Limits& limits, std::string& scratch, Progress& progress) {
  const auto complete = body_is_complete(input, limits, progress);
  if (!complete) return unexpected(complete.error());
  if (!*complete) return Body{};
  const Bytes behind_head = input.subspan(progress.head_size);
  if (!progress.chunked) return Body{true, behind_head.first(progress.length), progress.length};
  join(as_text(behind_head), progress.chunks.payload, scratch);
  return Body{true, as_bytes(scratch), progress.chunks.at};
}

}  // namespace belfry::http
