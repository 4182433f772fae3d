// Parts of a file (RFC 9110 14): what a Range header asks for, and what an answer says of the part that it has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace belfry::http {

/// whole: no range, several, another unit, or one that is malformed; a server may ignore each of these (14.2). none: there is no
/// such part, so the answer is a 416 (15.5.17).
struct Range {
  enum class Kind : std::uint8_t { whole, part, none };
  Kind kind = Kind::whole;
  std::size_t from = 0, size = 0;  // of a part
  friend bool operator==(const Range&, const Range&) = default;
};

/// `header`: the value of Range; empty if there is none.
[[nodiscard]] Range range_of(std::string_view header, std::size_t size);

/// The value of Content-Range: "bytes 0-99/1234", and for a 416 "bytes */1234".
[[nodiscard]] std::string content_range(const Range& range, std::size_t size);

}  // namespace belfry::http
