// Reading a request head (RFC 9112 2-5). Every rule here refuses something that two readers could take differently.
#include <algorithm>
#include <array>
#include <charconv>

#include "wire/http/request.hpp"
#include "wire/http/text.hpp"

namespace belfry::http {
namespace {

// RFC 9112 2.1: the head ends with an empty line.
constexpr std::string_view kEndOfHead = "\r\n\r\n";
// RFC 9112 3: what a request line holds beside its target: a method, two blanks and " HTTP/1.1". The longest method that is
// registered has 17 letters (RFC 4437 7); a longer line is refused as a long target would be, before its end is seen.
constexpr std::size_t kMaxBesideTarget = 64;

/// RFC 9110 9.3, and PATCH (RFC 5789 2). Any other token is a method too (9.1), which no route of ours has: the route answers it.
Method method_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, Method>, 7> kMethods{{{"GET", Method::get},
                                                                         {"POST", Method::post},
                                                                         {"HEAD", Method::head},
                                                                         {"OPTIONS", Method::options},
                                                                         {"PUT", Method::put},
                                                                         {"PATCH", Method::patch},
                                                                         {"DELETE", Method::del}}};
  const auto found = std::ranges::find(kMethods, text, [](const auto& entry) { return entry.first; });
  return found == kMethods.end() ? Method::other : found->second;
}

/// RFC 3986 2 allows fewer characters, but browsers send some of the others as they are ("|"). What we refuse could end the
/// target for another reader, or is no ASCII.
bool is_target_character(char c) { return c > 0x20 && c < 0x7F; }

/// absolute-form (RFC 9112 3.2.2) is reduced to the origin-form it stands for.
std::optional<std::string_view> origin_form(std::string_view target, Method method) {
  if (target.starts_with('/')) return target;                                                  // 3.2.1
  if (target == "*") return method == Method::options ? std::optional(target) : std::nullopt;  // 3.2.4
  const std::size_t scheme = target.find("://");
  const std::string_view name = target.substr(0, scheme);
  if (scheme == std::string_view::npos || !(equals_ignoring_case(name, "http") || equals_ignoring_case(name, "https")))
    return std::nullopt;
  const std::string_view rest = target.substr(scheme + 3);
  const std::size_t authority = std::min(rest.find_first_of("/?"), rest.size());
  if (authority == 0) return std::nullopt;  // RFC 9110 4.2.1: a host MUST stand there
  if (authority == rest.size()) return "/";
  // Nobody sends a query behind an empty path, and its origin-form would be no view of the input.
  return rest[authority] == '/' ? std::optional(rest.substr(authority)) : std::nullopt;
}

/// RFC 9112 3: three parts and one blank between each. We do not forgive more blanks, as that section lets a server do.
Expected<void, Refusal> read_request_line(std::string_view line, const Limits& limits, Request& request) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos) return unexpected(Refusal::bad_request_line);
  const std::size_t second = line.find(' ', first + 1);
  if (second == std::string_view::npos || line.find(' ', second + 1) != std::string_view::npos)
    return unexpected(Refusal::bad_request_line);
  request.method_text = line.substr(0, first);
  if (request.method_text.empty() || !std::ranges::all_of(request.method_text, is_token_character))
    return unexpected(Refusal::bad_request_line);
  request.method = method_of(request.method_text);
  const std::string_view target = line.substr(first + 1, second - first - 1);
  if (target.size() > limits.max_target) return unexpected(Refusal::target_too_long);
  if (target.empty() || !std::ranges::all_of(target, is_target_character)) return unexpected(Refusal::bad_target);
  // RFC 9112 2.3: letters as they stand. RFC 9110 6.2 would have HTTP/1.2 read as 1.1; nobody sends it, so we take no such risk.
  const std::string_view version = line.substr(second + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return unexpected(version.starts_with("HTTP/") ? Refusal::bad_version : Refusal::bad_request_line);
  request.minor_version = version.back() - '0';
  const auto origin = origin_form(target, request.method);
  if (!origin) return unexpected(Refusal::bad_target);
  request.target = *origin;
  const std::size_t question = origin->find('?');
  request.path = origin->substr(0, question);
  request.query = question == std::string_view::npos ? std::string_view{} : origin->substr(question + 1);
  // RFC 9112 3.2: no form of a target has a fragment.
  if (const std::size_t hash = request.target.find('#'); hash != std::string_view::npos) return unexpected(Refusal::bad_target);
  return {};
}

Expected<void, Refusal> read_header(std::string_view line, const Limits& limits, Request& request) {
  // A blank first is obs-fold, a blank before the colon hides a name from other readers (RFC 9112 5.1, 5.2). Neither is a
  // character of a name.
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return unexpected(Refusal::bad_header);
  const std::string_view name = line.substr(0, colon);
  if (!std::ranges::all_of(name, is_token_character)) return unexpected(Refusal::bad_header);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!std::ranges::all_of(value, is_value_character)) return unexpected(Refusal::bad_header);
  if (request.header_count == std::min(limits.max_headers, request.headers.size())) return unexpected(Refusal::too_many_headers);
  request.headers[request.header_count++] = {name, value};
  return {};
}

