#include "domain/call/description.hpp"

#include <charconv>
#include <optional>
#include <string>

namespace belfry::call {
namespace {

// ` [<size of json>,<json>,<candidates or null>]`. Whatever else is stored is a value as its sender wrote it, without blanks
// around it, so the leading blank says which of the two forms a text has.
constexpr std::string_view kOpening = " [", kNone = "null";

struct Range {
  std::size_t at, size;
};

/// Where `json` lies in such a text; nothing if the text has not that form.
std::optional<Range> range_of_json(std::string_view stored) {
  if (!stored.starts_with(kOpening) || !stored.ends_with(']')) return std::nullopt;
  std::size_t size = 0;
  const char* const first = stored.data() + kOpening.size();
  const auto [end, error] = std::from_chars(first, stored.data() + stored.size(), size);
  const auto at = static_cast<std::size_t>(end - stored.data()) + 1;
  const bool fits = error == std::errc{} && size != 0 && at < stored.size() && size < stored.size() - at;
  if (!fits || stored[at - 1] != ',' || stored[at + size] != ',') return std::nullopt;
  return Range{at, size};
}

}  // namespace

Description Description::with_candidates(std::string_view json, std::string_view candidates) {
  if (candidates.empty()) candidates = kNone;
  char digits[24];
  const auto [digits_end, error] = std::to_chars(digits, digits + sizeof digits, json.size());
  const std::string_view size(digits, static_cast<std::size_t>(digits_end - digits));
  Description made;
  made.json_at_ = kOpening.size() + size.size() + 1;
  made.json_size_ = json.size();
  made.size_ = made.json_at_ + json.size() + 1 + candidates.size() + 1;
  auto text = std::make_shared_for_overwrite<char[]>(made.size_);
  char* to = text.get();
  for (const std::string_view piece :
       {kOpening, size, std::string_view(","), json, std::string_view(","), candidates, std::string_view("]")}) {
    std::memcpy(to, piece.data(), piece.size());
    to += piece.size();
  }
  made.text_ = std::move(text);
  return made;
}

Description Description::of_stored(std::string_view stored) {
  Description read(stored);
  if (const auto range = range_of_json(stored)) {
    read.json_at_ = range->at;
    read.json_size_ = range->size;
  }
  return read;
}

std::string_view Description::candidates() const {
  if (json_at_ == 0) return {};
  std::string_view rest = stored().substr(json_at_ + json_size_ + 1);
  rest.remove_suffix(1);
  return rest == kNone ? std::string_view{} : rest;
}

}  // namespace belfry::call
