#include "wire/http/response.hpp"

#include <algorithm>
#include <array>

namespace belfry::http {
namespace {

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  if (!is_one_line(name) || !is_one_line(value)) return;
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

// RFC 9110 15, RFC 6585 3 to 5. Clients ignore the phrase (RFC 9112 4); it is for people who read a trace.
std::string_view reason_phrase(int status) {
  constexpr std::array<std::pair<int, std::string_view>, 26> kPhrases{{{200, "OK"},
                                                                       {201, "Created"},
                                                                       {202, "Accepted"},
                                                                       {204, "No Content"},
                                                                       {206, "Partial Content"},
                                                                       {302, "Found"},
                                                                       {304, "Not Modified"},
                                                                       {308, "Permanent Redirect"},
                                                                       {400, "Bad Request"},
                                                                       {401, "Unauthorized"},
                                                                       {403, "Forbidden"},
                                                                       {404, "Not Found"},
                                                                       {405, "Method Not Allowed"},
                                                                       {408, "Request Timeout"},
                                                                       {409, "Conflict"},
                                                                       {413, "Content Too Large"},
                                                                       {414, "URI Too Long"},
                                                                       {415, "Unsupported Media Type"},
                                                                       {416, "Range Not Satisfiable"},
                                                                       {426, "Upgrade Required"},
                                                                       {429, "Too Many Requests"},
                                                                       {431, "Request Header Fields Too Large"},
                                                                       {500, "Internal Server Error"},
                                                                       {501, "Not Implemented"},
                                                                       {503, "Service Unavailable"},
                                                                       {505, "HTTP Version Not Supported"}}};
  const auto found = std::ranges::find(kPhrases, status, [](const auto& entry) { return entry.first; });
  return found == kPhrases.end() ? "Unknown" : found->second;
}

void append_response(std::string& out, const Response& response, KeepAlive keep_alive, WithBody with_body) {
  out.append("HTTP/1.1 ")
      .append(std::to_string(response.status))
      .append(" ")
      .append(reason_phrase(response.status))
      .append("\r\n");
  if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
  for (const Header& header : response.extra_headers) append_header(out, header.name, header.value);
  // RFC 9110 8.6: no Content-Length in a 204; a 304's would be that of the 200.
  if (response.status != 204 && response.status != 304)
    append_header(out, "Content-Length", std::to_string(response.body.size()));
  append_header(out, "Connection", keep_alive == KeepAlive::yes ? "keep-alive" : "close");
  out += "\r\n";
  if (with_body == WithBody::yes && response.status != 204 && response.status != 304) out.append(response.body);
}

}  // namespace belfry::http
