// Receivers put attachments where JSON.parse of the text shows them a placeholder, so this check has to see what they will
// see: whatever the order, blanks or escapes of the keys. One pass without recursion: data may be a megabyte and 64 deep.
#include <algorithm>
#include <charconv>

#include "wire/socketio/packet.hpp"

namespace belfry::socketio {
namespace {

constexpr std::string_view kBlanks = " \t\n\r";  // RFC 8259 2
// Socket.IO v5 "Packet encoding": the member that says that an object stands for an attachment.
constexpr std::string_view kFlag = "_placeholder";

void skip_blanks(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size())); }

bool take(std::string_view& text, std::string_view token) {
  skip_blanks(text);
  if (!text.starts_with(token)) return false;
  text.remove_prefix(token.size());
  return true;
}

bool take_flag(std::string_view& text) { return take(text, R"("_placeholder")") && take(text, ":") && take(text, "true"); }

bool take_index(std::string_view& text, std::uint32_t attachments) {
  if (!take(text, R"("num")") || !take(text, ":")) return false;
  skip_blanks(text);
  std::uint32_t index = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (fault != std::errc{} || index >= attachments) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

/// How long the honest placeholder at the start of `text` is; 0: there is none. JavaScript clients write the flag first,
/// the Swift client writes a dictionary and so either.
std::size_t placeholder_size(std::string_view text, std::uint32_t attachments) {
  std::string_view rest = text;
  if (take(rest, "{") && take_flag(rest) && take(rest, ",") && take_index(rest, attachments) && take(rest, "}"))
    return text.size() - rest.size();
  rest = text;
  if (take(rest, "{") && take_index(rest, attachments) && take(rest, ",") && take_flag(rest) && take(rest, "}"))
    return text.size() - rest.size();
  return 0;
}

/// The string, with its quotes, at the start of validated `text`.
std::string_view quoted(std::string_view text) {
  std::size_t end = text.find_first_of("\"\\", 1);
  while (text[end] == '\\') end = text.find_first_of("\"\\", end + 2);
  return text.substr(0, end + 1);
}

bool is_flag_key(std::string_view string, std::string_view behind, std::string& scratch) {
  return take(behind, ":") && json::string_view_of({json::Kind::string, string}, scratch) == kFlag;
}

}  // namespace

bool placeholders_are_valid(json::Slice data, std::uint32_t attachments) {
  std::string scratch;
  std::string_view rest = data.raw;
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_of("{\""), rest.size()));
    if (rest.empty()) return true;
    if (rest.front() == '{') {
      rest.remove_prefix(std::max(placeholder_size(rest, attachments), std::size_t{1}));
      continue;
    }
    const std::string_view string = quoted(rest);
    rest.remove_prefix(string.size());
    if (is_flag_key(string, rest, scratch)) return false;
  }
}

}  // namespace belfry::socketio
