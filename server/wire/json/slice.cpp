// Cutting validated JSON text. Every function here may rely on the text being well-formed: no bounds are checked twice.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "wire/json/json.hpp"
#include "wire/json/kind.hpp"

namespace belfry::json {
namespace {

/// Steps through a value by looking at every character.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  void skip_blank() {
    while (at_ != end_ && is_blank(*at_)) ++at_;
  }
  /// Steps over one punctuation character and the blanks around it.
  void skip_mark() {
    ++at_;
    skip_blank();
  }
  [[nodiscard]] bool at_mark(char mark) const { return *at_ == mark; }

  /// One whole value; the blanks behind it are skipped too.
  Slice value() {
    const char* const from = at_;
    const Kind kind = kind_of(*at_);
    switch (kind) {
      case Kind::string:
        skip_string();
        break;
      case Kind::array:
      case Kind::object:
        skip_nested();
        break;
      default:
        skip_word();
        break;
    }
    const Slice slice{kind, {from, static_cast<std::size_t>(at_ - from)}};
    skip_blank();
    return slice;
  }

 private:
  void skip_string() {
    ++at_;
    while (true) {
      at_ = next_quote();
      const char* before = at_;
      while (before[-1] == '\\') --before;
      ++at_;
      if ((at_ - 1 - before) % 2 == 0) return;  // an even run of backslashes does not escape the quote
    }
  }
  /// Eight bytes at a time: keys and values are short, and a call of memchr costs more than it finds. A session description
  /// is not: what is still no quote after a few words is memchr's.
  [[nodiscard]] const char* next_quote() const {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::ptrdiff_t kShort = 64;
    const char* at = at_;
    const char* const short_end = at + std::min(kShort, (end_ - at) & ~std::ptrdiff_t{7});
    for (; std::endian::native == std::endian::little && at != short_end; at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, 8);
      word ^= kOnes * '"';  // a quote becomes a zero byte; the lowest such bit below is exact
      const std::uint64_t zeros = (word - kOnes) & ~word & (kOnes << 7);
      if (zeros != 0) return at + (std::countr_zero(zeros) >> 3);
    }
    return static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end_ - at)));
  }
  void skip_nested() {
    std::size_t depth = 0;
    do {
      switch (*at_) {
        case '"':
          skip_string();
          continue;
        case '{':
        case '[':
          ++depth;
          break;
        case '}':
        case ']':
          --depth;
          break;
        default:
          break;
      }
      ++at_;
    } while (depth != 0);
  }
  void skip_word() {
    while (at_ != end_ && *at_ != ',' && *at_ != '}' && *at_ != ']' && !is_blank(*at_)) ++at_;
  }

  const char* at_;
  const char* end_;
};

/// Steps through a value from mark to mark.
class Walker {
 public:
  explicit Walker(Slice slice) : marks_(slice.marks), at_(slice.marks->at + slice.mark), text_(slice.raw.data() - *at_) {}

  void skip_mark() { ++at_; }
  [[nodiscard]] bool at_mark(char mark) const { return text_[*at_] == mark; }

  Slice value() {
    const std::uint32_t* const own = at_;
    const Kind kind = kind_of(text_[*own]);
    const char* end = nullptr;
    if (kind == Kind::array || kind == Kind::object) {
      skip_nested();
      end = text_ + at_[-1] + 1;
    } else {
      ++at_;
      end = text_ + *at_;  // a comma, a colon or the closing mark
      while (is_blank(end[-1])) --end;
    }
    const char* const from = text_ + *own;
    return {kind,
            {from, static_cast<std::size_t>(end - from)},
            marks_,
            static_cast<std::uint32_t>(own - marks_->at),
            marks_->generation};
  }

 private:
  void skip_nested() {
    std::size_t depth = 0;
    do {
      switch (text_[*at_++]) {
        case '{':
        case '[':
          ++depth;
          break;
        case '}':
        case ']':
          --depth;
          break;
        default:
          break;
      }
    } while (depth != 0);
  }

  const Marks* marks_;
  const std::uint32_t* at_;
  const char* text_;  // what the marks count from
};

bool knows_its_marks(Slice slice) {
  return slice.marks != nullptr && slice.marks->generation == slice.generation && slice.marks->at != nullptr;
}

