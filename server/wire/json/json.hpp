// JSON as the wire needs it: validated once, then sliced. Bodies such as `offer`, `answer` and `candidate` are never
// re-serialised; they travel as the raw slice which the sender wrote (ARCHITECTURE 3.3). The Reader checks a whole text
// (syntax, UTF-8, depth) with simdjson; slices are cut from text that has passed, so cutting needs no second check.
// One Reader per shard thread: it keeps simdjson's buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/expected.hpp"

namespace belfry::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

/// Where the marks of the text that a Reader validated last stand in it: each of {}[]:, and the first character of each text,
/// number or word, in order. simdjson finds them on its way; cutting by them is several times cheaper than looking again.
struct Marks {
  const std::uint32_t* at = nullptr;
  std::uint32_t generation = 0;  // of the text they belong to
};

/// One value inside validated text: surrounding blanks removed, a string with its quotes. A view.
struct Slice {
  Kind kind = Kind::null;
  std::string_view raw;
  // Its own mark, if its Reader knows it. Good until that Reader validates another text, and noticed then: after that the
  // slice is cut by looking. The Reader must live.
  const Marks* marks = nullptr;
  std::uint32_t mark = 0;
  std::uint32_t generation = 0;
};

/// syntax: not JSON. too_deep: nested beyond kMaxDepth. bad_text: invalid UTF-8, or an escaped lone surrogate. bad_number: a
/// number outside what 64-bit integers and doubles hold; JSON.parse would round it, simdjson refuses, and nothing that
/// signaling sends needs it, so we refuse too (docs/decisions/0002-simdjson-validates-we-slice.md). Also more than
/// kMaxLongNumbers numbers of twenty or more digits: each costs as much as kilobytes of other text.
enum class Fault : std::uint8_t { syntax, too_deep, bad_text, bad_number };

/// JSON.stringify of anything a signaling client sends nests less than ten; 64 leaves room for metadata.
constexpr std::size_t kMaxDepth = 64;
/// Clients send hardly any. So many cost about a millisecond; a megabyte of them stopped a shard for 260 ms.
constexpr std::size_t kMaxLongNumbers = 256;

/// Far more elements or members than what clients send has. Who expects another number says so.
constexpr std::size_t kMaxParts = 256;

class Reader {
 public:
  Reader();
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// `text` is exactly one JSON value (blanks around it allowed). The slice views `text`.
  [[nodiscard]] Expected<Slice, Fault> validate(std::string_view text);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  Marks marks_;
};

/// The elements of a validated array, in order, into `out` (cleared first). Stops after `limit` and returns false if more.
[[nodiscard]] bool elements(Slice array, std::vector<Slice>& out, std::size_t limit = kMaxParts);
/// A member of a validated object by its decoded key; of duplicates the last, as JSON.parse has it. O(size).
[[nodiscard]] std::optional<Slice> member(Slice object, std::string_view key);
/// Several members in one pass: `found[i]` becomes the value of `keys[i]`, as member() would have it.
void members(Slice object, std::span<const std::string_view> keys, std::span<std::optional<Slice>> found);
/// Every member of a validated object as (key, value), in order, duplicates included, into `out` (cleared first). Stops after
/// `limit` and returns false if more.
[[nodiscard]] bool entries(Slice object, std::vector<std::pair<Slice, Slice>>& out, std::size_t limit = kMaxParts);
/// The decoded text of a validated string slice; nullopt if it is no string.
[[nodiscard]] std::optional<std::string> string_value(Slice slice);
/// The same without copying where the text has no escapes (the common case); else decoded into `scratch`.
[[nodiscard]] std::optional<std::string_view> string_view_of(Slice slice, std::string& scratch);
/// A validated number slice that is an integer in int64 range.
[[nodiscard]] std::optional<std::int64_t> integer_value(Slice slice);

/// Appends `text` (UTF-8) as a JSON string with quotes. Invalid UTF-8 becomes U+FFFD, so that the result is always JSON.
void append_quoted(std::string& out, std::string_view text);

}  // namespace belfry::json
