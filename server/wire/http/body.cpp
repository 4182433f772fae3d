// Request bodies: by length, or chunked (RFC 9112 7.1).
#include <charconv>

#include "wire/http/request.hpp"

namespace belfry::http {
namespace {

// Chunk extensions are read and ignored (7.1.1); more than this is somebody playing.
constexpr std::size_t kMaxChunkLine = 256;

/// Reads chunk after chunk from `rest`, which shrinks.
class ChunkReader {
 public:
  ChunkReader(std::string_view input, const Limits& limits, std::string& joined)
      : input_(input),
        rest_(input),
        limits_(limits),
        joined_(joined) {}

  Expected<Body, Refusal> read() {
    while (true) {
      const std::size_t line_end = rest_.find("\r\n");
      if (line_end == std::string_view::npos) {
        if (rest_.size() > kMaxChunkLine) return unexpected(Refusal::bad_chunk);
        return Body{};
      }
      const auto size = chunk_size(rest_.substr(0, line_end));
      if (!size) return unexpected(size.error());
      if (*size == 0) return trailers(line_end + 2);
      if (joined_.size() + *size > limits_.max_body) return unexpected(Refusal::body_too_large);
      const std::size_t whole = line_end + 2 + *size + 2;
      if (rest_.size() < whole) return Body{};
      if (rest_.substr(whole - 2, 2) != "\r\n") return unexpected(Refusal::bad_chunk);
      joined_.append(rest_.substr(line_end + 2, *size));
      rest_.remove_prefix(whole);
    }
  }

 private:
  Expected<std::size_t, Refusal> chunk_size(std::string_view line) const {
    if (line.size() > kMaxChunkLine) return unexpected(Refusal::bad_chunk);
    const std::string_view digits = line.substr(0, line.find(';'));
    std::size_t size = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
    if (read.ec == std::errc::result_out_of_range) return unexpected(Refusal::body_too_large);
    if (digits.empty() || read.ptr != digits.data() + digits.size()) return unexpected(Refusal::bad_chunk);
    return size;
  }

  /// Behind the last chunk: trailer lines, dropped, up to an empty one.
  Expected<Body, Refusal> trailers(std::size_t from) {
    std::string_view lines = rest_.substr(from);
    if (!lines.starts_with("\r\n")) {
      const std::size_t end = lines.find("\r\n\r\n");
      if (end == std::string_view::npos) {
        if (lines.size() > limits_.max_head) return unexpected(Refusal::head_too_large);
        return Body{};
      }
      lines.remove_prefix(end + 2);
    }
    lines.remove_prefix(2);
    return Body{true, as_bytes(joined_), input_.size() - lines.size()};
  }

  std::string_view input_;
  std::string_view rest_;
  const Limits& limits_;
  std::string& joined_;
};

}  // namespace

Expected<Body, Refusal> read_body(const Request& request, Bytes behind_head, const Limits& limits, std::string& scratch) {
  if (request.chunked) {
    scratch.clear();
    return ChunkReader(as_text(behind_head), limits, scratch).read();
  }
  const std::size_t length = request.content_length.value_or(0);
  if (length > limits.max_body) return unexpected(Refusal::body_too_large);
  if (behind_head.size() < length) return Body{};
  return Body{true, behind_head.first(length), length};
}

}  // namespace belfry::http