template <class Steps, class Each>
bool members_by(Steps scan, Each&& each) {
  scan.skip_mark();
  while (!scan.at_mark('}')) {
    const Slice key = scan.value();
    scan.skip_mark();  // the colon
    if (!each(key, scan.value())) return false;
    if (scan.at_mark(',')) scan.skip_mark();
  }
  return true;
}

/// Calls `each(key slice, value)` for every member, in order, until it returns false.
template <class Each>
bool for_each_member(Slice object, Each&& each) {
  return knows_its_marks(object) ? members_by(Walker(object), each) : members_by(Scanner(object.raw), each);
}

template <class Steps>
bool elements_by(Steps scan, std::vector<Slice>& out, std::size_t limit) {
  scan.skip_mark();
  while (!scan.at_mark(']')) {
    if (out.size() == limit) return false;
    out.push_back(scan.value());
    if (scan.at_mark(',')) scan.skip_mark();
  }
  return true;
}

/// A member's key as keys are compared: decoded, in `scratch` if it was written with escapes.
std::string_view decoded(Slice key, std::string& scratch) { return string_view_of(key, scratch).value_or(std::string_view{}); }

int hex_value(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

std::uint32_t code_unit(const char* digits) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 4 | static_cast<std::uint32_t>(hex_value(digits[i]));
  return value;
}

/// RFC 3629 3.
void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

/// One escape at `at` (the backslash); returns what stands behind it. RFC 8259 7: surrogates come in pairs (validated).
const char* append_escape(std::string& out, const char* at) {
  switch (at[1]) {
    case 'b':
      out.push_back('\b');
      return at + 2;
    case 'f':
      out.push_back('\f');
      return at + 2;
    case 'n':
      out.push_back('\n');
      return at + 2;
    case 'r':
      out.push_back('\r');
      return at + 2;
    case 't':
      out.push_back('\t');
      return at + 2;
    case 'u':
      break;
    default:
      out.push_back(at[1]);
      return at + 2;
  }
  const std::uint32_t unit = code_unit(at + 2);
  if (unit < 0xD800 || unit > 0xDBFF) {
    append_utf8(out, unit);
    return at + 6;
  }
  append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (code_unit(at + 8) - 0xDC00));
  return at + 12;
}

}  // namespace

bool elements(Slice array, std::vector<Slice>& out, std::size_t limit) {
  out.clear();
  return knows_its_marks(array) ? elements_by(Walker(array), out, limit) : elements_by(Scanner(array.raw), out, limit);
}

std::optional<Slice> member(Slice object, std::string_view key) {
  std::optional<Slice> found;
  members(object, {&key, 1}, {&found, 1});
  return found;
}

void members(Slice object, std::span<const std::string_view> keys, std::span<std::optional<Slice>> found) {
  std::string scratch;
  for_each_member(object, [&](Slice key, Slice value) {
    const std::string_view name = decoded(key, scratch);
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (name == keys[i]) found[i] = value;
    return true;
  });
}

bool entries(Slice object, std::vector<std::pair<Slice, Slice>>& out, std::size_t limit) {
  out.clear();
  return for_each_member(object, [&](Slice key, Slice value) {
    if (out.size() == limit) return false;
    out.emplace_back(key, value);
    return true;
  });
}

std::optional<std::string_view> string_view_of(Slice slice, std::string& scratch) {
  if (slice.kind != Kind::string) return std::nullopt;
  const std::string_view text = slice.raw.substr(1, slice.raw.size() - 2);
  std::size_t escape = text.find('\\');
  if (escape == std::string_view::npos) return text;
  scratch.assign(text.substr(0, escape));
  const char* const end = text.data() + text.size();
  for (const char* at = text.data() + escape; at != end;) {
    if (*at == '\\') {
      at = append_escape(scratch, at);
    } else {
      scratch.push_back(*at++);
    }
  }
  return scratch;
}

std::optional<std::string> string_value(Slice slice) {
  std::string scratch;
  const auto text = string_view_of(slice, scratch);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

std::optional<std::int64_t> integer_value(Slice slice) {
  if (slice.kind != Kind::number) return std::nullopt;
  std::int64_t value = 0;
  const char* const end = slice.raw.data() + slice.raw.size();
  const auto read = std::from_chars(slice.raw.data(), end, value);
  return read.ec == std::errc{} && read.ptr == end ? std::optional(value) : std::nullopt;
}

}  // namespace belfry::json