/// RFC 9110 7.2: a host of RFC 3986 3.2.2 and perhaps a port. Judged by its characters only: a blank, a slash, an "@" or a quote
/// is never part of one. Empty where the target has no authority.
bool is_host(std::string_view value) {
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=%:[]";
  return std::ranges::all_of(value, [&](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
  });
}

std::size_t count_of(const Request& request, std::string_view name) {
  const auto headers = request.all_headers();
  return static_cast<std::size_t>(
      std::ranges::count_if(headers, [&](const Header& header) { return equals_ignoring_case(header.name, name); }));
}

/// How long the body is: RFC 9112 6.3, and nothing that leaves it open to doubt. 6.1 lets chunked win over a Content-Length,
/// and 6.3 lets equal lengths be one; we refuse both, since a proxy before us may have chosen the other.
Expected<void, Refusal> read_framing(Request& request) {
  const std::size_t lengths = count_of(request, "content-length");
  const std::size_t codings = count_of(request, "transfer-encoding");
  if (lengths + codings > 1) return unexpected(Refusal::ambiguous_length);
  if (codings == 1) {
    if (request.minor_version == 0) return unexpected(Refusal::ambiguous_length);  // 6.1: faulty framing
    if (!equals_ignoring_case(request.header("transfer-encoding").value_or(""), "chunked"))
      return unexpected(Refusal::unsupported_transfer_coding);
    request.chunked = true;
  }
  if (lengths == 0) return {};
  const std::string_view text = request.header("content-length").value_or("");
  std::size_t length = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), length);
  // RFC 9110 8.6: digits only. from_chars takes a sign too.
  const bool digits = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || read.ec == std::errc::invalid_argument) return unexpected(Refusal::ambiguous_length);
  if (read.ec == std::errc::result_out_of_range) return unexpected(Refusal::body_too_large);
  request.content_length = length;
  return {};
}

Expected<void, Refusal> read_lines(std::string_view head, const Limits& limits, Request& request) {
  const std::size_t line_end = head.find("\r\n");
  if (const auto read = read_request_line(head.substr(0, line_end), limits, request); !read) return read;
  head.remove_prefix(line_end + 2);
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    if (const auto read = read_header(head.substr(0, end), limits, request); !read) return read;
    head.remove_prefix(end + 2);
  }
  // RFC 9112 3.2: a 1.1 client MUST send one, and two are refused whatever the version, as is one that is no host.
  const std::size_t hosts = count_of(request, "host");
  if (hosts > 1 || (hosts == 0 && request.minor_version == 1)) return unexpected(Refusal::missing_host);
  if (!is_host(request.header("host").value_or(""))) return unexpected(Refusal::missing_host);
  return read_framing(request);
}

/// Neither part of a request line nor of the start of one: a TLS hello, a bare LF, a NUL. Waiting would end in a time-out.
bool is_foreign(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r'; }

/// While the head is not complete: what can never become one is refused at once. Looks only at what is new.
Expected<bool, Refusal> judge_incomplete(std::string_view input, const Limits& limits, Progress& progress) {
  if (!progress.past_request_line) {
    const std::size_t line_end = input.find("\r\n", progress.searched - std::min<std::size_t>(progress.searched, 1));
    progress.past_request_line = line_end != std::string_view::npos;
    if (!progress.past_request_line && input.size() > limits.max_target + kMaxBesideTarget)
      return unexpected(Refusal::target_too_long);
    const std::string_view line = input.substr(0, line_end);
    if (std::ranges::any_of(line.substr(std::min(progress.searched, line.size())), is_foreign))
      return unexpected(Refusal::bad_request_line);
  }
  if (input.size() >= limits.max_head + kEndOfHead.size()) return unexpected(Refusal::head_too_large);
  progress.searched = input.size();
  return false;
}

}  // namespace

Expected<bool, Refusal> read_head(Bytes input, const Limits& limits, Request& request, Progress& progress) {
  std::string_view text = as_text(input).substr(progress.skipped);
  while (text.starts_with("\r\n")) {  // 9112 2.2: left over from a request before
    text.remove_prefix(2);
    progress.skipped += 2;
    progress.searched = 0;
  }
  if (progress.skipped > limits.max_head) return unexpected(Refusal::bad_request_line);
  const std::size_t from = progress.searched - std::min(progress.searched, kEndOfHead.size() - 1);
  const std::size_t end = text.substr(0, limits.max_head + kEndOfHead.size()).find(kEndOfHead, from);
  if (end == std::string_view::npos) return judge_incomplete(text, limits, progress);
  Request fresh;
  if (const auto read = read_lines(text.substr(0, end + 2), limits, fresh); !read) return unexpected(read.error());
  // RFC 9112 9.3; a `close` beside `keep-alive` wins in 1.1.
  fresh.keep_alive =
      fresh.minor_version == 1 ? !fresh.has_token("connection", "close") : fresh.has_token("connection", "keep-alive");
  // RFC 9110 10.1.1: ignored in a 1.0 request.
  fresh.expects_continue = fresh.minor_version == 1 && fresh.has_token("expect", "100-continue");
  fresh.head_size = progress.skipped + end + kEndOfHead.size();
  progress.head_size = fresh.head_size;
  progress.length = fresh.content_length.value_or(0);
  progress.chunked = fresh.chunked;
  request = fresh;
  return true;
}

}  // namespace belfry::http
