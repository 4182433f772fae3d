#include "wire/multipart/multipart.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "wire/http/text.hpp"

namespace belfry::multipart {
namespace {

// RFC 2046 5.1.1: "no longer than 70 characters".
constexpr std::size_t kMaxBoundary = 70;
// Ours: the head of a part is two or three lines; a name in it has at most a few hundred bytes.
constexpr std::size_t kMaxHead = 4096;
constexpr std::string_view kLineEnd = "\r\n", kForm = "multipart/form-data";  // RFC 7578 4.1

/// One parameter of a header, behind its semicolon.
struct Parameter {
  std::string_view name{};
  std::string value{};
};

/// RFC 9110 5.5: a value with NUL, CR or LF is invalid; of the other control characters a recipient may retain those in a quoted
/// string. Browsers write them as they are in the name of a file.
bool is_quoted_character(char c) { return c != '\0' && c != '\r' && c != '\n'; }

/// `; name=value` or `; name="value"` off `rest`. In a quoted value browsers write %22, %0D and %0A for a quote and a line end
/// (HTML, "multipart/form-data encoding algorithm"), others a backslash before a quote or a backslash (RFC 9110 5.6.4).
std::optional<Parameter> take_parameter(std::string_view& rest) {
  rest = http::trimmed(rest);
  if (rest.empty() || rest.front() != ';') return std::nullopt;
  rest = http::trimmed(rest.substr(1));
  const std::size_t equals = rest.find('=');
  if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
  Parameter taken{.name = rest.substr(0, equals)};
  if (!std::ranges::all_of(taken.name, http::is_token_character)) return std::nullopt;
  rest.remove_prefix(equals + 1);
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find_first_of("; \t"), rest.size());
    taken.value = rest.substr(0, end);
    if (!std::ranges::all_of(taken.value, http::is_value_character)) return std::nullopt;
    rest.remove_prefix(end);
    return taken;
  }
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] == '"') {
      rest.remove_prefix(at + 1);
      return taken;
    }
    const bool escapes = rest[at] == '\\' && at + 1 < rest.size() && (rest[at + 1] == '"' || rest[at + 1] == '\\');
    if (escapes) ++at;
    if (!is_quoted_character(rest[at])) return std::nullopt;
    taken.value.push_back(rest[at]);
  }
  return std::nullopt;  // the quote is not closed
}

std::optional<std::string> boundary_of(std::string_view content_type) {
  if (!is_form(content_type)) return std::nullopt;
  std::string_view rest = content_type.substr(kForm.size());
  while (auto parameter = take_parameter(rest)) {
    if (!http::equals_ignoring_case(parameter->name, "boundary")) continue;
    const std::string& value = parameter->value;
    const bool fine = !value.empty() && value.size() <= kMaxBoundary && value.back() != ' ' &&
                      std::ranges::all_of(value, [](char c) { return c >= 0x20 && c < 0x7F; });
    return fine ? std::optional(std::move(parameter->value)) : std::nullopt;
  }
  return std::nullopt;
}

std::string decoded(std::string_view text) {
  // HTML, "multipart/form-data encoding algorithm"
  constexpr std::array<std::pair<std::string_view, char>, 3> kWritten = {{{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}}};
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const auto* const found =
        std::ranges::find_if(kWritten, [&](const auto& each) { return text.substr(at).starts_with(each.first); });
    plain.push_back(found == kWritten.end() ? text[at] : found->second);
    at += found == kWritten.end() ? 1 : found->first.size();
  }
  return plain;
}

/// RFC 7578 4.2: Content-Disposition names the field, and of a file its name. 4.7: other headers are ignored, the type too.
bool read_line(std::string_view line, Part& part, bool& named) {
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  if (!std::ranges::all_of(line.substr(0, colon), http::is_token_character)) return false;
  if (!http::equals_ignoring_case(line.substr(0, colon), "content-disposition"))
    return std::ranges::all_of(line.substr(colon + 1), http::is_value_character);
  // RFC 7578 4.2
  constexpr std::string_view kDisposition = "form-data";
  std::string_view value = http::trimmed(line.substr(colon + 1));
  if (named || !http::equals_ignoring_case(value.substr(0, kDisposition.size()), kDisposition)) return false;
  value.remove_prefix(kDisposition.size());
  while (auto parameter = take_parameter(value)) {
    if (parameter->name == "name") {
      part.name = decoded(parameter->value);
      named = true;
    } else if (parameter->name == "filename") {
      part.file_name = decoded(parameter->value);
    }
  }
  return named && http::trimmed(value).empty();
}

/// `rest` is what stands between two boundaries, behind the line end of the first.
std::optional<Part> part_in(std::string_view rest) {
  Part part;
  bool named = false;
  const std::size_t start = rest.size();
  while (!rest.starts_with(kLineEnd)) {
    const std::size_t end = rest.substr(0, kMaxHead).find(kLineEnd);
    if (end == std::string_view::npos || start - rest.size() > kMaxHead) return std::nullopt;
    if (!read_line(rest.substr(0, end), part, named)) return std::nullopt;
    rest.remove_prefix(end + kLineEnd.size());
  }
  if (!named) return std::nullopt;
  part.content = rest.substr(kLineEnd.size());
  return part;
}

}  // namespace

bool is_form(std::string_view content_type) {
  if (!http::equals_ignoring_case(content_type.substr(0, kForm.size()), kForm)) return false;
  const std::string_view rest = content_type.substr(std::min(kForm.size(), content_type.size()));
  return rest.empty() || rest.front() == ';' || rest.front() == ' ' || rest.front() == '\t';
}

Expected<std::vector<Part>, Fault> parse(std::string_view content_type, std::string_view body) {
  const auto boundary = boundary_of(content_type);
  if (!boundary) return unexpected(Fault::no_boundary);
  const std::string first = "--" + *boundary, delimiter = "\r\n" + first;
  std::vector<Part> parts;
  if (!body.starts_with(first)) return unexpected(Fault::malformed);  // RFC 2046 lets text stand before it; no browser sends any
  body.remove_prefix(first.size());
  while (!body.starts_with("--")) {
    if (!body.starts_with(kLineEnd)) return unexpected(Fault::malformed);
    body.remove_prefix(kLineEnd.size());
    const std::size_t end = body.find(delimiter);
    if (end == std::string_view::npos) return unexpected(Fault::malformed);
    if (parts.size() == kMaxParts) return unexpected(Fault::too_many);
    auto part = part_in(body.substr(0, end));
    if (!part) return unexpected(Fault::malformed);
    parts.push_back(*std::move(part));
    body.remove_prefix(end + delimiter.size());
  }
  // RFC 2046 5.1.1: what follows the last boundary is ignored.
  return parts;
}

}  // namespace belfry::multipart
